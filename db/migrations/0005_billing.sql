CREATE TABLE "checkouts" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"session_id" text,
	"price_id" text NOT NULL,
	"return_to" text NOT NULL,
	"url" text,
	"status" text DEFAULT 'open' NOT NULL,
	"subscription_id" text,
	"invoice_id" text,
	"failed" boolean DEFAULT false NOT NULL,
	"trial" boolean DEFAULT false NOT NULL,
	"idempotency_key" text NOT NULL,
	"request_hash" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "checkouts_session_id_unique" UNIQUE("session_id"),
	CONSTRAINT "checkouts_key" UNIQUE("account_id","idempotency_key")
);

CREATE TABLE "customers" (
	"account_id" text PRIMARY KEY NOT NULL,
	"stripe_id" text,
	"card_id" text,
	"card_brand" text,
	"card_last4" text,
	"card_exp_month" integer,
	"card_exp_year" integer,
	"card_fingerprint" text,
	"flag" text,
	"flagged_at" timestamp (3) with time zone,
	"ticket_drawn" bigint DEFAULT 0 NOT NULL,
	"ticket_applied" bigint DEFAULT 0 NOT NULL,
	"asked_at" timestamp (3) with time zone,
	"next_grant_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "customers_stripe_id_unique" UNIQUE("stripe_id"),
	CONSTRAINT "customers_flag" CHECK (("customers"."flag" is null) = ("customers"."flagged_at" is null)),
	CONSTRAINT "customers_tickets" CHECK ("customers"."ticket_applied" <= "customers"."ticket_drawn")
);

CREATE TABLE "invoice_lines" (
	"id" text PRIMARY KEY NOT NULL,
	"invoice_id" text NOT NULL,
	"account_id" text NOT NULL,
	"price_id" text,
	"position" integer NOT NULL,
	"description" text NOT NULL,
	"amount_cents" integer NOT NULL,
	"quantity" integer NOT NULL,
	"proration" boolean NOT NULL,
	"period_start" timestamp (3) with time zone NOT NULL,
	"period_end" timestamp (3) with time zone NOT NULL,
	"refused" text
);

CREATE TABLE "invoices" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"subscription_id" text,
	"reason" text NOT NULL,
	"status" text NOT NULL,
	"number" text,
	"currency" text NOT NULL,
	"total_cents" integer NOT NULL,
	"refunded_cents" integer DEFAULT 0 NOT NULL,
	"dispute" text,
	"pay_url" text,
	"pdf_url" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"paid_at" timestamp (3) with time zone,
	CONSTRAINT "invoices_status" CHECK ("invoices"."status" in ('draft', 'open', 'paid', 'uncollectible', 'void')),
	CONSTRAINT "invoices_paid" CHECK ("invoices"."status" <> 'paid' or "invoices"."paid_at" is not null),
	CONSTRAINT "invoices_refunded" CHECK ("invoices"."refunded_cents" between 0 and greatest("invoices"."total_cents", 0))
);

CREATE TABLE "line_grants" (
	"line_id" text NOT NULL,
	"month" integer NOT NULL,
	"account_id" text NOT NULL,
	"grant_id" text NOT NULL,
	"credits" bigint NOT NULL,
	"reversed" bigint DEFAULT 0 NOT NULL,
	"corrections" integer DEFAULT 0 NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "line_grants_pkey" PRIMARY KEY("line_id","month"),
	CONSTRAINT "line_grants_reversed" CHECK ("line_grants"."reversed" between 0 and "line_grants"."credits")
);

CREATE TABLE "prices" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"plan_id" text,
	"interval" text,
	"pack_id" text,
	"currency" text NOT NULL,
	"amount_cents" integer NOT NULL,
	"lookup_key" text NOT NULL,
	"credits" bigint NOT NULL,
	"rollover_cap" bigint DEFAULT 0 NOT NULL,
	"entitlements" jsonb,
	"trial_days" integer,
	"trial_credits" bigint,
	"expires_after_months" integer,
	"stripe_price_id" text,
	"on_sale" boolean DEFAULT true NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "prices_stripe_price_id_unique" UNIQUE("stripe_price_id"),
	CONSTRAINT "prices_amount_positive" CHECK ("prices"."amount_cents" > 0),
	CONSTRAINT "prices_credits_positive" CHECK ("prices"."credits" > 0 and "prices"."rollover_cap" >= 0),
	CONSTRAINT "prices_kind" CHECK (case "prices"."kind"
        when 'plan' then "prices"."plan_id" is not null and "prices"."interval" is not null and "prices"."entitlements" is not null and "prices"."pack_id" is null
        when 'pack' then "prices"."pack_id" is not null and "prices"."plan_id" is null and "prices"."interval" is null
        else false end),
	CONSTRAINT "prices_trial" CHECK (("prices"."trial_days" is null) = ("prices"."trial_credits" is null))
);

CREATE TABLE "stripe_events" (
	"id" text PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"stripe_customer_id" text,
	"object_id" text,
	"status" text DEFAULT 'waiting' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"error" text,
	"livemode" boolean NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"received_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"processed_at" timestamp (3) with time zone
);

