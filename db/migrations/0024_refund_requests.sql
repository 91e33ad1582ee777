CREATE TABLE "refund_requests" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"invoice_id" text NOT NULL,
	"amount_cents" integer NOT NULL,
	"currency" text NOT NULL,
	"status" text DEFAULT 'asked' NOT NULL,
	"stripe_id" text,
	"error" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "refund_requests_amount" CHECK ("refund_requests"."amount_cents" > 0),
	CONSTRAINT "refund_requests_status" CHECK ("refund_requests"."status" in ('asked', 'done', 'refused'))
);

ALTER TABLE "refund_requests" ADD CONSTRAINT "refund_requests_account_id_customers_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."customers"("account_id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "refund_requests" ADD CONSTRAINT "refund_requests_invoice_id_invoices_id_fk" FOREIGN KEY ("invoice_id") REFERENCES "public"."invoices"("id") ON DELETE no action ON UPDATE no action;
CREATE INDEX "refund_requests_invoice" ON "refund_requests" USING btree ("invoice_id");