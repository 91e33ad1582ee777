CREATE TABLE "identities" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"provider_account_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp with time zone,
	"refresh_token_expires_at" timestamp with time zone,
	"scope" text,
	"password" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE "jwks" (
	"id" text PRIMARY KEY NOT NULL,
	"public_key" text NOT NULL,
	"private_key" text NOT NULL,
	"alg" text,
	"crv" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone
);

CREATE TABLE "sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"token" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sessions_token_unique" UNIQUE("token")
);

CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean DEFAULT false NOT NULL,
	"image" text,
	"role" text DEFAULT 'user' NOT NULL,
	"locale" text DEFAULT 'en' NOT NULL,
	"time_zone" text DEFAULT 'UTC' NOT NULL,
	"welcomed_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_email_unique" UNIQUE("email"),
	CONSTRAINT "users_role" CHECK ("users"."role" in ('user', 'support', 'analyst', 'admin', 'owner')),
	CONSTRAINT "users_locale" CHECK ("users"."locale" in ('en', 'zh'))
);

CREATE TABLE "verifications" (
	"id" text PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE "accounts" (
	"id" text PRIMARY KEY NOT NULL,
	"owner_type" text NOT NULL,
	"owner_id" text NOT NULL,
	"available" bigint DEFAULT 0 NOT NULL,
	"held" bigint DEFAULT 0 NOT NULL,
	"last_entry" bigint DEFAULT 0 NOT NULL,
	"last_command" bigint DEFAULT 0 NOT NULL,
	"changed_at" timestamp with time zone DEFAULT 'epoch' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "accounts_owner" UNIQUE("owner_type","owner_id"),
	CONSTRAINT "accounts_available_not_negative" CHECK ("accounts"."available" >= 0),
	CONSTRAINT "accounts_held_not_negative" CHECK ("accounts"."held" >= 0),
	CONSTRAINT "accounts_owner_type" CHECK ("accounts"."owner_type" in ('user', 'team'))
);

CREATE TABLE "commands" (
	"account_id" text NOT NULL,
	"key" text NOT NULL,
	"seq" bigint NOT NULL,
	"hash" text NOT NULL,
	"verb" text NOT NULL,
	"grant_id" text,
	"hold_id" text,
	"deadline" timestamp with time zone,
	"credits" bigint NOT NULL,
	"available" bigint NOT NULL,
	"held" bigint NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "commands_pkey" PRIMARY KEY("account_id","key")
);

CREATE TABLE "entries" (
	"account_id" text NOT NULL,
	"seq" bigint NOT NULL,
	"kind" text NOT NULL,
	"credits" bigint NOT NULL,
	"total_after" bigint NOT NULL,
	"grant_id" text NOT NULL,
	"source" text NOT NULL,
	"hold_id" text,
	"cause" text NOT NULL,
	"reference_type" text,
	"reference_id" text,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "entries_pkey" PRIMARY KEY("account_id","seq"),
	CONSTRAINT "entries_kind" CHECK ("entries"."kind" in ('issued', 'consumed', 'expired', 'reversed')),
	CONSTRAINT "entries_sign" CHECK ("entries"."credits" <> 0 and ("entries"."credits" > 0) = ("entries"."kind" = 'issued')),
	CONSTRAINT "entries_total_not_negative" CHECK ("entries"."total_after" >= 0)
);

CREATE TABLE "grants" (
	"account_id" text NOT NULL,
	"id" text NOT NULL,
	"source" text NOT NULL,
	"credits" bigint NOT NULL,
	"remaining" bigint NOT NULL,
	"held" bigint DEFAULT 0 NOT NULL,
	"expires_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"open" boolean GENERATED ALWAYS AS (remaining + held > 0) STORED NOT NULL,
	CONSTRAINT "grants_pkey" PRIMARY KEY("account_id","id"),
	CONSTRAINT "grants_credits_positive" CHECK ("grants"."credits" > 0),
	CONSTRAINT "grants_remaining_not_negative" CHECK ("grants"."remaining" >= 0),
	CONSTRAINT "grants_held_not_negative" CHECK ("grants"."held" >= 0),
	CONSTRAINT "grants_not_more_than_granted" CHECK ("grants"."remaining" + "grants"."held" <= "grants"."credits")
);

CREATE TABLE "hold_lots" (
	"account_id" text NOT NULL,
	"hold_id" text NOT NULL,
	"grant_id" text NOT NULL,
	"credits" bigint NOT NULL,
	CONSTRAINT "hold_lots_pkey" PRIMARY KEY("account_id","hold_id","grant_id"),
	CONSTRAINT "hold_lots_credits_positive" CHECK ("hold_lots"."credits" > 0)
);

CREATE TABLE "holds" (
	"account_id" text NOT NULL,
	"id" text NOT NULL,
	"credits" bigint NOT NULL,
	"captured" bigint DEFAULT 0 NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"cause" text NOT NULL,
	"reference_type" text,
	"reference_id" text,
	"created_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "holds_pkey" PRIMARY KEY("account_id","id"),
	CONSTRAINT "holds_credits_not_negative" CHECK ("holds"."credits" >= 0),
	CONSTRAINT "holds_status" CHECK ("holds"."status" in ('open', 'captured', 'released', 'expired')),
	CONSTRAINT "holds_captured" CHECK ("holds"."captured" between 0 and "holds"."credits"),
	CONSTRAINT "holds_only_captured_captures" CHECK ("holds"."captured" = 0 or "holds"."status" = 'captured'),
	CONSTRAINT "holds_ended_when_closed" CHECK (("holds"."status" = 'open') = ("holds"."ended_at" is null))
);

CREATE TABLE "mails" (
	"id" text PRIMARY KEY NOT NULL,
	"key" text,
	"recipient" text NOT NULL,
	"kind" text NOT NULL,
	"locale" text NOT NULL,
	"subject" text NOT NULL,
	"html" text NOT NULL,
	"text" text NOT NULL,
	"secret" boolean DEFAULT false NOT NULL,
	"status" text DEFAULT 'waiting' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"error" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"sent_at" timestamp with time zone,
	CONSTRAINT "mails_key_unique" UNIQUE("key"),
	CONSTRAINT "mails_status" CHECK ("mails"."status" in ('waiting', 'sent', 'failed'))
);

CREATE TABLE "outputs" (
	"run_id" text NOT NULL,
	"position" integer NOT NULL,
	"name" text NOT NULL,
	"media_type" text NOT NULL,
	"bytes" integer NOT NULL,
	"width" integer,
	"height" integer,
	"storage_key" text NOT NULL,
	CONSTRAINT "outputs_run_id_position_pk" PRIMARY KEY("run_id","position")
);

CREATE TABLE "run_chunks" (
	"run_id" text NOT NULL,
	"position" integer NOT NULL,
	"text" text NOT NULL,
	CONSTRAINT "run_chunks_run_id_position_pk" PRIMARY KEY("run_id","position")
);

CREATE TABLE "runs" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text,
	"visitor_id" text,
	"user_id" text,
	"tool" text NOT NULL,
	"status" text DEFAULT 'queued' NOT NULL,
	"input" jsonb NOT NULL,
	"upload_ids" text[] DEFAULT '{}'::text[] NOT NULL,
	"idempotency_key" text NOT NULL,
	"input_hash" text NOT NULL,
	"hold_id" text,
	"held" bigint DEFAULT 0 NOT NULL,
	"charged" bigint DEFAULT 0 NOT NULL,
	"attempt" integer DEFAULT 0 NOT NULL,
	"job_id" text,
	"losses" integer DEFAULT 0 NOT NULL,
	"progress" real,
	"progress_step" text,
	"error_code" text,
	"error_message" text,
	"facts" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"heartbeat_at" timestamp with time zone,
	"cancel_requested_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"expires_at" timestamp with time zone NOT NULL,
	"purged_at" timestamp with time zone,
	CONSTRAINT "runs_account_key" UNIQUE("account_id","idempotency_key"),
	CONSTRAINT "runs_visitor_key" UNIQUE("visitor_id","idempotency_key")
);

