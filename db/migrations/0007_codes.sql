CREATE TABLE "adjustments" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"idempotency_key" text NOT NULL,
	"hash" text NOT NULL,
	"asked" bigint NOT NULL,
	"moved" bigint NOT NULL,
	"before" bigint NOT NULL,
	"after" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "adjustments_key" UNIQUE("account_id","idempotency_key"),
	CONSTRAINT "adjustments_moved" CHECK (abs("adjustments"."moved") <= abs("adjustments"."asked") and "adjustments"."asked" <> 0),
	CONSTRAINT "adjustments_after" CHECK ("adjustments"."after" = "adjustments"."before" + "adjustments"."moved")
);

CREATE TABLE "redeem_codes" (
	"id" text PRIMARY KEY NOT NULL,
	"hash" text NOT NULL,
	"hint" text NOT NULL,
	"batch" text NOT NULL,
	"credits" bigint NOT NULL,
	"lifetime_days" integer,
	"uses" integer NOT NULL,
	"used" integer DEFAULT 0 NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "redeem_codes_hash_unique" UNIQUE("hash"),
	CONSTRAINT "redeem_codes_credits_positive" CHECK ("redeem_codes"."credits" > 0),
	CONSTRAINT "redeem_codes_used" CHECK ("redeem_codes"."used" between 0 and "redeem_codes"."uses"),
	CONSTRAINT "redeem_codes_lifetime" CHECK ("redeem_codes"."lifetime_days" > 0)
);

CREATE TABLE "redemptions" (
	"account_id" text NOT NULL,
	"code_id" text NOT NULL,
	"idempotency_key" text NOT NULL,
	"credits" bigint NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "redemptions_pkey" PRIMARY KEY("account_id","code_id"),
	CONSTRAINT "redemptions_key" UNIQUE("account_id","idempotency_key")
);

ALTER TABLE "redemptions" ADD CONSTRAINT "redemptions_code_id_redeem_codes_id_fk" FOREIGN KEY ("code_id") REFERENCES "public"."redeem_codes"("id") ON DELETE no action ON UPDATE no action;
CREATE INDEX "redemptions_code" ON "redemptions" USING btree ("code_id");