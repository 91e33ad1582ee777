import { and, eq, gt, isNull, lt } from "drizzle-orm";
import type { Reference } from "#ledger";
import type { Tx } from "#platform/db";
import type { Id } from "#platform/id";
import { monthsAfter } from "#platform/month";
import { invoiceLines, invoices, lineGrants, prices, subscriptions, trials } from "#schema";
import { meaningOf } from "./access";
import { allowancesOf, expiryOf, type PlanLine, regularExpiry } from "./allowance";
import { amountOf, type Payment } from "./lot-payment";

/** What the rows promise: the credits that should be here, of every paid line and every trial. */

type AccountId = Id<"account">;

/** So many credits should be here, of a month of a line. */
export type Promised = {
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
  /** What was paid for all of them, before anything was paid back; null: nothing. */
  payment: Payment | null;
  /** How much of what the month before left goes on into this one. */
  rolloverCap: bigint;
};

/** An invoice as it would be after a refund. */
export type Supposed = { invoiceId: string; refundedCents: number };

/** What paid invoice lines promise, or would. */
export async function paidPromises(
  tx: Tx,
  accountId: AccountId,
  supposed: Supposed | null = null,
): Promise<Promised[]> {
  const found = await tx
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
  const rows = found.map((row) =>
    row.invoice.id === supposed?.invoiceId
      ? { ...row, invoice: { ...row.invoice, refundedCents: supposed.refundedCents } }
      : row,
  );
  const credited = await tx
    .select()
    .from(invoiceLines)
    .where(and(eq(invoiceLines.accountId, accountId), lt(invoiceLines.amountCents, 0)));
  const kept = rows.map((row) => ({
    ...row,
    kept: row.surplus ? 0n : 1n,
    credited: credited.filter(({ invoiceId }) => row.line.proration && invoiceId === row.invoice.id),
  }));
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
  /** What its invoice credits back, if it replaces another line. */
  credited: (typeof invoiceLines.$inferSelect)[];
};

function packPromise({ line, invoice, price, kept }: PaidRow): Promised {
  const paidAt = invoice.paidAt ?? invoice.createdAt;
  const months = price.expiresAfterMonths;
  const credits = price.credits * BigInt(line.quantity);
  return {
    ...{ lineId: line.id, month: 0, start: paidAt },
    expiresAt: () => (months === null ? null : monthsAfter(paidAt, months)),
    credits: afterRefund(credits, invoice) * kept,
    payment: { currency: invoice.currency, amountCents: paidOf(line).amountCents, credits },
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
    const { lineId, month, start, credits } = allowance;
    const credited = month === 0 ? row.credited.map(paidOf) : [];
    const amountCents = amountOf(paidOf(row.line), allowance, credited);
    return [
      {
        ...{ lineId, month, start, source: "plan" as const, cause: `plan:${row.price.planId}` },
        expiresAt: (now: Date) => expiryOf(allowance, now),
        credits: afterRefund(credits, row.invoice) * row.kept,
        payment: { currency: row.invoice.currency, amountCents, credits },
        refunded: row.invoice.refundedCents > 0,
        rolloverCap: row.price.rolloverCap,
        reference: { type: "invoice" as const, id: row.invoice.id },
      },
    ];
  });
}

/** A line without what promotion codes take off of it. */
function paidOf({ amountCents, discountCents, ...line }: PaidRow["line"]): PaidRow["line"] {
  return { ...line, discountCents, amountCents: amountCents - discountCents };
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
export async function trialPromises(tx: Tx, accountId: AccountId): Promise<Promised[]> {
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
        ...{ lineId: id, month: 0, start: meaningOf(status).trial ? trialStart : null },
        expiresAt: () => regularExpiry(trialEnd),
        // What was given stays when a larger plan, without a trial of its own, takes over.
        credits: cutShort ? 0n : (given ?? price.trialCredits ?? 0n),
        ...{ refunded: false, source: "plan" as const, cause: "trial", payment: null },
        ...{ reference: { type: "subscription" as const, id }, rolloverCap: 0n },
      },
    ];
  });
}

/** By which a promise and what was given for it find each other. */
export function nameOf({ lineId, month }: { lineId: string; month: number }): string {
  return `${lineId}:${month}`;
}
