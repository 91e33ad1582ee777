CREATE TABLE "content_reports" (
	"id" text PRIMARY KEY NOT NULL,
	"run_id" text NOT NULL,
	"user_id" text NOT NULL,
	"reason" text NOT NULL,
	"words" text,
	"status" text DEFAULT 'open' NOT NULL,
	"decided_by" text,
	"decided_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "content_reports_once" UNIQUE("run_id","user_id"),
	CONSTRAINT "content_reports_status" CHECK ("content_reports"."status" in ('open', 'dismissed', 'removed')),
	CONSTRAINT "content_reports_decided" CHECK (("content_reports"."status" = 'open') = ("content_reports"."decided_at" is null))
);

ALTER TABLE "content_reports" ADD CONSTRAINT "content_reports_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "content_reports" ADD CONSTRAINT "content_reports_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;
CREATE INDEX "content_reports_open" ON "content_reports" USING btree ("created_at") WHERE status = 'open';
CREATE INDEX "content_reports_user" ON "content_reports" USING btree ("user_id");