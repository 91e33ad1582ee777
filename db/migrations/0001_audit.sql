CREATE TABLE "acts" (
	"id" text PRIMARY KEY NOT NULL,
	"actor_id" text,
	"actor_role" text,
	"as_user_id" text,
	"action" text NOT NULL,
	"object_type" text NOT NULL,
	"object_id" text NOT NULL,
	"customer_id" text,
	"before" jsonb,
	"after" jsonb,
	"reason" text,
	"address" text,
	"request_id" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);

CREATE INDEX "acts_time" ON "acts" USING btree ("created_at","id");
CREATE INDEX "acts_actor" ON "acts" USING btree ("actor_id","created_at","id");
CREATE INDEX "acts_object" ON "acts" USING btree ("object_id","created_at","id");
CREATE INDEX "acts_customer" ON "acts" USING btree ("customer_id","created_at","id");
CREATE INDEX "acts_action" ON "acts" USING btree ("action","created_at","id");