import { and, eq, lt, sql } from "drizzle-orm";
import type { Task } from "graphile-worker";
import Stripe from "stripe";
import { z } from "zod";
import { db } from "#platform/db";
import { log } from "#platform/log";
import { Refusal } from "#platform/refusal";
import { customers, stripeEvents } from "#schema";
import { isOfOurMode } from "./play-money";
import { idOf, stripe, takesRealMoney, timeOf, webhookSecret } from "./stripe";
import { syncAccount } from "./sync";

/**
 * The inbox of Stripe's events: verified, stored once by its id, answered; a job does the rest. An event
 * tells only whom to look at: what is applied is what Stripe says of that customer now (state.ts).
 */

type StripeEvent = typeof stripeEvents.$inferSelect;

/** Older signatures are refused: whoever recorded a request cannot send it again later. */
const toleranceSeconds = 300;
/** About two days, with graphile-worker's growing pauses. */
export const maxAttempts = 14;
/** Those whose object is the customer, or tells who it is. */
const concerned =
  /^(customer|invoice|charge|checkout\.session|payment_intent|payment_method|setup_intent|subscription_schedule|refund)\b/;

const objectSchema = z.looseObject({
  id: z.string().optional(),
  object: z.string(),
  customer: z.union([z.string(), z.looseObject({ id: z.string() })]).nullish(),
  charge: z.union([z.string(), z.looseObject({ id: z.string() })]).nullish(),
});

/**
 * Takes an event in.
 * @param body exactly as it was sent
 * @returns false for one that was known
 * @throws Refusal signature_invalid
 */
export async function receiveEvent(body: string, signature: string | undefined): Promise<boolean> {
  const event = verify(body, signature);
  const object = objectSchema.parse(event.data.object);
  const customer = object.object === "customer" ? object.id : idOf(object.customer);
  // One statement: the event and its job, or neither. A dispute names its charge alone.
  const { rows } = await db().execute(sql`
    with made as (
      insert into stripe_events (id, type, stripe_customer_id, object_id, livemode, created_at)
      values (${event.id}, ${event.type}, ${customer ?? null}, ${idOf(object.charge) ?? object.id ?? null},
        ${event.livemode}, ${timeOf(event.created).toISOString()}::timestamptz)
      on conflict (id) do nothing
      returning id
    )
    select graphile_worker.add_job(
      identifier => 'billing.event',
      payload => json_build_object('eventId', id),
      max_attempts => ${maxAttempts}::int,
      job_key => 'billing.event:' || id
    ) from made`);
  return rows.length > 0;
}

function verify(body: string, signature: string | undefined): Stripe.Event {
  const secret = webhookSecret();
  try {
    return Stripe.webhooks.constructEvent(body, signature ?? "", secret, toleranceSeconds);
  } catch (error) {
    log().warn(
      { reason: error instanceof Error ? error.message.split("\n")[0] : null },
      "a webhook was refused",
    );
    throw new Refusal("signature_invalid");
  }
}

/** Processes one event: `{ eventId }`. What fails is tried again, and in the end listed for a person. */
export const processEvent: Task = async (payload, { job }) => {
  const { eventId } = z.object({ eventId: z.string() }).parse(payload);
  const mine = eq(stripeEvents.id, eventId);
  const [event] = await db().select().from(stripeEvents).where(mine);
  if (!event || event.status === "done" || event.status === "ignored") return;
  try {
    const ignored = await follow(event);
    await db()
      .update(stripeEvents)
      .set({
        status: ignored ? "ignored" : "done",
        error: ignored,
        attempts: sql`${stripeEvents.attempts} + 1`,
        processedAt: sql`clock_timestamp()`,
      })
      .where(mine);
  } catch (error) {
    const message = (error instanceof Error ? error.message : String(error)).slice(0, 500);
    const over = job.attempts >= job.max_attempts;
    await db()
      .update(stripeEvents)
      .set({
        status: over ? "failed" : "waiting",
        error: message,
        attempts: sql`${stripeEvents.attempts} + 1`,
      })
      .where(mine);
    if (!over) throw error;
    log().error({ err: error, event: eventId }, "an event of Stripe's was given up");
  }
};

/** Looks at the customer of whom the event tells. @returns why it is none of ours, or null */
async function follow(event: StripeEvent): Promise<string | null> {
  const customer = event.stripeCustomerId ?? (await customerOfDispute(event));
  if (!customer) return concerned.test(event.type) ? "no_customer" : "not_needed";
  const [found] = await db()
    .select({ accountId: customers.accountId, livemode: customers.livemode })
    .from(customers)
    .where(eq(customers.stripeId, customer));
  if (!found) return "unknown_customer";
  // Stripe was asked after this event had come in: what was applied then includes it.
  const [seen] = await db()
    .select({ accountId: customers.accountId })
    .from(customers)
    .innerJoin(stripeEvents, lt(stripeEvents.receivedAt, customers.askedAt))
    .where(and(eq(customers.accountId, found.accountId), eq(stripeEvents.id, event.id)));
  if (seen) return null;
  // Nobody looks at him with these keys: what the event tells would be lost.
  if (!isOfOurMode(found)) {
    const [his, ours] = takesRealMoney() ? ["test", "live"] : ["live", "test"];
    throw new Error(`the customer is of Stripe's ${his} mode, STRIPE_SECRET_KEY is a ${ours} key`);
  }
  await syncAccount(found.accountId);
  return null;
}

async function customerOfDispute({ type, objectId }: StripeEvent): Promise<string | null> {
  if (!type.startsWith("charge.dispute") || !objectId) return null;
  return idOf((await stripe().charges.retrieve(objectId)).customer);
}