CREATE TABLE "uploads" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text,
	"visitor_id" text,
	"name" text NOT NULL,
	"media_type" text NOT NULL,
	"bytes" integer NOT NULL,
	"width" integer,
	"height" integer,
	"pages" integer,
	"hash" text NOT NULL,
	"idempotency_key" text,
	"storage_key" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"stored_at" timestamp with time zone,
	"expires_at" timestamp with time zone NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "uploads_account_key" UNIQUE("account_id","idempotency_key"),
	CONSTRAINT "uploads_visitor_key" UNIQUE("visitor_id","idempotency_key")
);

ALTER TABLE "identities" ADD CONSTRAINT "identities_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "grants" ADD CONSTRAINT "grants_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "outputs" ADD CONSTRAINT "outputs_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "run_chunks" ADD CONSTRAINT "run_chunks_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;
CREATE INDEX "identities_user" ON "identities" USING btree ("user_id");
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id");
CREATE INDEX "users_to_welcome" ON "users" USING btree ("id") WHERE "users"."email_verified" and "users"."welcomed_at" is null;
CREATE INDEX "users_staff" ON "users" USING btree ("role") WHERE "users"."role" <> 'user';
CREATE INDEX "verifications_identifier" ON "verifications" USING btree ("identifier");
CREATE INDEX "grants_open" ON "grants" USING btree ("account_id") WHERE open;
CREATE INDEX "grants_expiry" ON "grants" USING btree ("expires_at") WHERE open and expires_at is not null;
CREATE INDEX "holds_open" ON "holds" USING btree ("account_id","expires_at") WHERE status = 'open';
CREATE INDEX "mails_created" ON "mails" USING btree ("created_at");
CREATE INDEX "runs_account" ON "runs" USING btree ("account_id","id");
CREATE INDEX "runs_live" ON "runs" USING btree ("account_id","status") WHERE status in ('queued', 'running');
CREATE INDEX "runs_queue" ON "runs" USING btree ("status","id") WHERE status in ('queued', 'running');
CREATE INDEX "runs_tool" ON "runs" USING btree ("tool","id");
CREATE INDEX "runs_expiry" ON "runs" USING btree ("expires_at") WHERE purged_at is null;
CREATE INDEX "uploads_account" ON "uploads" USING btree ("account_id","id");
CREATE INDEX "uploads_visitor" ON "uploads" USING btree ("visitor_id");
CREATE INDEX "uploads_expiry" ON "uploads" USING btree ("expires_at") WHERE deleted_at is null;