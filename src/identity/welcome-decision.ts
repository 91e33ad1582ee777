import { and, asc, desc, eq, isNotNull, sql } from "drizzle-orm";
import { type Actor, recordAct } from "#platform/audit";
import { announce } from "#platform/changes";
import { db } from "#platform/db";
import type { Id } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { signUps, users } from "#schema";
import { nowMs, type WelcomeSignal, welcomeSignals } from "./brakes";
import { giveWelcome } from "./welcome";

/** Welcomes that wait: who, why, and what staff make of them. */

export type WelcomeState = "given" | "waiting" | "refused";
export const welcomeStates = signUps.welcome.enumValues;

export type OtherSignUp = { id: Id<"user">; email: string; welcome: WelcomeState | null };

export type WaitingWelcome = {
  id: Id<"user">;
  email: string;
  name: string;
  signals: WelcomeSignal[];
  domain: string | null;
  welcome: WelcomeState;
  judgedAt: Date;
  decidedAt: Date | null;
  /** How many others came from the same network, and the first of them. */
  sameNetwork: number;
  others: OtherSignUp[];
};

const mostOthers = 5;

/** A page: waiting ones oldest first, others by their decision, newest first. `after` ends the page before. */
export async function listWelcomes({
  state,
  limit,
  after,
}: {
  state: WelcomeState;
  limit: number;
  after?: { at: Date; id: string } | undefined;
}): Promise<{ welcomes: WaitingWelcome[]; next: { at: Date; id: string } | null }> {
  const waits = state === "waiting";
  const time = waits ? signUps.judgedAt : signUps.decidedAt;
  const beyond =
    after &&
    (waits
      ? sql`(${time}, ${signUps.userId}) > (${after.at.toISOString()}::timestamptz, ${after.id})`
      : sql`(${time}, ${signUps.userId}) < (${after.at.toISOString()}::timestamptz, ${after.id})`);
  const same = sql`o.network = ${signUps.network} and o.user_id <> ${signUps.userId}`;
  const rows = await db()
    .select({
      id: signUps.userId,
      email: users.email,
      name: users.name,
      signals: signUps.signals,
      domain: signUps.domain,
      judgedAt: sql<Date>`${signUps.judgedAt}`.mapWith(signUps.judgedAt),
      decidedAt: signUps.decidedAt,
      sameNetwork: sql<number>`(select count(*)::int from sign_ups o where ${same})`,
      others: sql<OtherSignUp[]>`coalesce((
        select json_agg(json_build_object('id', u.id, 'email', u.email, 'welcome', o.welcome) order by o.created_at)
        from (select * from sign_ups o where ${same} order by created_at limit ${mostOthers}) o
        join users u on u.id = o.user_id), '[]')`,
    })
    .from(signUps)
    .innerJoin(users, eq(users.id, signUps.userId))
    .where(and(eq(signUps.welcome, state), waits ? undefined : isNotNull(signUps.decidedAt), beyond))
    .orderBy(waits ? asc(time) : desc(time), waits ? asc(signUps.userId) : desc(signUps.userId))
    .limit(limit + 1);
  const page = rows.slice(0, limit).map(({ signals, ...row }) => ({
    ...row,
    welcome: state,
    signals: welcomeSignals.filter((signal) => signals.includes(signal)),
  }));
  const last = page.at(-1);
  const next =
    rows.length > limit && last
      ? { at: (waits ? null : last.decidedAt) ?? last.judgedAt, id: last.id }
      : null;
  return { welcomes: page, next };
}

/**
 * Gives a welcome that waits, or refuses it for good. Of two who decide at once the second is told.
 * @throws Refusal welcome_decided, not_found for somebody whose welcome never waited
 */
export async function decideWelcome(
  userId: Id<"user">,
  decision: Exclude<WelcomeState, "waiting">,
  { by, reason }: { by: Actor; reason: string },
): Promise<void> {
  const accountId = await db().transaction(async (tx) => {
    const [decided] = await tx
      .update(signUps)
      .set({
        welcome: decision,
        decidedBy: by.id,
        decidedAt: nowMs,
      })
      .where(and(eq(signUps.userId, userId), eq(signUps.welcome, "waiting")))
      .returning();
    if (!decided) {
      const known = await tx.$count(signUps, and(eq(signUps.userId, userId), isNotNull(signUps.decidedAt)));
      throw new Refusal(known > 0 ? "welcome_decided" : "not_found");
    }
    const [user] = await tx.select().from(users).where(eq(users.id, userId));
    if (!user) throw new Refusal("not_found");
    await recordAct(tx, {
      ...{ by, action: "welcome.decide", object: { type: "user", id: userId }, customerId: userId, reason },
      ...{ before: { welcome: "waiting" }, after: { welcome: decision, signals: decided.signals } },
    });
    return decision === "given" ? giveWelcome(tx, user) : null;
  });
  if (accountId) announce({ owner: accountId, balance: true });
}

/** What a customer is told of their own welcome: that it waits, or was refused of late; else nothing. */
export async function findWithheldWelcome(userId: Id<"user">): Promise<"waiting" | "refused" | null> {
  const [row] = await db()
    .select({
      welcome: signUps.welcome,
      told: sql<boolean>`coalesce(${signUps.decidedAt} > now() - interval '30 days', true)`,
    })
    .from(signUps)
    .where(eq(signUps.userId, userId));
  if (!row?.welcome || row.welcome === "given" || !row.told) return null;
  return row.welcome;
}
