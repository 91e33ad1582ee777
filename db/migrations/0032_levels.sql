CREATE TABLE "credit_days" (
	"day" date NOT NULL,
	"kind" text NOT NULL,
	"source" text NOT NULL,
	"plan" text NOT NULL,
	"tool" text NOT NULL,
	"credits" bigint NOT NULL,
	CONSTRAINT "credit_days_pkey" PRIMARY KEY("kind","day","source","plan","tool")
);

CREATE TABLE "margin_days" (
	"day" date NOT NULL,
	"tool" text NOT NULL,
	"model" text NOT NULL,
	"currency" text NOT NULL,
	"revenue" numeric NOT NULL,
	"cost" numeric NOT NULL,
	CONSTRAINT "margin_days_pkey" PRIMARY KEY("day","tool","model","currency")
);

CREATE TABLE "margin_months" (
	"day" date NOT NULL,
	"account_id" text NOT NULL,
	"currency" text NOT NULL,
	"revenue" numeric NOT NULL,
	"cost" numeric NOT NULL,
	CONSTRAINT "margin_months_pkey" PRIMARY KEY("day","account_id","currency")
);

CREATE TABLE "mrr_levels" (
	"plan" text NOT NULL,
	"currency" text NOT NULL,
	"country" text NOT NULL,
	"day" date NOT NULL,
	"mrr" bigint NOT NULL,
	"customers" bigint NOT NULL,
	"new" bigint NOT NULL,
	"expansion" bigint NOT NULL,
	"contraction" bigint NOT NULL,
	"churn" bigint NOT NULL,
	"reactivation" bigint NOT NULL,
	"transfer" bigint NOT NULL,
	"left" bigint NOT NULL,
	CONSTRAINT "mrr_levels_pkey" PRIMARY KEY("currency","plan","country","day")
);

CREATE TABLE "response_days" (
	"route" text NOT NULL,
	"day" date NOT NULL,
	"requests" integer DEFAULT 0 NOT NULL,
	"faults" integer DEFAULT 0 NOT NULL,
	"b1" integer DEFAULT 0 NOT NULL,
	"b2" integer DEFAULT 0 NOT NULL,
	"b3" integer DEFAULT 0 NOT NULL,
	"b4" integer DEFAULT 0 NOT NULL,
	"b5" integer DEFAULT 0 NOT NULL,
	"b6" integer DEFAULT 0 NOT NULL,
	"b7" integer DEFAULT 0 NOT NULL,
	"b8" integer DEFAULT 0 NOT NULL,
	"b9" integer DEFAULT 0 NOT NULL,
	"b10" integer DEFAULT 0 NOT NULL,
	"b11" integer DEFAULT 0 NOT NULL,
	"b12" integer DEFAULT 0 NOT NULL,
	"b13" integer DEFAULT 0 NOT NULL,
	"b14" integer DEFAULT 0 NOT NULL,
	"b15" integer DEFAULT 0 NOT NULL,
	"b16" integer DEFAULT 0 NOT NULL,
	"b17" integer DEFAULT 0 NOT NULL,
	"b18" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "response_days_pkey" PRIMARY KEY("route","day")
);

CREATE TABLE "wait_days" (
	"day" date PRIMARY KEY NOT NULL,
	"b1" integer DEFAULT 0 NOT NULL,
	"b2" integer DEFAULT 0 NOT NULL,
	"b3" integer DEFAULT 0 NOT NULL,
	"b4" integer DEFAULT 0 NOT NULL,
	"b5" integer DEFAULT 0 NOT NULL,
	"b6" integer DEFAULT 0 NOT NULL,
	"b7" integer DEFAULT 0 NOT NULL,
	"b8" integer DEFAULT 0 NOT NULL,
	"b9" integer DEFAULT 0 NOT NULL,
	"b10" integer DEFAULT 0 NOT NULL,
	"b11" integer DEFAULT 0 NOT NULL,
	"b12" integer DEFAULT 0 NOT NULL,
	"b13" integer DEFAULT 0 NOT NULL,
	"b14" integer DEFAULT 0 NOT NULL,
	"b15" integer DEFAULT 0 NOT NULL,
	"b16" integer DEFAULT 0 NOT NULL,
	"b17" integer DEFAULT 0 NOT NULL,
	"b18" integer DEFAULT 0 NOT NULL
);

ALTER TABLE "runs" ADD COLUMN "model" text;
ALTER TABLE "runs" ADD COLUMN "cost_micros" bigint;
CREATE INDEX "credit_days_day" ON "credit_days" USING btree ("day");
CREATE INDEX "mrr_levels_day" ON "mrr_levels" USING btree ("day");
CREATE INDEX "response_days_day" ON "response_days" USING btree ("day");
CREATE INDEX "payment_days_day" ON "payment_days" USING btree ("day");
ALTER TABLE "payment_days" DROP CONSTRAINT "payment_days_pkey";
ALTER TABLE "payment_days" ADD CONSTRAINT "payment_days_pkey" PRIMARY KEY("currency","plan","country","day","kind","reason");
-- Rows for all currencies, plans and countries: both are made anew at the next turn of the job.
DELETE FROM "payment_days";
DELETE FROM "rollups" WHERE "name" IN ('mrr_days', 'payment_days');
