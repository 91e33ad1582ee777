import { sql } from "drizzle-orm";
import { type AccountId, type Command, type GrantId, submit } from "#ledger";
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
  // Before the row is gone: whoever is stopped in between does both again.
  await carryPayments(carried.flatMap((one) => one?.lot ?? []));
  await db().execute(sql`
    delete from rollovers using unnest(
      ${sql.param(settled.map(({ accountId }) => accountId))}::text[],
      ${sql.param(settled.map(({ endedAt }) => endedAt.toISOString()))}::timestamptz[]
    ) as done (account_id, ended_at)
    where rollovers.account_id = done.account_id and rollovers.ended_at = done.ended_at`);
  return carried.filter((one) => one && one.credits > 0n).length;
}

/** How many credits were carried over now, and the lot that they are in, now or before. */
type Carried = { credits: bigint; lot: CarriedLot | null };
type CarriedLot = { accountId: AccountId; grantId: GrantId; endedAt: Date; credits: bigint };

/** @returns null when it must be tried again. */
async function tryCarry(rollover: Row): Promise<Carried | null> {
  const { accountId, endedAt } = rollover;
  try {
    const { credits, grantId, repeated } = await submit(carryCommand(rollover));
    const lot = grantId && { accountId, grantId, endedAt, credits };
    return { credits: repeated ? 0n : credits, lot };
  } catch (error) {
    // It was carried over before, by another cap.
    if (error instanceof Refusal && error.code === "idempotency_conflict") return { credits: 0n, lot: null };
    log().error({ err: error, account: rollover.accountId }, "could not carry credits over");
    return null;
  }
}

/**
 * What was paid for credits goes on with them, so that its revenue stays deferred: a carried lot is worth the
 * share of what the lots before it had lost by then. Lots of two currencies are worth what most was paid in.
 */
async function carryPayments(lots: readonly CarriedLot[]): Promise<void> {
  if (lots.length === 0) return;
  await db().execute(sql`
    with carried as (
      select * from unnest(
        ${sql.param(lots.map(({ accountId }) => accountId))}::text[],
        ${sql.param(lots.map(({ grantId }) => grantId))}::text[],
        ${sql.param(lots.map(({ endedAt }) => endedAt.toISOString()))}::timestamptz[],
        ${sql.param(lots.map(({ credits }) => `${credits}`))}::int8[]
      ) as c (account_id, grant_id, ended_at, credits)
    ), lost as (
      select c.account_id, c.grant_id, c.credits, g.id as lot_id, g.credits as granted, -sum(e.credits) as lost
      from carried c
        join grants made on made.account_id = c.account_id and made.id = c.grant_id
        join grants g on g.account_id = c.account_id and g.source = 'plan' and g.expires_at = c.ended_at
        join entries e on e.account_id = g.account_id and e.seq >= first_entry_at(g.account_id, g.expires_at)
          and e.grant_id = g.id and e.kind = 'expired' and e.created_at <= made.created_at
      group by c.account_id, c.grant_id, c.credits, g.id, g.credits
    ), worth as (
      select l.account_id, l.grant_id, p.currency,
        round(sum(p.amount::numeric * l.lost / l.granted) * l.credits / (
          select sum(one.lost) from lost one
          where one.account_id = l.account_id and one.grant_id = l.grant_id
        )) as amount
      from lost l join lot_payments p on p.account_id = l.account_id and p.grant_id = l.lot_id
      group by l.account_id, l.grant_id, l.credits, p.currency
    )
    insert into lot_payments (account_id, grant_id, currency, amount)
    select distinct on (account_id, grant_id) account_id, grant_id, currency, amount
    from worth order by account_id, grant_id, amount desc
    on conflict do nothing`);
}
