CREATE TABLE "gift_people" (
	"gift_id" text NOT NULL,
	"account_id" text NOT NULL,
	"status" text DEFAULT 'waiting' NOT NULL,
	"grant_id" text,
	"taken" bigint,
	CONSTRAINT "gift_people_pkey" PRIMARY KEY("gift_id","account_id"),
	CONSTRAINT "gift_people_status_known" CHECK ("gift_people"."status" in ('waiting', 'given', 'left_out', 'undone')),
	CONSTRAINT "gift_people_lot" CHECK (("gift_people"."status" in ('given', 'undone')) = ("gift_people"."grant_id" is not null)),
	CONSTRAINT "gift_people_taken" CHECK (("gift_people"."status" = 'undone') = ("gift_people"."taken" is not null) and "gift_people"."taken" >= 0)
);

CREATE TABLE "gifts" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"credits" bigint NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"filter" jsonb NOT NULL,
	"people" integer NOT NULL,
	"given" integer DEFAULT 0 NOT NULL,
	"left_out" integer DEFAULT 0 NOT NULL,
	"undone" integer DEFAULT 0 NOT NULL,
	"taken" bigint DEFAULT 0 NOT NULL,
	"created_by" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"given_at" timestamp (3) with time zone,
	"undone_by" text,
	"undone_at" timestamp (3) with time zone,
	"taken_at" timestamp (3) with time zone,
	CONSTRAINT "gifts_credits_positive" CHECK ("gifts"."credits" > 0),
	CONSTRAINT "gifts_people" CHECK ("gifts"."given" + "gifts"."left_out" <= "gifts"."people" and "gifts"."people" > 0),
	CONSTRAINT "gifts_undone" CHECK ("gifts"."undone" <= "gifts"."given"),
	CONSTRAINT "gifts_taken" CHECK ("gifts"."taken" <= "gifts"."credits" * "gifts"."given"),
	CONSTRAINT "gifts_taken_when_undone" CHECK ("gifts"."taken_at" is null or "gifts"."undone_at" is not null)
);

ALTER TABLE "gift_people" ADD CONSTRAINT "gift_people_gift_id_gifts_id_fk" FOREIGN KEY ("gift_id") REFERENCES "public"."gifts"("id") ON DELETE no action ON UPDATE no action;
CREATE INDEX "gift_people_status" ON "gift_people" USING btree ("gift_id","status","account_id");
CREATE INDEX "gifts_listed" ON "gifts" USING btree ("created_at","id");