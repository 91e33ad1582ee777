CREATE INDEX "api_key_secrets_hint" ON "api_key_secrets" USING btree ("hint");
CREATE INDEX "users_email_start" ON "users" USING btree ("email" text_pattern_ops);
CREATE INDEX "users_name_start" ON "users" USING btree (lower("name") text_pattern_ops);