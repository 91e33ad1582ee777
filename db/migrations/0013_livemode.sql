ALTER TABLE "customers" ADD COLUMN "livemode" boolean;
-- As their events told; of the others the next look at them in Stripe does.
UPDATE "customers" SET "livemode" = e."livemode" FROM "stripe_events" e WHERE e."stripe_customer_id" = "customers"."stripe_id";
