CREATE TABLE "disputes" (
	"id" text PRIMARY KEY NOT NULL,
	"invoice_id" text NOT NULL,
	"account_id" text NOT NULL,
	"amount_cents" integer NOT NULL,
	"currency" text NOT NULL,
	"status" text NOT NULL,
	"reason" text NOT NULL,
	"due_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "refunds" (
	"id" text PRIMARY KEY NOT NULL,
	"invoice_id" text NOT NULL,
	"account_id" text NOT NULL,
	"amount_cents" integer NOT NULL,
	"currency" text NOT NULL,
	"status" text NOT NULL,
	"reason" text,
	"created_at" timestamp (3) with time zone NOT NULL
);

DROP INDEX "invoices_paid_at";
ALTER TABLE "disputes" ADD CONSTRAINT "disputes_invoice_id_invoices_id_fk" FOREIGN KEY ("invoice_id") REFERENCES "public"."invoices"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_invoice_id_invoices_id_fk" FOREIGN KEY ("invoice_id") REFERENCES "public"."invoices"("id") ON DELETE cascade ON UPDATE no action;
CREATE INDEX "disputes_created" ON "disputes" USING btree ("created_at","id");
CREATE INDEX "disputes_invoice" ON "disputes" USING btree ("invoice_id");
CREATE INDEX "refunds_created" ON "refunds" USING btree ("created_at","id");
CREATE INDEX "refunds_invoice" ON "refunds" USING btree ("invoice_id");
CREATE INDEX "invoices_created" ON "invoices" USING btree ("created_at","id") WHERE status <> 'draft';
CREATE INDEX "invoices_paid_at" ON "invoices" USING btree ("paid_at","id") WHERE status = 'paid';