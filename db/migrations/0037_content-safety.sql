CREATE TABLE "content_refusals" (
	"run_id" text PRIMARY KEY NOT NULL,
	"stage" text NOT NULL,
	"found_by" text NOT NULL,
	"found" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "content_refusals_stage" CHECK ("content_refusals"."stage" in ('input', 'output')),
	CONSTRAINT "content_refusals_by" CHECK ("content_refusals"."found_by" in ('words', 'model', 'unjudged'))
);

CREATE TABLE "missing_verdicts" (
	"day" date NOT NULL,
	"outcome" text NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "missing_verdicts_pkey" PRIMARY KEY("day","outcome")
);

CREATE TABLE "safety_settings" (
	"id" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"phrases" text[] DEFAULT '{}'::text[] NOT NULL,
	"asks_model" boolean DEFAULT true NOT NULL,
	"without_verdict" text DEFAULT 'pass' NOT NULL,
	"verdict_seconds" integer DEFAULT 5 NOT NULL,
	"version" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "safety_settings_one" CHECK ("safety_settings"."id"),
	CONSTRAINT "safety_settings_without" CHECK ("safety_settings"."without_verdict" in ('pass', 'refuse')),
	CONSTRAINT "safety_settings_seconds" CHECK ("safety_settings"."verdict_seconds" between 1 and 30)
);

ALTER TABLE "content_refusals" ADD CONSTRAINT "content_refusals_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;
CREATE INDEX "content_refusals_created" ON "content_refusals" USING btree ("created_at");