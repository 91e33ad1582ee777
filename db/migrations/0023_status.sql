CREATE TABLE "funnel_days" (
	"day" date NOT NULL,
	"step" text NOT NULL,
	"people" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "funnel_days_pkey" PRIMARY KEY("day","step")
);

CREATE TABLE "tool_days" (
	"day" date NOT NULL,
	"tool" text NOT NULL,
	"runs" integer DEFAULT 0 NOT NULL,
	"succeeded" integer DEFAULT 0 NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	"canceled" integer DEFAULT 0 NOT NULL,
	"credits" bigint DEFAULT 0 NOT NULL,
	"timed" integer DEFAULT 0 NOT NULL,
	"run_ms" bigint DEFAULT 0 NOT NULL,
	"wait_ms" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "tool_days_pkey" PRIMARY KEY("day","tool")
);

CREATE TABLE "usage_days" (
	"day" date NOT NULL,
	"name" text NOT NULL,
	"what" text NOT NULL,
	"events" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "usage_days_pkey" PRIMARY KEY("day","name","what")
);

CREATE TABLE "incident_updates" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "incident_updates_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"incident_id" text NOT NULL,
	"state" text NOT NULL,
	"text_en" text NOT NULL,
	"text_zh" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE "incidents" (
	"id" text PRIMARY KEY NOT NULL,
	"part" text,
	"origin" text NOT NULL,
	"title_en" text,
	"title_zh" text,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"resolved_at" timestamp with time zone,
	CONSTRAINT "incidents_words" CHECK (("incidents"."title_en" is null) = ("incidents"."title_zh" is null))
);

CREATE TABLE "probe_days" (
	"part" text NOT NULL,
	"day" date NOT NULL,
	"up" integer DEFAULT 0 NOT NULL,
	"down" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "probe_days_pkey" PRIMARY KEY("part","day")
);

CREATE TABLE "probes" (
	"part" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"up" smallint NOT NULL,
	"ms" integer NOT NULL,
	"error" text,
	CONSTRAINT "probes_pkey" PRIMARY KEY("part","at"),
	CONSTRAINT "probes_up" CHECK ("probes"."up" in (0, 1))
);

ALTER TABLE "incident_updates" ADD CONSTRAINT "incident_updates_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE cascade ON UPDATE no action;
CREATE INDEX "incident_updates_incident" ON "incident_updates" USING btree ("incident_id","id");
CREATE INDEX "incidents_started" ON "incidents" USING btree ("started_at");
CREATE UNIQUE INDEX "incidents_probe_open" ON "incidents" USING btree ("part") WHERE origin = 'probe' and resolved_at is null;