CREATE TABLE "sign_ups" (
	"user_id" text PRIMARY KEY NOT NULL,
	"network" text,
	"mailbox" text NOT NULL,
	"domain" text,
	"signals" text[] DEFAULT '{}'::text[] NOT NULL,
	"welcome" text,
	"judged_at" timestamp with time zone,
	"decided_by" text,
	"decided_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sign_ups_welcome" CHECK ("sign_ups"."welcome" in ('given', 'waiting', 'refused')),
	CONSTRAINT "sign_ups_judged" CHECK (("sign_ups"."welcome" is null) = ("sign_ups"."judged_at" is null))
);

CREATE TABLE "welcome_rules" (
	"id" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"per_network" integer DEFAULT 3 NOT NULL,
	"per_domain" integer DEFAULT 10 NOT NULL,
	"disposable" boolean DEFAULT true NOT NULL,
	"hour_least" integer DEFAULT 100 NOT NULL,
	"hour_factor" integer DEFAULT 5 NOT NULL,
	"version" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "welcome_rules_one" CHECK ("welcome_rules"."id"),
	CONSTRAINT "welcome_rules_counts" CHECK ("welcome_rules"."per_network" > 0 and "welcome_rules"."per_domain" > 0 and "welcome_rules"."hour_least" > 0 and "welcome_rules"."hour_factor" > 0)
);

ALTER TABLE "sign_ups" ADD CONSTRAINT "sign_ups_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;
CREATE INDEX "sign_ups_network" ON "sign_ups" USING btree ("network","judged_at");
CREATE INDEX "sign_ups_domain" ON "sign_ups" USING btree ("domain","judged_at");
CREATE INDEX "sign_ups_mailbox" ON "sign_ups" USING btree ("mailbox") WHERE judged_at is not null;
CREATE INDEX "sign_ups_judged" ON "sign_ups" USING btree ("judged_at");
CREATE INDEX "sign_ups_waiting" ON "sign_ups" USING btree ("judged_at","user_id") WHERE welcome = 'waiting';
CREATE INDEX "sign_ups_decided" ON "sign_ups" USING btree ("decided_at","user_id") WHERE decided_at is not null;
CREATE INDEX "sign_ups_remembered" ON "sign_ups" USING btree ("created_at") WHERE network is not null;