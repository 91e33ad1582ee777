CREATE TABLE "analytics_choices" (
	"user_id" text PRIMARY KEY NOT NULL,
	"choice" text NOT NULL,
	"client_id" text,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "analytics_choices_choice" CHECK ("analytics_choices"."choice" in ('opted_out', 'granted', 'declined'))
);

CREATE TABLE "product_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "product_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL,
	"user_id" text,
	"account_id" text,
	"visitor" text,
	"path" text,
	"referrer" text,
	"utm_source" text,
	"utm_medium" text,
	"utm_campaign" text,
	"country" text,
	"properties" jsonb DEFAULT '{}'::jsonb NOT NULL
);

CREATE TABLE "sign_up_sources" (
	"user_id" text PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"referrer" text,
	"utm_source" text,
	"utm_medium" text,
	"utm_campaign" text,
	"landing_path" text,
	"country" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE "visitor_salts" (
	"day" date PRIMARY KEY NOT NULL,
	"salt" "bytea" NOT NULL
);

ALTER TABLE "analytics_choices" ADD CONSTRAINT "analytics_choices_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "sign_up_sources" ADD CONSTRAINT "sign_up_sources_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;
CREATE INDEX "product_events_time" ON "product_events" USING brin ("occurred_at") WITH (pages_per_range=32);
CREATE INDEX "product_events_name" ON "product_events" USING btree ("name","occurred_at");
CREATE INDEX "product_events_user" ON "product_events" USING btree ("user_id") WHERE user_id is not null;
CREATE INDEX "product_events_arrival" ON "product_events" USING btree ("visitor") WHERE referrer is not null or utm_source is not null;
CREATE INDEX "sign_up_sources_source" ON "sign_up_sources" USING btree ("source");