import { and, desc, eq, sql } from "drizzle-orm";
import { type Actor, recordAct } from "#platform/audit";
import { db } from "#platform/db";
import type { Id } from "#platform/id";
import { enqueue } from "#platform/queue";
import { Refusal } from "#platform/refusal";
import { accounts, customers, stripeEvents, users } from "#schema";
import { maxAttempts } from "./event";

/** Stripe's events as staff see them: what came in, what went wrong, and trying again. */

export const eventStatuses = ["failed", "waiting", "done", "ignored"] as const;
export type EventStatus = (typeof eventStatuses)[number];

export type EventView = typeof stripeEvents.$inferSelect & {
  /** The customer of ours whom it is about. */
  customerId: Id<"user"> | null;
  customerMail: string | null;
};

/** A page's end, from which the next goes on. */
export type EventCursor = { at: Date; id: string };

/** A page of events, newest first; all of them without a status. */
export async function listEvents(
  {
    status,
    type,
    customer,
  }: { status?: EventStatus | undefined; type?: string | undefined; customer?: string | undefined },
  { limit, before }: { limit: number; before?: EventCursor | undefined },
): Promise<{ events: EventView[]; next: EventCursor | null }> {
  const rows = await db()
    .select({ event: stripeEvents, customerId: users.id, customerMail: users.email })
    .from(stripeEvents)
    .leftJoin(customers, eq(customers.stripeId, stripeEvents.stripeCustomerId))
    .leftJoin(accounts, and(eq(accounts.id, customers.accountId), eq(accounts.ownerType, "user")))
    .leftJoin(users, eq(users.id, accounts.ownerId))
    .where(
      and(
        status && eq(stripeEvents.status, status),
        type === undefined ? undefined : sql`starts_with(${stripeEvents.type}, ${type.trim()})`,
        customer === undefined
          ? undefined
          : sql`${customer.trim().toLowerCase()} in (lower(${stripeEvents.stripeCustomerId}), ${users.email})`,
        before &&
          sql`(${stripeEvents.receivedAt}, ${stripeEvents.id}) < (${before.at.toISOString()}::timestamptz, ${before.id})`,
      ),
    )
    .orderBy(desc(stripeEvents.receivedAt), desc(stripeEvents.id))
    .limit(limit + 1);
  const events = rows.slice(0, limit).map(({ event, ...whose }) => ({ ...event, ...whose }));
  const last = events.at(-1);
  return {
    events,
    next: rows.length > limit && last ? { at: last.receivedAt, id: last.id } : null,
  };
}

/**
 * Has an event processed anew.
 * @throws Refusal not_found
 */
export async function replayEvent(id: string, by: Actor): Promise<void> {
  await db().transaction(async (tx) => {
    const [event] = await tx.select().from(stripeEvents).where(eq(stripeEvents.id, id)).for("update");
    if (!event) throw new Refusal("not_found");
    await tx.update(stripeEvents).set({ status: "waiting", error: null }).where(eq(stripeEvents.id, id));
    await recordAct(tx, {
      ...{ by, action: "event.replay", object: { type: "event", id } },
      before: { status: event.status, attempts: event.attempts },
      after: { status: "waiting" },
    });
    await enqueue(tx, "billing.event", { eventId: id }, { key: `billing.event:${id}`, maxAttempts });
  });
}
