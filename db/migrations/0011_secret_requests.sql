ALTER TABLE "api_key_secrets" ADD COLUMN "request" text;
ALTER TABLE "api_key_secrets" ADD COLUMN "content_hash" text;
ALTER TABLE "api_key_secrets" ADD COLUMN "salt" text;
ALTER TABLE "api_key_secrets" ADD CONSTRAINT "api_key_secrets_request" UNIQUE("request");