import { and, eq, gt, inArray, isNull, or, sql } from "drizzle-orm";
import { carryLater } from "#credits";
import { type Command, smaller } from "#ledger";
import type { Tx } from "#platform/db";
import { type Id, newId } from "#platform/id";
import { accounts, customers, grants, invoices, lineGrants } from "#schema";
import { regularExpiry } from "./allowance";
import { noteLotPayment } from "./lot-payment";
import { nameOf, type Promised, paidPromises, type Supposed, trialPromises } from "./promise";

/**
 * Which credits follow from what was paid, and which of them are here already (B3). Decided from the rows
 * alone, each time anew: whatever came in whichever order, what is missing is granted and what was paid back
 * is taken back, once.
 */

type AccountId = Id<"account">;
type LineGrant = typeof lineGrants.$inferSelect;

/** Writes down what is granted and taken back, and gives the commands for the ledger. */
export async function settle(tx: Tx, accountId: AccountId, now: Date): Promise<Command[]> {
  const tried = await trialPromises(tx, accountId);
  const promises = [...(await paidPromises(tx, accountId)), ...tried];
  const given = new Map(
    (await tx.select().from(lineGrants).where(eq(lineGrants.accountId, accountId))).map((row) => [
      nameOf(row),
      row,
    ]),
  );
  // What a trial leaves was never paid for, and is not carried over.
  const paid = [...given.values()].filter(({ lineId }) => !tried.some((one) => one.lineId === lineId));
  const commands: Command[] = [];
  let spentOfRefund = false;
  let unspent: ReadonlyMap<string, bigint> | null = null;
  for (const promise of promises) {
    const row = given.get(nameOf(promise));
    if (!row) {
      if (promise.credits > 0n && promise.start && promise.start.getTime() <= now.getTime()) {
        commands.push(await give(tx, accountId, promise, now));
        await carry(tx, accountId, promise, paid, now);
      }
      continue;
    }
    const have = row.credits - row.reversed;
    if (have > promise.credits) {
      unspent ??= await lockUnspent(tx, accountId, [...given.values()]);
      const most = unspent.get(row.grantId) ?? 0n;
      const excess = have - promise.credits;
      if (most < excess && promise.refunded) spentOfRefund = true;
      const back = most < excess ? most : excess;
      if (back > 0n) commands.push(await takeBack(tx, row, back, promise));
    } else if (have < promise.credits && row.reversed > 0n) {
      commands.push(await giveAgain(tx, row, promise, now));
    }
  }
  await remember(tx, accountId, promises, given, now, spentOfRefund);
  return commands;
}

/** What a refund takes back of the credits that an invoice gave, by the rule that takes them. */
export type TakeBack = {
  /** What the invoice gave, less what was taken back before. */
  granted: bigint;
  /** What is unspent of that share and goes. */
  takesBack: bigint;
  /** What should go and is spent or held by runs: so much more is paid out than taken back. */
  spent: bigint;
};

export async function readTakeBack(tx: Tx, accountId: AccountId, supposed: Supposed): Promise<TakeBack> {
  const promises = await paidPromises(tx, accountId, supposed);
  const rows = await tx.select().from(lineGrants).where(eq(lineGrants.accountId, accountId));
  const given = new Map(rows.map((row) => [nameOf(row), row]));
  const unspent = await readUnspent(tx, accountId, rows);
  const sum: TakeBack = { granted: 0n, takesBack: 0n, spent: 0n };
  for (const promise of promises) {
    const row = given.get(nameOf(promise));
    if (!row || promise.reference.id !== supposed.invoiceId) continue;
    const have = row.credits - row.reversed;
    sum.granted += have;
    const excess = have > promise.credits ? have - promise.credits : 0n;
    const back = smaller(unspent.get(row.grantId) ?? 0n, excess);
    sum.takesBack += back;
    sum.spent += excess - back;
  }
  return sum;
}

async function give(tx: Tx, accountId: AccountId, promise: Promised, now: Date): Promise<Command> {
  const { lineId, month, credits } = promise;
  const grantId = newId("grant");
  const expiresAt = promise.expiresAt(now);
  await tx
    .insert(lineGrants)
    .values({ lineId, month, accountId, grantId, credits, expiresAt, createdAt: now });
  if (promise.payment) await noteLotPayment(tx, { accountId, grantId, credits }, promise.payment);
  return grantCommand(accountId, promise, { key: `${lineId}:${month}`, grantId, credits, expiresAt });
}