CREATE TABLE "subscriptions" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"price_id" text NOT NULL,
	"item_id" text NOT NULL,
	"status" text NOT NULL,
	"period_start" timestamp (3) with time zone NOT NULL,
	"period_end" timestamp (3) with time zone NOT NULL,
	"cancel_at_period_end" boolean DEFAULT false NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"trial_start" timestamp (3) with time zone,
	"trial_end" timestamp (3) with time zone,
	"past_due_since" timestamp (3) with time zone,
	"next_price_id" text,
	"next_change" text,
	"schedule_id" text,
	"surplus" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "subscriptions_status" CHECK ("subscriptions"."status" in ('trialing', 'active', 'past_due', 'unpaid', 'paused', 'incomplete', 'incomplete_expired', 'canceled')),
	CONSTRAINT "subscriptions_next" CHECK (("subscriptions"."next_change" is null) = ("subscriptions"."next_price_id" is null))
);

CREATE TABLE "top_up_charges" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"price_id" text NOT NULL,
	"amount_cents" integer NOT NULL,
	"currency" text NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"card_id" text,
	"invoice_id" text,
	"failure" text,
	"pay_url" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "top_up_charges_invoice_id_unique" UNIQUE("invoice_id"),
	CONSTRAINT "top_up_charges_ended" CHECK (("top_up_charges"."status" = 'pending') = ("top_up_charges"."ended_at" is null))
);

CREATE TABLE "top_ups" (
	"account_id" text PRIMARY KEY NOT NULL,
	"enabled" boolean DEFAULT false NOT NULL,
	"threshold_credits" bigint,
	"pack_id" text,
	"currency" text,
	"monthly_limit_cents" integer,
	"paused_reason" text,
	"paused_at" timestamp (3) with time zone,
	"paused_card_id" text,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "top_ups_limited" CHECK (not "top_ups"."enabled" or ("top_ups"."threshold_credits" > 0 and "top_ups"."pack_id" is not null and "top_ups"."currency" is not null and "top_ups"."monthly_limit_cents" > 0)),
	CONSTRAINT "top_ups_paused" CHECK (("top_ups"."paused_reason" is null) = ("top_ups"."paused_at" is null))
);

CREATE TABLE "trials" (
	"account_id" text PRIMARY KEY NOT NULL,
	"card_fingerprint" text,
	"subscription_id" text,
	"reserved_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "trials_card_fingerprint_unique" UNIQUE("card_fingerprint"),
	CONSTRAINT "trials_subscription_id_unique" UNIQUE("subscription_id")
);

ALTER TABLE "checkouts" ADD CONSTRAINT "checkouts_account_id_customers_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."customers"("account_id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "invoice_lines" ADD CONSTRAINT "invoice_lines_invoice_id_invoices_id_fk" FOREIGN KEY ("invoice_id") REFERENCES "public"."invoices"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_account_id_customers_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."customers"("account_id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_account_id_customers_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."customers"("account_id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "top_up_charges" ADD CONSTRAINT "top_up_charges_account_id_top_ups_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."top_ups"("account_id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "top_ups" ADD CONSTRAINT "top_ups_account_id_customers_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."customers"("account_id") ON DELETE no action ON UPDATE no action;
CREATE INDEX "checkouts_open" ON "checkouts" USING btree ("account_id") WHERE status = 'open';
CREATE INDEX "customers_next_grant" ON "customers" USING btree ("next_grant_at") WHERE next_grant_at is not null;
CREATE INDEX "invoice_lines_invoice" ON "invoice_lines" USING btree ("invoice_id");
CREATE INDEX "invoice_lines_account" ON "invoice_lines" USING btree ("account_id");
CREATE INDEX "invoices_account" ON "invoices" USING btree ("account_id","created_at","id");
CREATE INDEX "invoices_subscription" ON "invoices" USING btree ("subscription_id");
CREATE INDEX "line_grants_account" ON "line_grants" USING btree ("account_id");
CREATE UNIQUE INDEX "prices_on_sale" ON "prices" USING btree ("lookup_key") WHERE on_sale;
CREATE INDEX "stripe_events_received" ON "stripe_events" USING btree ("received_at","id");
CREATE INDEX "stripe_events_open" ON "stripe_events" USING btree ("status") WHERE status in ('waiting', 'failed');
CREATE UNIQUE INDEX "subscriptions_one_live" ON "subscriptions" USING btree ("account_id") WHERE status in ('trialing', 'active', 'past_due', 'unpaid', 'paused') and not surplus;
CREATE INDEX "subscriptions_account" ON "subscriptions" USING btree ("account_id");
CREATE UNIQUE INDEX "top_up_charges_one_pending" ON "top_up_charges" USING btree ("account_id") WHERE status = 'pending';
CREATE INDEX "top_up_charges_account" ON "top_up_charges" USING btree ("account_id","created_at");
CREATE INDEX "top_ups_enabled" ON "top_ups" USING btree ("account_id") WHERE enabled and paused_reason is null;