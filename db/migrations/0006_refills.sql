CREATE TABLE "free_refills" (
	"account_id" text PRIMARY KEY NOT NULL,
	"anchor" timestamp (3) with time zone NOT NULL,
	"next_at" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "rollovers" (
	"account_id" text NOT NULL,
	"ended_at" timestamp (3) with time zone NOT NULL,
	"most" bigint NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "rollovers_pkey" PRIMARY KEY("account_id","ended_at"),
	CONSTRAINT "rollovers_most_positive" CHECK ("rollovers"."most" > 0)
);

CREATE INDEX "free_refills_due" ON "free_refills" USING btree ("next_at","account_id");
CREATE INDEX "rollovers_due" ON "rollovers" USING btree ("ended_at","account_id");
-- Whoever was welcomed before: their welcome credits were the first month's.
INSERT INTO "free_refills" ("account_id", "anchor", "next_at")
SELECT a."id", date_trunc('milliseconds', u."welcomed_at"),
  (date_trunc('milliseconds', u."welcomed_at") AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC'
FROM "users" u JOIN "accounts" a ON a."owner_type" = 'user' AND a."owner_id" = u."id"
WHERE u."welcomed_at" IS NOT NULL;
