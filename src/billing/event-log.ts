import { and, desc, eq, inArray, or, type SQL, sql } from "drizzle-orm";
import type { Task } from "graphile-worker";
import { z } from "zod";
import { type Actor, recordAct } from "#platform/audit";
import { db, type Tx } from "#platform/db";
import type { Id } from "#platform/id";
import { enqueue } from "#platform/queue";
import { Refusal } from "#platform/refusal";
import { accounts, customers, stripeEvents, users } from "#schema";
import { maxAttempts } from "./event";
import { askStripe, isMissing } from "./stripe";

/** Stripe's events as staff see them: what came in, what went wrong, and trying again. */

export const eventStatuses = ["failed", "waiting", "done", "ignored"] as const;
export type EventStatus = (typeof eventStatuses)[number];

export type EventView = typeof stripeEvents.$inferSelect & {
  /** The customer of ours whom it is about. */
  customerId: Id<"user"> | null;
  customerMail: string | null;
};

export type EventFilter = {
  status?: EventStatus | undefined;
  /** What the type begins with. */
  type?: string | undefined;
  /** A mail address, or Stripe's id. */
  customer?: string | undefined;
};

/** A page's end, from which the next goes on. */
export type EventCursor = { at: Date; id: string };

/** A page of events, newest first; all of them without a status. */
export async function listEvents(
  filter: EventFilter,
  { limit, before }: { limit: number; before?: EventCursor | undefined },
): Promise<{ events: EventView[]; next: EventCursor | null }> {
  const rows = await select(
    and(
      matching(filter),
      before &&
        sql`(${stripeEvents.receivedAt}, ${stripeEvents.id}) < (${before.at.toISOString()}::timestamptz, ${before.id})`,
    ),
    limit + 1,
  );
  const events = rows.slice(0, limit);
  const last = events.at(-1);
  return {
    events,
    next: rows.length > limit && last ? { at: last.receivedAt, id: last.id } : null,
  };
}

function matching({ status, type, customer }: EventFilter): SQL | undefined {
  return and(
    status && eq(stripeEvents.status, status),
    type === undefined ? undefined : sql`starts_with(${stripeEvents.type}, ${type.trim()})`,
    customer === undefined ? undefined : about(customer.trim().toLowerCase()),
  );
}

function about(customer: string): SQL | undefined {
  return or(
    sql`lower(${stripeEvents.stripeCustomerId}) = ${customer}`,
    sql`${stripeEvents.stripeCustomerId} = (
      select c.stripe_id from users u
        join accounts a on a.owner_type = 'user' and a.owner_id = u.id
        join customers c on c.account_id = a.id
      where u.email = ${customer})`,
  );
}

/** Events with the customer of ours whom each is about, newest first. */
async function select(where: SQL | undefined, limit: number): Promise<EventView[]> {
  const rows = await db()
    .select({ event: stripeEvents, customerId: users.id, customerMail: users.email })
    .from(stripeEvents)
    .leftJoin(customers, eq(customers.stripeId, stripeEvents.stripeCustomerId))
    .leftJoin(accounts, and(eq(accounts.id, customers.accountId), eq(accounts.ownerType, "user")))
    .leftJoin(users, eq(users.id, accounts.ownerId))
    .where(where)
    .orderBy(desc(stripeEvents.receivedAt), desc(stripeEvents.id))
    .limit(limit);
  return rows.map(({ event, ...whose }) => ({ ...event, ...whose }));
}

/**
 * Has an event processed anew.
 * @throws Refusal not_found
 */
export async function replayEvent(id: string, by: Actor): Promise<void> {
  await db().transaction(async (tx) => {
    const [event] = await tx.select().from(stripeEvents).where(eq(stripeEvents.id, id)).for("update");
    if (!event) throw new Refusal("not_found");
    await recordAct(tx, {
      ...{ by, action: "event.replay", object: { type: "event", id } },
      before: { status: event.status, attempts: event.attempts },
      after: { status: "waiting" },
    });
    await putBack(tx, id);
  });
}

/** Has several processed anew, all or none. @throws Refusal not_found when one is not there */
export async function replayEvents(ids: readonly string[], by: Actor): Promise<void> {
  await db().transaction(async (tx) => {
    const found = await tx
      .select()
      .from(stripeEvents)
      .where(inArray(stripeEvents.id, [...ids]))
      .orderBy(stripeEvents.id)
      .for("update");
    if (found.length < new Set(ids).size) throw new Refusal("not_found");
    for (const { id, status, attempts } of found) {
      await recordAct(tx, {
        ...{ by, action: "event.replay", object: { type: "event", id } },
        before: { status, attempts },
        after: { status: "waiting" },
      });
      await putBack(tx, id);
    }
  });
}

export type FailedFilter = Pick<EventFilter, "type" | "customer">;

/**
 * Has all that were given up, of a filter, processed anew: by a job, for they may be many.
 * @returns how many there are
 */
export async function replayFailed(filter: FailedFilter, by: Actor): Promise<number> {
  return db().transaction(async (tx) => {
    const where = matching({ ...filter, status: "failed" });
    const [found] = await tx.select({ count: sql<number>`count(*)::int` }).from(stripeEvents).where(where);
    const count = found?.count ?? 0;
    if (count === 0) return 0;
    await recordAct(tx, {
      ...{ by, action: "event.replayAll", object: { type: "event", id: filter.type ?? "*" } },
      before: { status: "failed", count },
      after: { status: "waiting" },
    });
    await enqueue(tx, "billing.replay", { ...filter });
    return count;
  });
}

const replayBatch = 200;
const failedSchema = z.object({ type: z.string().optional(), customer: z.string().optional() });

/** Puts back what `replayFailed` was asked for, so many in a transaction; begun anew it goes on where it was. */
export const replayTask: Task = async (payload, { abortSignal }) => {
  const { type, customer } = failedSchema.parse(payload);
  const where = matching({ type, customer, status: "failed" });
  for (let left = true; left; ) {
    if (abortSignal?.aborted) throw new Error("the process is stopping");
    left = await db().transaction(async (tx) => {
      const found = await tx
        .select({ id: stripeEvents.id })
        .from(stripeEvents)
        .where(where)
        .orderBy(stripeEvents.receivedAt, stripeEvents.id)
        .limit(replayBatch)
        .for("update", { skipLocked: true });
      for (const { id } of found) await putBack(tx, id);
      return found.length === replayBatch;
    });
  }
};

async function putBack(tx: Tx, id: string): Promise<void> {
  await tx.update(stripeEvents).set({ status: "waiting", error: null }).where(eq(stripeEvents.id, id));
  await enqueue(tx, "billing.event", { eventId: id }, { key: `billing.event:${id}`, maxAttempts });
}

/** One event as staff see it. @throws Refusal not_found */
export async function requireEvent(id: string): Promise<EventView> {
  const [found] = await select(eq(stripeEvents.id, id), 1);
  if (!found) throw new Refusal("not_found");
  return found;
}

/**
 * What Stripe told with it. We keep ids alone, so Stripe is asked; it forgets an event after 30 days.
 * @returns null when Stripe no longer has it
 * @throws Refusal not_found, payments_off, payments_unreachable
 */
export async function readPayload(id: string): Promise<unknown> {
  await requireEvent(id);
  return askStripe(async (client) => {
    try {
      return await client.events.retrieve(id);
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  });
}