/** What the month that ends where this one begins leaves unspent is carried over once its lots have expired. */
async function carry(
  tx: Tx,
  accountId: AccountId,
  promise: Promised,
  given: readonly LineGrant[],
  now: Date,
): Promise<void> {
  const { start, rolloverCap: most } = promise;
  if (!start || most === 0n) return;
  const endedAt = regularExpiry(start);
  const expiresAt = promise.expiresAt(now);
  if (!expiresAt || !given.some((row) => row.expiresAt?.getTime() === endedAt.getTime())) return;
  await carryLater(tx, { accountId, endedAt, most, expiresAt });
}

/** A dispute that was won: what was taken back comes again, to be used as long as it would have been. */
async function giveAgain(tx: Tx, row: LineGrant, promise: Promised, now: Date): Promise<Command> {
  let credits = promise.credits - (row.credits - row.reversed);
  if (credits > row.reversed) credits = row.reversed;
  const grantId = newId("grant");
  const expiresAt = promise.expiresAt(now);
  await tx
    .update(lineGrants)
    .set({ reversed: row.reversed - credits, corrections: row.corrections + 1, grantId, expiresAt })
    .where(and(eq(lineGrants.lineId, row.lineId), eq(lineGrants.month, row.month)));
  if (promise.payment) await noteLotPayment(tx, { ...row, grantId, credits }, promise.payment);
  const key = `${row.lineId}:${row.month}:again:${row.corrections}`;
  return grantCommand(row.accountId, promise, { key, grantId, credits, expiresAt });
}

function grantCommand(
  accountId: AccountId,
  { source, cause, reference }: Promised,
  what: { key: string; grantId: Id<"grant">; credits: bigint; expiresAt: Date | null },
): Command {
  return { verb: "grant", accountId, source, cause, reference, ...what };
}

async function takeBack(tx: Tx, row: LineGrant, credits: bigint, promise: Promised): Promise<Command> {
  await tx
    .update(lineGrants)
    .set({ reversed: row.reversed + credits, corrections: row.corrections + 1 })
    .where(and(eq(lineGrants.lineId, row.lineId), eq(lineGrants.month, row.month)));
  return {
    ...{ verb: "reverse", accountId: row.accountId, grantId: row.grantId, credits },
    key: `${row.lineId}:${row.month}:back:${row.corrections}`,
    cause: "refund",
    reference: promise.reference,
  };
}

/** What is left of lots, with the account locked, so that nobody spends it before it is taken back. */
async function lockUnspent(
  tx: Tx,
  accountId: AccountId,
  rows: readonly LineGrant[],
): Promise<ReadonlyMap<string, bigint>> {
  await tx.select({ id: accounts.id }).from(accounts).where(eq(accounts.id, accountId)).for("update");
  return readUnspent(tx, accountId, rows);
}

async function readUnspent(
  tx: Tx,
  accountId: AccountId,
  rows: readonly LineGrant[],
): Promise<ReadonlyMap<string, bigint>> {
  const lots = await tx
    .select({ id: grants.id, remaining: grants.remaining })
    .from(grants)
    .where(
      and(
        eq(grants.accountId, accountId),
        inArray(
          grants.id,
          rows.map(({ grantId }) => grantId),
        ),
        or(isNull(grants.expiresAt), gt(grants.expiresAt, sql`money_now() + interval '1 second'`)),
      ),
    );
  return new Map(lots.map(({ id, remaining }) => [id, remaining]));
}

/** When to look again, and whether a person should. */
async function remember(
  tx: Tx,
  accountId: AccountId,
  promises: readonly Promised[],
  given: ReadonlyMap<string, LineGrant>,
  now: Date,
  spentOfRefund: boolean,
): Promise<void> {
  const coming = promises
    .filter((one) => one.credits > 0n && !given.has(nameOf(one)))
    .flatMap(({ start }) => (start && start.getTime() > now.getTime() ? start.getTime() : []));
  const disputed = await tx
    .select({ id: invoices.id })
    .from(invoices)
    .where(and(eq(invoices.accountId, accountId), inArray(invoices.dispute, ["open", "lost"])))
    .limit(1);
  const flag = disputed.length > 0 ? "dispute" : spentOfRefund ? "refund" : null;
  const [before] = await tx
    .select({ flag: customers.flag, flaggedAt: customers.flaggedAt })
    .from(customers)
    .where(eq(customers.accountId, accountId));
  await tx
    .update(customers)
    .set({
      nextGrantAt: coming.length > 0 ? new Date(Math.min(...coming)) : null,
      flag,
      flaggedAt: flag === null ? null : before?.flag === flag ? before.flaggedAt : now,
    })
    .where(eq(customers.accountId, accountId));
}
