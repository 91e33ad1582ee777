CREATE TABLE "mail_choices" (
	"user_id" text PRIMARY KEY NOT NULL,
	"expiring" boolean DEFAULT true NOT NULL,
	"low_balance" boolean DEFAULT true NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);

CREATE TABLE "notices" (
	"account_id" text NOT NULL,
	"kind" text NOT NULL,
	"day" date NOT NULL,
	"until" timestamp with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "notices_pkey" PRIMARY KEY("account_id","kind","day")
);

ALTER TABLE "mails" ADD COLUMN "unsubscribe" text;
ALTER TABLE "mail_choices" ADD CONSTRAINT "mail_choices_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;