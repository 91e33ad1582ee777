CREATE TABLE "flags" (
	"key" text PRIMARY KEY NOT NULL,
	"text" text NOT NULL,
	"state" text NOT NULL,
	"plans" text[] NOT NULL,
	"percent" integer NOT NULL,
	"accounts" text[] NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "flags_state" CHECK ("flags"."state" in ('off', 'on', 'rules')),
	CONSTRAINT "flags_percent" CHECK ("flags"."percent" between 0 and 100)
);
