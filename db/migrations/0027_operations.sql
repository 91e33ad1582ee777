CREATE TABLE "staff_codes" (
	"session_id" text PRIMARY KEY NOT NULL,
	"code_hash" text NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);

CREATE TABLE "rate_limit_refusals" (
	"limit_name" text NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"refusals" integer NOT NULL,
	CONSTRAINT "rate_limit_refusals_pkey" PRIMARY KEY("hour","limit_name")
);

DROP INDEX "invoices_disputed";
ALTER TABLE "sessions" ADD COLUMN "staff_confirmed_at" timestamp with time zone;
ALTER TABLE "staff_codes" ADD CONSTRAINT "staff_codes_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE cascade ON UPDATE no action;
CREATE INDEX "disputes_to_answer" ON "disputes" USING btree ("due_at") WHERE status in ('needs_response', 'warning_needs_response');
ALTER TABLE "invoices" DROP COLUMN "disputed_at";
ALTER TABLE "invoices" DROP COLUMN "dispute_due_at";