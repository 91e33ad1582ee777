import { and, eq, gt, inArray, isNull, or, sql } from "drizzle-orm";
import { carryLater } from "#credits";
import type { Command, Reference } from "#ledger";
import type { Tx } from "#platform/db";
import { type Id, newId } from "#platform/id";
import { monthsAfter } from "#platform/month";
import {
  accounts,
  customers,
  grants,
  invoiceLines,
  invoices,
  lineGrants,
  prices,
  subscriptions,
  trials,
} from "#schema";
import { allowancesOf, expiryOf, type PlanLine, regularExpiry } from "./allowance";

/**
 * Which credits follow from what was paid, and which of them are here already (B3). Decided from the rows
 * alone, each time anew: whatever came in whichever order, what is missing is granted and what was paid back
 * is taken back, once.
 */

type AccountId = Id<"account">;
type LineGrant = typeof lineGrants.$inferSelect;

/** So many credits should be here, of a month of a line. */
type Promised = {
  lineId: string;
  month: number;
  /** From when on; null: not any more. */
  start: Date | null;
  expiresAt: (now: Date) => Date | null;
  /** After what was paid back. */
  credits: bigint;
  /** Whether it was paid back: spent credits of such a line are for a person to look at. */
  refunded: boolean;
  source: "plan" | "pack" | "top-up";
  cause: string;
  reference: Reference;
  /** How much of what the month before left goes on into this one. */
  rolloverCap: bigint;
};

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
  const commands: Command[] = [];
  let spentOfRefund = false;
  let unspent: ReadonlyMap<string, bigint> | null = null;
  for (const promise of promises) {
    const row = given.get(nameOf(promise));
    if (!row) {
      if (promise.credits > 0n && promise.start && promise.start.getTime() <= now.getTime()) {
        commands.push(await give(tx, accountId, promise, now));
        // What a trial leaves was never paid for, and is not carried over.
        const paid = [...given.values()].filter(({ lineId }) => !tried.some((one) => one.lineId === lineId));
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

/** What paid invoice lines promise. */
async function paidPromises(tx: Tx, accountId: AccountId): Promise<Promised[]> {
  const rows = await tx
    .select({ line: invoiceLines, invoice: invoices, price: prices, surplus: subscriptions.surplus })
    .from(invoiceLines)
    .innerJoin(invoices, eq(invoices.id, invoiceLines.invoiceId))
    .innerJoin(prices, eq(prices.id, invoiceLines.priceId))
    .leftJoin(subscriptions, eq(subscriptions.id, invoices.subscriptionId))
    .where(
      and(
        eq(invoiceLines.accountId, accountId),
        eq(invoices.status, "paid"),
        isNull(invoiceLines.refused),
        // What is credited back for an unused rest grants and takes nothing by itself.
        gt(invoiceLines.amountCents, 0),
      ),
    );
  const kept = rows.map((row) => ({ ...row, kept: row.surplus ? 0n : 1n }));
  const packs = kept.filter(({ price }) => price.kind === "pack").map(packPromise);
  const bySubscription = new Map<string, (typeof kept)[number][]>();
  for (const row of kept) {
    const { subscriptionId } = row.invoice;
    if (row.price.kind !== "plan" || !subscriptionId) continue;
    bySubscription.set(subscriptionId, [...(bySubscription.get(subscriptionId) ?? []), row]);
  }
  return [...packs, ...[...bySubscription.values()].flatMap(planPromises)];
}

type PaidRow = {
  line: typeof invoiceLines.$inferSelect;
  invoice: typeof invoices.$inferSelect;
  price: typeof prices.$inferSelect;
  kept: bigint;
};

function packPromise({ line, invoice, price, kept }: PaidRow): Promised {
  const paidAt = invoice.paidAt ?? invoice.createdAt;
  const months = price.expiresAfterMonths;
  return {
    ...{ lineId: line.id, month: 0, start: paidAt },
    expiresAt: () => (months === null ? null : monthsAfter(paidAt, months)),
    credits: afterRefund(price.credits * BigInt(line.quantity), invoice) * kept,
    refunded: invoice.refundedCents > 0,
    source: invoice.reason === "top_up" ? "top-up" : "pack",
    cause: invoice.reason === "top_up" ? "top-up" : `pack:${price.packId}`,
    reference: { type: "invoice", id: invoice.id },
    rolloverCap: 0n,
  };
}

function planPromises(rows: readonly PaidRow[]): Promised[] {
  const byLine = new Map(rows.map((row) => [row.line.id, row]));
  const lines = rows.map(
    ({ line, invoice, price }): PlanLine => ({
      ...{ id: line.id, credits: price.credits, interval: price.interval ?? "month" },
      ...{ proration: line.proration, periodStart: line.periodStart, periodEnd: line.periodEnd },
      invoicedAt: invoice.createdAt,
    }),
  );
  return allowancesOf(lines).flatMap((allowance) => {
    const row = byLine.get(allowance.lineId);
    if (!row) return [];
    const { lineId, month, start } = allowance;
    return [
      {
        ...{ lineId, month, start, source: "plan" as const, cause: `plan:${row.price.planId}` },
        expiresAt: (now: Date) => expiryOf(allowance, now),
        credits: afterRefund(allowance.credits, row.invoice) * row.kept,
        refunded: row.invoice.refundedCents > 0,
        rolloverCap: row.price.rolloverCap,
        reference: { type: "invoice" as const, id: row.invoice.id },
      },
    ];
  });
}

/** The same share of the credits goes back as of the money, in the customer's favour. */
function afterRefund(
  credits: bigint,
  { totalCents, refundedCents }: { totalCents: number; refundedCents: number },
): bigint {
  if (totalCents <= 0 || refundedCents === 0) return credits;
  const left = BigInt(totalCents - refundedCents);
  return (credits * left + BigInt(totalCents) - 1n) / BigInt(totalCents);
}

/** A trial's credits, once the trial is claimed by account and card; they end when its first payment is here. */
async function trialPromises(tx: Tx, accountId: AccountId): Promise<Promised[]> {
  const rows = await tx
    .select({ subscription: subscriptions, price: prices, given: lineGrants.credits })
    .from(trials)
    .innerJoin(subscriptions, eq(subscriptions.id, trials.subscriptionId))
    .innerJoin(prices, eq(prices.id, subscriptions.priceId))
    .leftJoin(lineGrants, eq(lineGrants.lineId, subscriptions.id))
    .where(and(eq(trials.accountId, accountId), eq(subscriptions.surplus, false)));
  return rows.flatMap(({ subscription, price, given }) => {
    const { trialStart, trialEnd, status, endedAt, id } = subscription;
    if (!trialStart || !trialEnd) return [];
    // Whoever ends it before its time ends its credits too; once it is over they have expired by themselves.
    const cutShort = endedAt !== null && endedAt.getTime() < trialEnd.getTime();
    return [
      {
        ...{ lineId: id, month: 0, start: status === "trialing" ? trialStart : null },
        expiresAt: () => regularExpiry(trialEnd),
        // What was given stays when a larger plan, without a trial of its own, takes over.
        credits: cutShort ? 0n : (given ?? price.trialCredits ?? 0n),
        ...{ refunded: false, source: "plan" as const, cause: "trial" },
        ...{ reference: { type: "invoice" as const, id }, rolloverCap: 0n },
      },
    ];
  });
}

async function give(tx: Tx, accountId: AccountId, promise: Promised, now: Date): Promise<Command> {
  const { lineId, month, credits } = promise;
  const grantId = newId("grant");
  const expiresAt = promise.expiresAt(now);
  await tx
    .insert(lineGrants)
    .values({ lineId, month, accountId, grantId, credits, expiresAt, createdAt: now });
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

function nameOf({ lineId, month }: { lineId: string; month: number }): string {
  return `${lineId}:${month}`;
}
