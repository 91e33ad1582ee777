CREATE TABLE "account_days" (
	"account_id" text NOT NULL,
	"day" date NOT NULL,
	"tool" text NOT NULL,
	"runs" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "account_days_pkey" PRIMARY KEY("account_id","day","tool")
);

CREATE TABLE "active_days" (
	"day" date NOT NULL,
	"tool" text NOT NULL,
	"daily" integer DEFAULT 0 NOT NULL,
	"weekly" integer DEFAULT 0 NOT NULL,
	"monthly" integer DEFAULT 0 NOT NULL,
	"first" integer DEFAULT 0 NOT NULL,
	"resurrected" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "active_days_pkey" PRIMARY KEY("day","tool")
);

CREATE TABLE "cohort_periods" (
	"grain" text NOT NULL,
	"cohort" date NOT NULL,
	"day" date NOT NULL,
	"active" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "cohort_periods_pkey" PRIMARY KEY("grain","cohort","day")
);

CREATE TABLE "mrr_days" (
	"day" date NOT NULL,
	"plan" text NOT NULL,
	"currency" text NOT NULL,
	"country" text NOT NULL,
	"interval" text NOT NULL,
	"kind" text NOT NULL,
	"cents" bigint DEFAULT 0 NOT NULL,
	"customers" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "mrr_days_pkey" PRIMARY KEY("day","currency","plan","interval","country","kind")
);

CREATE TABLE "mrr_months" (
	"day" date NOT NULL,
	"plan" text NOT NULL,
	"currency" text NOT NULL,
	"country" text NOT NULL,
	"cents" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "mrr_months_pkey" PRIMARY KEY("day","currency","plan","country")
);

CREATE TABLE "payment_changes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "payment_changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"invoice_id" text NOT NULL,
	"account_id" text NOT NULL,
	"kind" text NOT NULL,
	"reason" text NOT NULL,
	"plan_id" text,
	"currency" text NOT NULL,
	"cents" bigint DEFAULT 0 NOT NULL,
	"country" text,
	"at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE "payment_days" (
	"day" date NOT NULL,
	"plan" text NOT NULL,
	"currency" text NOT NULL,
	"country" text NOT NULL,
	"kind" text NOT NULL,
	"reason" text NOT NULL,
	"payments" integer DEFAULT 0 NOT NULL,
	"cents" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "payment_days_pkey" PRIMARY KEY("day","currency","plan","country","kind","reason")
);

CREATE TABLE "subscription_changes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "subscription_changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"subscription_id" text NOT NULL,
	"account_id" text NOT NULL,
	"status" text NOT NULL,
	"plan_id" text NOT NULL,
	"interval" text NOT NULL,
	"currency" text NOT NULL,
	"monthly_cents" bigint DEFAULT 0 NOT NULL,
	"country" text,
	"at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE "trial_days" (
	"day" date NOT NULL,
	"plan" text NOT NULL,
	"currency" text NOT NULL,
	"country" text NOT NULL,
	"started" integer DEFAULT 0 NOT NULL,
	"converted" integer DEFAULT 0 NOT NULL,
	"lost" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "trial_days_pkey" PRIMARY KEY("day","currency","plan","country")
);

ALTER TABLE "customers" ADD COLUMN "country" text;
ALTER TABLE "invoices" ADD COLUMN "attempted" boolean DEFAULT false NOT NULL;
CREATE INDEX "account_days_day" ON "account_days" USING btree ("day");
CREATE INDEX "payment_changes_invoice" ON "payment_changes" USING btree ("invoice_id");
CREATE INDEX "payment_changes_at" ON "payment_changes" USING btree ("at");
CREATE INDEX "payment_changes_recorded" ON "payment_changes" USING brin ("recorded_at");
CREATE INDEX "subscription_changes_account" ON "subscription_changes" USING btree ("account_id","at");
CREATE INDEX "subscription_changes_subscription" ON "subscription_changes" USING btree ("subscription_id","id");
CREATE INDEX "subscription_changes_at" ON "subscription_changes" USING btree ("at");
CREATE INDEX "subscription_changes_recorded" ON "subscription_changes" USING brin ("recorded_at");

-- What can still be known of the past. Prices and plans that were changed since are not: a subscription counts with
-- today's from its first day, or from the end of its trial.
INSERT INTO "subscription_changes" ("subscription_id", "account_id", "status", "plan_id", "interval", "currency", "monthly_cents", "at")
SELECT s.id, s.account_id, said.status, p.plan_id, p."interval", p.currency,
  CASE WHEN s.surplus OR said.status NOT IN ('active', 'past_due') THEN 0
    WHEN p."interval" = 'year' THEN round(p.amount_cents / 12.0) ELSE p.amount_cents END, said.at
FROM "subscriptions" s JOIN "prices" p ON p.id = s.price_id
CROSS JOIN LATERAL (VALUES
  (1, 'trialing', s.trial_start, s.trial_end IS NOT NULL AND s.status <> 'trialing'),
  (2, 'active', coalesce(s.trial_end, s.created_at),
    s.status IN ('past_due', 'unpaid', 'canceled')
      AND coalesce(s.ended_at, s.past_due_since, s.period_start) > coalesce(s.trial_end, s.created_at)),
  (3, s.status, CASE WHEN s.status = 'active' THEN coalesce(s.trial_end, s.created_at)
    WHEN s.status IN ('trialing', 'incomplete', 'incomplete_expired') THEN s.created_at
    ELSE coalesce(s.ended_at, s.past_due_since, s.period_start) END, true)
) AS said (place, status, at, so)
WHERE said.so AND said.at IS NOT NULL
ORDER BY s.created_at, s.id, said.place;

INSERT INTO "payment_changes" ("invoice_id", "account_id", "kind", "reason", "plan_id", "currency", "cents", "at")
SELECT i.id, i.account_id, said.kind, i.reason, p.plan_id, i.currency, said.cents, i.paid_at
FROM "invoices" i
LEFT JOIN "subscriptions" s ON s.id = i.subscription_id
LEFT JOIN "prices" p ON p.id = s.price_id
CROSS JOIN LATERAL (VALUES ('paid', i.total_cents, i.status = 'paid'),
  ('refunded', i.refunded_cents, i.refunded_cents > 0)) AS said (kind, cents, so)
WHERE said.so AND i.total_cents > 0 AND i.paid_at IS NOT NULL
ORDER BY i.created_at, i.id, said.kind;
