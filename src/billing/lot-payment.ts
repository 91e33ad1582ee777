import type { Tx } from "#platform/db";
import type { Id } from "#platform/id";
import { lotPayments } from "#schema";

/**
 * What was paid for a lot, from which the money view defers revenue: without tax, in the currency's smallest
 * unit. A line's amount is divided among the months whose credits it gives, by their length; what an upgrade
 * credits back for the rest of a month whose credits are here already is not sold a second time.
 */

/** An amount for a time. */
export type Amount = { amountCents: number; periodStart: Date; periodEnd: Date };

/** What was paid for so many credits, of which a lot may have less. */
export type Payment = { currency: string; amountCents: number; credits: bigint };

/**
 * The part of a line's amount that is for one of its months. Together they are the whole.
 * @param credited lines below nothing of the same invoice, for the first month of a line that replaces another
 */
export function amountOf(
  line: Amount,
  month: { start: Date; end: Date },
  credited: readonly Amount[] = [],
): number {
  const paid = before(line, month.end) - before(line, month.start);
  const back = credited.reduce((sum, credit) => sum + before(credit, month.end), 0);
  return Math.max(0, paid + back);
}

/** How much of an amount is for the time before a moment. */
function before({ amountCents, periodStart, periodEnd }: Amount, at: Date): number {
  if (at.getTime() >= periodEnd.getTime()) return amountCents;
  const passed = Math.max(0, at.getTime() - periodStart.getTime());
  return Math.round((amountCents * passed) / (periodEnd.getTime() - periodStart.getTime()));
}

/** Writes it down, in the transaction of the grant. */
export async function noteLotPayment(
  tx: Tx,
  lot: { accountId: Id<"account">; grantId: Id<"grant">; credits: bigint },
  { currency, amountCents, credits }: Payment,
): Promise<void> {
  const { accountId, grantId } = lot;
  const amount = (BigInt(amountCents) * lot.credits) / credits;
  await tx.insert(lotPayments).values({ accountId, grantId, currency: currency.toUpperCase(), amount });
}
