CREATE TABLE "referral_links" (
	"account_id" text PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	CONSTRAINT "referral_links_code_unique" UNIQUE("code")
);

CREATE TABLE "referrals" (
	"account_id" text PRIMARY KEY NOT NULL,
	"referrer_id" text NOT NULL,
	"status" text DEFAULT 'waiting' NOT NULL,
	"invoice_id" text,
	"credits" bigint,
	"grant_id" text,
	"referrer_grant_id" text,
	"rewarded_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "referrals_not_oneself" CHECK ("referrals"."account_id" <> "referrals"."referrer_id"),
	CONSTRAINT "referrals_status" CHECK ("referrals"."status" in ('waiting', 'rewarded', 'reversed')),
	CONSTRAINT "referrals_both" CHECK (("referrals"."grant_id" is null) = ("referrals"."referrer_grant_id" is null)),
	CONSTRAINT "referrals_rewarded" CHECK ("referrals"."status" <> 'rewarded' or ("referrals"."grant_id" is not null and "referrals"."credits" > 0 and "referrals"."invoice_id" is not null))
);

CREATE INDEX "referrals_referrer" ON "referrals" USING btree ("referrer_id");

-- A link for everybody who was welcomed before.
INSERT INTO "referral_links" ("account_id", "code")
SELECT "account_id", substr(md5(random()::text || "account_id"), 1, 10) FROM "free_refills";
