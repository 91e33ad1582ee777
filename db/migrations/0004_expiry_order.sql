DROP INDEX "grants_expiry";
CREATE INDEX "grants_expiry" ON "grants" USING btree ("expires_at","account_id") WHERE open and expires_at is not null;