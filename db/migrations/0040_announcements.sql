CREATE TABLE "announcement_people" (
	"announcement_id" text NOT NULL,
	"user_id" text NOT NULL,
	"mail" text NOT NULL,
	"read_at" timestamp (3) with time zone,
	"dismissed_at" timestamp (3) with time zone,
	CONSTRAINT "announcement_people_pkey" PRIMARY KEY("announcement_id","user_id"),
	CONSTRAINT "announcement_people_mail" CHECK ("announcement_people"."mail" in ('none', 'waiting', 'mailed', 'left_out'))
);

CREATE TABLE "announcements" (
	"id" text PRIMARY KEY NOT NULL,
	"title_en" text NOT NULL,
	"title_zh" text NOT NULL,
	"text_en" text NOT NULL,
	"text_zh" text NOT NULL,
	"banner" boolean NOT NULL,
	"mail" boolean NOT NULL,
	"filter" jsonb NOT NULL,
	"view" jsonb NOT NULL,
	"shows_from" timestamp (3) with time zone,
	"shows_until" timestamp (3) with time zone,
	"status" text DEFAULT 'draft' NOT NULL,
	"people" integer DEFAULT 0 NOT NULL,
	"to_mail" integer DEFAULT 0 NOT NULL,
	"mailed" integer DEFAULT 0 NOT NULL,
	"left_out" integer DEFAULT 0 NOT NULL,
	"created_by" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"sent_at" timestamp (3) with time zone,
	CONSTRAINT "announcements_status" CHECK ("announcements"."status" in ('draft', 'sending', 'sent', 'stopped')),
	CONSTRAINT "announcements_mailed" CHECK ("announcements"."mailed" + "announcements"."left_out" <= "announcements"."to_mail"),
	CONSTRAINT "announcements_to_mail" CHECK ("announcements"."to_mail" <= "announcements"."people"),
	CONSTRAINT "announcements_sent" CHECK (("announcements"."status" = 'draft') = ("announcements"."sent_at" is null))
);

ALTER TABLE "mail_choices" ADD COLUMN "news" boolean DEFAULT true NOT NULL;
ALTER TABLE "announcement_people" ADD CONSTRAINT "announcement_people_announcement_id_announcements_id_fk" FOREIGN KEY ("announcement_id") REFERENCES "public"."announcements"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "announcement_people" ADD CONSTRAINT "announcement_people_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;
CREATE INDEX "announcement_people_user" ON "announcement_people" USING btree ("user_id","announcement_id");
CREATE INDEX "announcement_people_waiting" ON "announcement_people" USING btree ("announcement_id","user_id") WHERE "announcement_people"."mail" = 'waiting';
CREATE INDEX "announcements_listed" ON "announcements" USING btree ("created_at","id");