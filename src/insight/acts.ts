import { and, desc, eq, gte, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { db } from "#platform/db";
import { acts, users } from "#schema";

/** The audit log, read. #platform/audit writes it. */

export type ActView = typeof acts.$inferSelect & {
  /** The actor's mail address today; null for the terminal, and for somebody who is gone. */
  actorMail: string | null;
  customerMail: string | null;
};

export type ActFilter = {
  /** A user's id or mail address; `terminal` for acts from the server's shell. */
  actor?: string | undefined;
  /** An action, or the noun it begins with: `credits.adjust`, `credits`. */
  action?: string | undefined;
  /**
   * The id of the object, of the customer concerned, or of the request; the customer's mail address; or the
   * network address that it came from.
   */
  object?: string | undefined;
  /** From this time on, and before that one. */
  from?: Date | undefined;
  to?: Date | undefined;
};

/** A page's end, from which the next goes on. */
export type ActCursor = { at: Date; id: string };

/** A page of acts, newest first. */
export async function listActs(
  filter: ActFilter,
  { limit, before }: { limit: number; before?: ActCursor | undefined },
): Promise<{ acts: ActView[]; next: ActCursor | null }> {
  const customer = alias(users, "customer");
  const rows = await db()
    .select({ act: acts, actorMail: users.email, customerMail: customer.email })
    .from(acts)
    .leftJoin(users, eq(users.id, acts.actorId))
    .leftJoin(customer, eq(customer.id, acts.customerId))
    .where(and(matching(filter), before && isBefore(before)))
    .orderBy(desc(acts.createdAt), desc(acts.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit).map(({ act, ...mails }) => ({ ...act, ...mails }));
  const last = page.at(-1);
  return {
    acts: page,
    next: rows.length > limit && last ? { at: last.createdAt, id: last.id } : null,
  };
}

/** Every act of a filter, newest first, a page at a time: for exports. */
export async function* eachAct(filter: ActFilter): AsyncGenerator<ActView> {
  let before: ActCursor | undefined;
  do {
    const page = await listActs(filter, { limit: 500, before });
    yield* page.acts;
    before = page.next ?? undefined;
  } while (before);
}

function isBefore({ at, id }: ActCursor): SQL {
  return sql`(${acts.createdAt}, ${acts.id}) < (${at.toISOString()}::timestamptz, ${id})`;
}

function matching({ actor, action, object, from, to }: ActFilter): SQL | undefined {
  return and(
    actor === undefined ? undefined : byActor(actor),
    action === undefined
      ? undefined
      : or(eq(acts.action, action), sql`starts_with(${acts.action}, ${`${action}.`})`),
    object === undefined ? undefined : concerning(object.trim()),
    from && gte(acts.createdAt, from),
    to && lt(acts.createdAt, to),
  );
}

/** Each is answered from an index of its own. */
function concerning(text: string): SQL | undefined {
  if (text.includes("@")) {
    return sql`${acts.customerId} = (select ${users.id} from ${users} where ${users.email} = ${text.toLowerCase()})`;
  }
  return or(
    sql`${acts.objectId} = ${text}`,
    sql`${acts.customerId} = ${text}`,
    sql`${acts.requestId} = ${text}`,
    eq(acts.address, text),
  );
}

function byActor(actor: string): SQL | undefined {
  if (actor === "terminal") return isNull(acts.actorId);
  const mail = actor.trim().toLowerCase();
  return or(
    sql`${acts.actorId} = ${actor.trim()}`,
    sql`${acts.actorId} = (select ${users.id} from ${users} where ${users.email} = ${mail})`,
  );
}
