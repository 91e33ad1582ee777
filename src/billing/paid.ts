import { and, eq, inArray } from "drizzle-orm";
import type { Tx } from "#platform/db";
import { happened } from "#platform/happening";
import type { Id } from "#platform/id";
import { invoices } from "#schema";
import type { InvoiceState } from "./state";

/** Telling those who count that money has come in: once for each invoice. */

/** Those of Stripe's invoices whose payment is news to us. Asked before they are written, with the customer locked. */
export async function newlyPaid(tx: Tx, states: readonly InvoiceState[]): Promise<InvoiceState[]> {
  const paid = states.filter(({ status, totalCents }) => status === "paid" && totalCents > 0);
  if (paid.length === 0) return [];
  const ids = paid.map(({ id }) => id);
  const known = await tx
    .select({ id: invoices.id })
    .from(invoices)
    .where(and(inArray(invoices.id, ids), eq(invoices.status, "paid")));
  return paid.filter(({ id }) => !known.some((row) => row.id === id));
}

export function tellOfPayments(accountId: Id<"account">, paid: readonly InvoiceState[]): void {
  for (const { id, totalCents, currency, reason } of paid) {
    const properties = { invoice: id, amountCents: totalCents, currency, reason };
    happened({ name: "paid", accountId, properties });
  }
}
