CREATE TABLE "tool_revisions" (
	"slug" text NOT NULL,
	"revision" integer NOT NULL,
	"values" jsonb NOT NULL,
	"restored_from" integer,
	"author_id" text,
	"reason" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tool_revisions_slug_revision_pk" PRIMARY KEY("slug","revision")
);

CREATE TABLE "tool_settings" (
	"slug" text PRIMARY KEY NOT NULL,
	"revision" integer DEFAULT 0 NOT NULL,
	"draft" jsonb,
	"drafted_by" text,
	"drafted_at" timestamp with time zone
);

ALTER TABLE "runs" ADD COLUMN "tool_revision" integer DEFAULT 0 NOT NULL;
ALTER TABLE "runs" ADD COLUMN "trial" jsonb;
ALTER TABLE "runs" ADD COLUMN "units" jsonb;