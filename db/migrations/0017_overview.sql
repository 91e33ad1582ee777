ALTER TABLE "invoices" ADD COLUMN "disputed_at" timestamp (3) with time zone;
ALTER TABLE "invoices" ADD COLUMN "dispute_due_at" timestamp (3) with time zone;
CREATE INDEX "invoices_disputed" ON "invoices" USING btree ("dispute_due_at") WHERE dispute = 'open';
CREATE INDEX "invoices_paid_at" ON "invoices" USING btree ("paid_at") WHERE status = 'paid';
CREATE INDEX "subscriptions_past_due" ON "subscriptions" USING btree ("past_due_since") WHERE past_due_since is not null;
CREATE INDEX "entries_time" ON "entries" USING brin ("created_at") WITH (autosummarize=true,pages_per_range=32);
CREATE INDEX "mails_failed" ON "mails" USING btree ("created_at") WHERE status = 'failed';