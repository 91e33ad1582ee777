CREATE TABLE "lot_payments" (
	"account_id" text NOT NULL,
	"grant_id" text NOT NULL,
	"currency" text NOT NULL,
	"amount" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "lot_payments_pkey" PRIMARY KEY("account_id","grant_id"),
	CONSTRAINT "lot_payments_currency" CHECK ("lot_payments"."currency" ~ '^[A-Z]{3}$'),
	CONSTRAINT "lot_payments_not_negative" CHECK ("lot_payments"."amount" >= 0)
);

CREATE TABLE "reconciliations" (
	"id" text PRIMARY KEY NOT NULL,
	"requested_by" text,
	"status" text DEFAULT 'waiting' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"as_of" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"accounts" integer,
	"entries" bigint,
	"finding_count" integer,
	"findings" jsonb,
	"money" jsonb,
	"error" text,
	CONSTRAINT "reconciliations_status" CHECK ("reconciliations"."status" in ('waiting', 'done', 'failed'))
);

CREATE UNIQUE INDEX "reconciliations_waiting" ON "reconciliations" USING btree ("status") WHERE status = 'waiting';