CREATE TABLE "models" (
	"id" text PRIMARY KEY NOT NULL,
	"provider_id" text NOT NULL,
	"name" text NOT NULL,
	"label" text NOT NULL,
	"kind" text NOT NULL,
	"input_cost" bigint,
	"output_cost" bigint,
	"image_cost" bigint,
	"context_tokens" integer,
	"enabled" boolean DEFAULT true NOT NULL,
	"position" double precision NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"archived_at" timestamp with time zone,
	CONSTRAINT "models_kind" CHECK ("models"."kind" in ('text', 'image', 'moderation')),
	CONSTRAINT "models_costs" CHECK ("models"."input_cost" >= 0 and "models"."output_cost" >= 0 and "models"."image_cost" >= 0 and "models"."context_tokens" > 0)
);

CREATE TABLE "provider_seats" (
	"provider_id" text NOT NULL,
	"holder" text NOT NULL,
	"until" timestamp with time zone NOT NULL,
	CONSTRAINT "provider_seats_pkey" PRIMARY KEY("provider_id","holder")
);

CREATE TABLE "providers" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"base_url" text NOT NULL,
	"key" text,
	"key_hint" text,
	"enabled" boolean DEFAULT true NOT NULL,
	"max_concurrent" integer,
	"max_per_minute" integer,
	"failures" integer DEFAULT 0 NOT NULL,
	"rests_until" timestamp with time zone,
	"last_error" text,
	"last_error_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"archived_at" timestamp with time zone,
	CONSTRAINT "providers_limits" CHECK ("providers"."max_concurrent" > 0 and "providers"."max_per_minute" > 0),
	CONSTRAINT "providers_key" CHECK (("providers"."key" is null) = ("providers"."key_hint" is null))
);

ALTER TABLE "models" ADD CONSTRAINT "models_provider_id_providers_id_fk" FOREIGN KEY ("provider_id") REFERENCES "public"."providers"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "provider_seats" ADD CONSTRAINT "provider_seats_provider_id_providers_id_fk" FOREIGN KEY ("provider_id") REFERENCES "public"."providers"("id") ON DELETE no action ON UPDATE no action;
CREATE INDEX "models_provider" ON "models" USING btree ("provider_id");