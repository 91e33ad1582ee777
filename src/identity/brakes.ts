import { and, eq, gt, isNotNull, lt, ne, type SQL, sql } from "drizzle-orm";
import { type Actor, recordAct } from "#platform/audit";
import { config } from "#platform/config";
import { db, type Queryable, type Tx } from "#platform/db";
import type { Id } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { signUps, welcomeRules } from "#schema";
import { noteSignUp } from "./sign-up";

/** When free credits wait for a look by staff: what many accounts of one person have in common. */

export const welcomeSignals = ["network", "domain", "mailbox", "disposable", "velocity"] as const;
export type WelcomeSignal = (typeof welcomeSignals)[number];

export type WelcomeRules = Omit<typeof welcomeRules.$inferSelect, "id">;

const initial: WelcomeRules = {
  ...{ perNetwork: 3, perDomain: 10, disposable: true, hourLeast: 100, hourFactor: 5, version: 0 },
};

export async function readWelcomeRules(queryable: Queryable = db()): Promise<WelcomeRules> {
  const [row] = await queryable.select().from(welcomeRules);
  if (!row) return initial;
  const { id: _, ...rules } = row;
  return rules;
}

/**
 * @param wish with the version that it was made from
 * @throws Refusal draft_stale when somebody else has changed them since
 */
export async function changeWelcomeRules(
  { version, ...wish }: WelcomeRules,
  { by, reason }: { by: Actor; reason: string },
): Promise<void> {
  await db().transaction(async (tx) => {
    await tx.insert(welcomeRules).values({ id: true }).onConflictDoNothing();
    const [old] = await tx.select().from(welcomeRules).where(eq(welcomeRules.id, true)).for("update");
    if (old?.version !== version) throw new Refusal("draft_stale");
    await tx.update(welcomeRules).set({ ...wish, version: version + 1 });
    const { id: _, version: __, ...before } = old;
    await recordAct(tx, {
      ...{ by, action: "welcome.rules", object: { type: "settings", id: "welcome" }, reason },
      ...{ before, after: wish },
    });
  });
}

/**
 * Judges a welcome and writes the verdict down, in the transaction that gives or withholds it. One at a time over
 * the whole site: of many at the same moment each counts all before it.
 * @returns why it is to wait; nothing: it is given
 */
export async function judgeWelcome(
  tx: Tx,
  user: { id: Id<"user">; email: string },
): Promise<WelcomeSignal[]> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('identity.welcomes', 0))`);
  // Whose note was lost on the way is known by the mail address at least.
  await noteSignUp(tx, user, null);
  const [row] = await tx.select().from(signUps).where(eq(signUps.userId, user.id));
  if (!row) throw new Error(`the sign-up of ${user.id} is gone`);
  const signals = await signalsOf(tx, row, user.email);
  await tx
    .update(signUps)
    .set({ signals, welcome: signals.length > 0 ? "waiting" : "given", judgedAt: nowMs })
    .where(eq(signUps.userId, user.id));
  return signals;
}

/** Whole milliseconds, as cursors have them. */
export const nowMs = sql`date_trunc('milliseconds', clock_timestamp())`;

/**
 * In development everybody comes from this machine, which also runs the tests of a whole site, so there it takes a
 * hundred times as many.
 */
const least = (count: number) => (config().production ? count : count * 100);

async function signalsOf(
  tx: Tx,
  { userId, network, mailbox, domain }: typeof signUps.$inferSelect,
  email: string,
): Promise<WelcomeSignal[]> {
  const rules = await readWelcomeRules(tx);
  const others = (...conditions: (SQL | undefined)[]) =>
    tx.$count(signUps, and(ne(signUps.userId, userId), isNotNull(signUps.judgedAt), ...conditions));
  const lately = gt(signUps.judgedAt, sql`now() - interval '1 day'`);
  const found: WelcomeSignal[] = [];
  if (network && (await others(eq(signUps.network, network), lately)) >= least(rules.perNetwork))
    found.push("network");
  if (domain && (await others(eq(signUps.domain, domain), lately)) >= least(rules.perDomain))
    found.push("domain");
  if ((await others(eq(signUps.mailbox, mailbox))) > 0) found.push("mailbox");
  if (rules.disposable && (await isDisposable(email))) found.push("disposable");
  if (await isRush(rules, others)) found.push("velocity");
  return found;
}

/** Of a domain that hands out addresses to be thrown away, or of one below it. */
async function isDisposable(email: string): Promise<boolean> {
  // A megabyte, which only the worker needs.
  const { default: checker } = await import("mailchecker");
  const list = checker.blacklist();
  const labels = email
    .slice(email.lastIndexOf("@") + 1)
    .toLowerCase()
    .split(".");
  return labels.some((_label, index) => list.has(labels.slice(index).join(".")));
}

const usualDays = 14;

/** Far more in this hour than in the hours of the last two weeks. */
async function isRush(
  { hourLeast, hourFactor }: WelcomeRules,
  others: (...conditions: (SQL | undefined)[]) => PromiseLike<number>,
): Promise<boolean> {
  const hour = sql`now() - interval '1 hour'`;
  const now = await others(gt(signUps.judgedAt, hour));
  if (now < least(hourLeast)) return false;
  const before = await others(
    gt(signUps.judgedAt, sql`now() - make_interval(days => ${usualDays}::int)`),
    lt(signUps.judgedAt, hour),
  );
  return now >= (before / (usualDays * 24)) * hourFactor;
}
