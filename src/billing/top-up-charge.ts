import { and, eq, isNotNull, ne, sql } from "drizzle-orm";
import type { Tx } from "#platform/db";
import type { Id } from "#platform/id";
import { invoices, topUpCharges, topUps } from "#schema";

/** How charges of auto top-up end, as Stripe's invoices tell it. */

type AccountId = Id<"account">;
export type Failure = "declined" | "authentication_required" | "other" | "limit";

/** Auto top-up that waits for another card goes on when there is one. */
export async function resumeTopUps(tx: Tx, accountId: AccountId, cardId: string | null): Promise<void> {
  if (!cardId) return;
  await tx
    .update(topUps)
    .set({ pausedReason: null, pausedAt: null, pausedCardId: null })
    .where(
      and(
        eq(topUps.accountId, accountId),
        isNotNull(topUps.pausedReason),
        ne(sql`coalesce(${topUps.pausedCardId}, '')`, cardId),
      ),
    );
}

/** Ends charges whose invoice has ended: paid, perhaps after the customer confirmed it, or given up. */
export async function settleTopUps(tx: Tx, accountId: AccountId): Promise<void> {
  await tx.execute(sql`
    update ${topUpCharges} set
      status = case when i.status = 'paid' then 'paid' else 'failed' end,
      pay_url = null,
      ended_at = money_now()
    from ${invoices} i
    where ${topUpCharges.accountId} = ${accountId} and i.id = ${topUpCharges.invoiceId}
      and case ${topUpCharges.status}
        when 'pending' then i.status in ('paid', 'void', 'uncollectible')
        when 'failed' then i.status = 'paid'
        else false end`);
}

/** Ends a charge that was refused, and pauses until the card is another: nothing is tried again by itself. */
export async function failTopUp(
  tx: Tx,
  charge: { id: Id<"topUp">; accountId: AccountId; cardId: string | null },
  failure: Failure,
  payUrl: string | null,
): Promise<void> {
  await tx
    .update(topUpCharges)
    .set({ status: "failed", failure, payUrl, endedAt: sql`money_now()` })
    .where(and(eq(topUpCharges.id, charge.id), eq(topUpCharges.status, "pending")));
  // The limit ends by itself, with the month.
  if (failure === "limit") return;
  await tx
    .update(topUps)
    .set({ pausedReason: failure, pausedAt: sql`money_now()`, pausedCardId: charge.cardId })
    .where(eq(topUps.accountId, charge.accountId));
}
