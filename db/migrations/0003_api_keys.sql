CREATE TABLE "api_key_secrets" (
	"hash" text PRIMARY KEY NOT NULL,
	"api_key_id" text NOT NULL,
	"hint" text NOT NULL,
	"ends_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE "api_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"user_id" text,
	"account_id" text,
	"name" text NOT NULL,
	"scopes" text[] NOT NULL,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "api_keys_kind" CHECK ("api_keys"."kind" in ('own', 'service')),
	CONSTRAINT "api_keys_account" CHECK (("api_keys"."kind" = 'own') = ("api_keys"."account_id" is not null))
);

CREATE TABLE "external_ids" (
	"external_id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "external_ids_account_id_unique" UNIQUE("account_id")
);

CREATE TABLE "key_budgets" (
	"api_key_id" text PRIMARY KEY NOT NULL,
	"cap" bigint,
	"spent" bigint DEFAULT 0 NOT NULL,
	"held" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "key_budgets_not_negative" CHECK ("key_budgets"."spent" >= 0 and "key_budgets"."held" >= 0),
	CONSTRAINT "key_budgets_cap" CHECK ("key_budgets"."spent" + "key_budgets"."held" <= "key_budgets"."cap")
);

ALTER TABLE "entries" ADD COLUMN "api_key_id" text;
ALTER TABLE "holds" ADD COLUMN "api_key_id" text;
ALTER TABLE "api_key_secrets" ADD CONSTRAINT "api_key_secrets_api_key_id_api_keys_id_fk" FOREIGN KEY ("api_key_id") REFERENCES "public"."api_keys"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "external_ids" ADD CONSTRAINT "external_ids_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;
CREATE INDEX "api_key_secrets_key" ON "api_key_secrets" USING btree ("api_key_id");
CREATE INDEX "api_keys_user" ON "api_keys" USING btree ("user_id");
CREATE INDEX "api_keys_service" ON "api_keys" USING btree ("id") WHERE kind = 'service';
CREATE INDEX "entries_api_key" ON "entries" USING btree ("api_key_id","created_at") WHERE api_key_id is not null;
CREATE INDEX "holds_api_key" ON "holds" USING btree ("api_key_id") WHERE api_key_id is not null and status = 'open';