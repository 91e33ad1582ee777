CREATE TABLE "tool_call_messages" (
	"run_id" text NOT NULL,
	"message_id" text NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tool_call_messages_pkey" PRIMARY KEY("run_id","message_id")
);

CREATE TABLE "tool_calls" (
	"run_id" text PRIMARY KEY NOT NULL,
	"accepted_at" timestamp with time zone,
	"progress" real,
	"step" text,
	"reply" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE "tool_secrets" (
	"slug" text PRIMARY KEY NOT NULL,
	"secret" text NOT NULL,
	"hint" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"previous" text,
	"previous_until" timestamp with time zone,
	CONSTRAINT "tool_secrets_previous" CHECK (("tool_secrets"."previous" is null) = ("tool_secrets"."previous_until" is null))
);

ALTER TABLE "tool_call_messages" ADD CONSTRAINT "tool_call_messages_run_id_tool_calls_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."tool_calls"("run_id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "tool_calls" ADD CONSTRAINT "tool_calls_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;