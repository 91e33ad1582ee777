CREATE TABLE "customer_notes" (
	"id" text PRIMARY KEY NOT NULL,
	"customer_id" text NOT NULL,
	"author_id" text,
	"text" text NOT NULL,
	"pinned" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"edited_at" timestamp (3) with time zone,
	CONSTRAINT "customer_notes_text" CHECK (length("customer_notes"."text") between 1 and 4000)
);

CREATE TABLE "customer_views" (
	"id" text PRIMARY KEY NOT NULL,
	"owner_id" text NOT NULL,
	"name" text NOT NULL,
	"shared" boolean DEFAULT false NOT NULL,
	"filter" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "customer_views_name_length" CHECK (length("customer_views"."name") between 1 and 60)
);

ALTER TABLE "customer_notes" ADD CONSTRAINT "customer_notes_customer_id_users_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "customer_notes" ADD CONSTRAINT "customer_notes_author_id_users_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;
ALTER TABLE "customer_views" ADD CONSTRAINT "customer_views_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;
CREATE INDEX "customer_notes_customer" ON "customer_notes" USING btree ("customer_id","pinned","id");
CREATE INDEX "customer_notes_author" ON "customer_notes" USING btree ("author_id");
CREATE UNIQUE INDEX "customer_views_name" ON "customer_views" USING btree ("owner_id",lower("name"));
CREATE INDEX "customer_views_shared" ON "customer_views" USING btree ("name") WHERE shared;
CREATE INDEX "customers_flagged" ON "customers" USING btree ("flag") WHERE flag is not null;
CREATE INDEX "stripe_events_customer" ON "stripe_events" USING btree ("stripe_customer_id","created_at");
CREATE INDEX "subscriptions_rare" ON "subscriptions" USING btree ("status","account_id") WHERE status <> 'active';
CREATE INDEX "subscriptions_price" ON "subscriptions" USING btree ("price_id","account_id");
CREATE INDEX "users_listed" ON "users" USING btree ("created_at","id");
CREATE INDEX "users_unverified" ON "users" USING btree ("created_at","id") WHERE not "users"."email_verified";
CREATE INDEX "mails_recipient" ON "mails" USING btree ("recipient","created_at");