CREATE TABLE "registration_days" (
	"day" date NOT NULL,
	"source" text NOT NULL,
	"signups" integer DEFAULT 0 NOT NULL,
	"activated" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "registration_days_pkey" PRIMARY KEY("day","source")
);

CREATE TABLE "rollups" (
	"name" text PRIMARY KEY NOT NULL,
	"zone" text NOT NULL,
	"as_of" timestamp with time zone NOT NULL,
	"made_at" timestamp with time zone NOT NULL
);

CREATE INDEX "users_created" ON "users" USING brin ("created_at");
CREATE INDEX "runs_created" ON "runs" USING brin ("created_at");