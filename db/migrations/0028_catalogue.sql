CREATE TABLE "catalogue_drafts" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"base_version" integer NOT NULL,
	"revision" integer NOT NULL,
	"content" jsonb NOT NULL,
	"saved_by" text NOT NULL,
	"saved_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "catalogue_drafts_one" CHECK ("catalogue_drafts"."id" = 1)
);

CREATE TABLE "catalogue_editions" (
	"version" integer PRIMARY KEY NOT NULL,
	"content" jsonb NOT NULL,
	"published_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL
);

ALTER TABLE "prices" ADD COLUMN "sync_error" text;