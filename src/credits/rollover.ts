import { sql } from "drizzle-orm";
import { type AccountId, type Command, submit } from "#ledger";
import { db, type Tx } from "#platform/db";
import { log } from "#platform/log";
import { type Pass, type PassOptions, passOver } from "#platform/pass";
import { Refusal } from "#platform/refusal";
import { rollovers } from "#schema";

/**
 * Rollover: what a plan's period leaves unspent goes on into the next, up to the plan's cap. docs/ledger.md has
 * the rule.
 */

export type Rollover = {
  accountId: AccountId;
  /** When the lots of the period that ends expire. */
  endedAt: Date;
  /** The plan's cap. */
  most: bigint;
  /** When what is carried expires: with the lots of the period that begins. */
  expiresAt: Date;
};

/** Carries over, once for each end of a period, however often it is sent. */
export function carryCommand({ accountId, endedAt, most, expiresAt }: Rollover): Command {
  const key = `rollover:${endedAt.toISOString()}`;
  return { verb: "carry", accountId, key, endedAt, most, expiresAt, cause: "rollover" };
}

/**
 * Has what the ending period leaves carried over as soon as its lots have expired. For whoever grants the next
 * period's credits, in the same transaction: so nothing is carried into a period that nobody paid for. Called
 * again for the same end, the last word counts until it is done.
 */
export async function carryLater(tx: Tx, { accountId, endedAt, most, expiresAt }: Rollover): Promise<void> {
  if (most === 0n) return;
  await tx
    .insert(rollovers)
    .values({ accountId, endedAt, most, expiresAt })
    .onConflictDoUpdate({ target: [rollovers.accountId, rollovers.endedAt], set: { most, expiresAt } });
}

/** Carries over what is due. @returns how many accounts kept credits. */
export async function carryDue(options: PassOptions = {}): Promise<Pass> {
  return passOver(dueRollovers, carry, options);
}

type Row = Pick<typeof rollovers.$inferSelect, "accountId" | "endedAt" | "most" | "expiresAt">;

async function dueRollovers(limit: number, after: Row | undefined): Promise<Row[]> {
  const { endedAt, accountId } = rollovers;
  return db()
    .select()
    .from(rollovers)
    .where(
      sql`${endedAt} <= (select money_now()) and (${endedAt}, ${accountId}) >
        (${after?.endedAt.toISOString() ?? "-infinity"}::timestamptz, ${after?.accountId ?? ""})`,
    )
    .orderBy(endedAt, accountId)
    .limit(limit);
}

async function carry(batch: readonly Row[]): Promise<number> {
  const carried = await Promise.all(batch.map(tryCarry));
  const settled = batch.filter((_, index) => carried[index] !== null);
  await db().execute(sql`
    delete from rollovers using unnest(
      ${sql.param(settled.map(({ accountId }) => accountId))}::text[],
      ${sql.param(settled.map(({ endedAt }) => endedAt.toISOString()))}::timestamptz[]
    ) as done (account_id, ended_at)
    where rollovers.account_id = done.account_id and rollovers.ended_at = done.ended_at`);
  return carried.filter((credits) => credits !== null && credits > 0n).length;
}

/** @returns how many credits were carried over now; null when it must be tried again. */
async function tryCarry(rollover: Row): Promise<bigint | null> {
  try {
    const { credits, repeated } = await submit(carryCommand(rollover));
    return repeated ? 0n : credits;
  } catch (error) {
    // It was carried over before, by another cap.
    if (error instanceof Refusal && error.code === "idempotency_conflict") return 0n;
    log().error({ err: error, account: rollover.accountId }, "could not carry credits over");
    return null;
  }
}
