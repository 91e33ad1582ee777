CREATE TABLE "code_batches" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"codes" integer NOT NULL,
	"credits" bigint NOT NULL,
	"lifetime_days" integer,
	"uses" integer NOT NULL,
	"once_per_person" boolean DEFAULT false NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"created_by" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"salt" text,
	CONSTRAINT "code_batches_positive" CHECK ("code_batches"."codes" > 0 and "code_batches"."credits" > 0 and "code_batches"."uses" > 0),
	CONSTRAINT "code_batches_lifetime" CHECK ("code_batches"."lifetime_days" > 0)
);

ALTER TABLE "redeem_codes" DROP CONSTRAINT "redeem_codes_credits_positive";
ALTER TABLE "redeem_codes" DROP CONSTRAINT "redeem_codes_lifetime";
-- Codes that were made together, at one moment, become a batch.
INSERT INTO "code_batches" ("id", "name", "codes", "credits", "lifetime_days", "uses", "expires_at", "created_at")
SELECT 'batch_' || substr(md5(batch || created_at || credits || uses || coalesce(lifetime_days, 0) || coalesce(expires_at::text, '')), 1, 26),
	batch, count(*), credits, lifetime_days, uses, expires_at, created_at
FROM "redeem_codes" GROUP BY batch, created_at, credits, uses, lifetime_days, expires_at;
ALTER TABLE "redeem_codes" ADD COLUMN "batch_id" text;
UPDATE "redeem_codes" SET "batch_id" =
	'batch_' || substr(md5(batch || created_at || credits || uses || coalesce(lifetime_days, 0) || coalesce(expires_at::text, '')), 1, 26);
ALTER TABLE "redeem_codes" ALTER COLUMN "batch_id" SET NOT NULL;
ALTER TABLE "redemptions" ADD COLUMN "only_of" text;
CREATE INDEX "code_batches_listed" ON "code_batches" USING btree ("created_at","id");
ALTER TABLE "redeem_codes" ADD CONSTRAINT "redeem_codes_batch_id_code_batches_id_fk" FOREIGN KEY ("batch_id") REFERENCES "public"."code_batches"("id") ON DELETE no action ON UPDATE no action;
CREATE INDEX "redeem_codes_batch" ON "redeem_codes" USING btree ("batch_id");
ALTER TABLE "redeem_codes" DROP COLUMN "batch";
ALTER TABLE "redeem_codes" DROP COLUMN "credits";
ALTER TABLE "redeem_codes" DROP COLUMN "lifetime_days";
ALTER TABLE "redeem_codes" DROP COLUMN "expires_at";
ALTER TABLE "redeem_codes" DROP COLUMN "created_at";
ALTER TABLE "redemptions" ADD CONSTRAINT "redemptions_only" UNIQUE("account_id","only_of");