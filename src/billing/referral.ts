import { and, asc, eq, gt, sql } from "drizzle-orm";
import { reverseReferral, rewardReferral } from "#credits";
import type { Command } from "#ledger";
import type { Tx } from "#platform/db";
import type { Id } from "#platform/id";
import { invoices, referrals } from "#schema";

/**
 * What the first invoice that somebody paid means for whoever sent them. Decided anew each time, like all that
 * follows from invoices; called before anything else locks an account, for it locks two, in their order.
 */
export async function settleReferral(tx: Tx, accountId: Id<"account">): Promise<Command[]> {
  const [invoice] = await tx
    .select({ id: invoices.id, refundedCents: invoices.refundedCents, dispute: invoices.dispute })
    .from(invoices)
    .innerJoin(referrals, eq(referrals.accountId, invoices.accountId))
    .where(and(eq(invoices.accountId, accountId), eq(invoices.status, "paid"), gt(invoices.totalCents, 0)))
    // The one that was rewarded stays the one, even when an older becomes known late.
    .orderBy(
      sql`${invoices.id} = ${referrals.invoiceId} desc nulls last`,
      asc(invoices.paidAt),
      asc(invoices.createdAt),
      asc(invoices.id),
    )
    .limit(1);
  if (!invoice) return [];
  const first = { accountId, invoiceId: invoice.id };
  if (invoice.refundedCents === 0) return rewardReferral(tx, first);
  // A dispute that is open may still be won.
  return invoice.dispute === "open" ? [] : reverseReferral(tx, first);
}
