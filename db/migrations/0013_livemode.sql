ALTER TABLE "customers" ADD COLUMN "livemode" boolean;
