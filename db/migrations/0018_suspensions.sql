CREATE TABLE "act_requests" (
	"actor_id" text NOT NULL,
	"idempotency_key" text NOT NULL,
	"hash" text NOT NULL,
	"result" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "act_requests_actor_id_idempotency_key_pk" PRIMARY KEY("actor_id","idempotency_key")
);

ALTER TABLE "users" ADD COLUMN "suspended_at" timestamp with time zone;
CREATE INDEX "users_suspended" ON "users" USING btree ("id") WHERE "users"."suspended_at" is not null;