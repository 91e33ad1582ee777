import { and, eq, isNotNull, isNull, ne, or, sql } from "drizzle-orm";
import Stripe from "stripe";
import type { Tx } from "#platform/db";
import type { Id } from "#platform/id";
import { customers, invoices, topUpCharges, topUps } from "#schema";
import type { CardState } from "./state";

/** How charges of auto top-up end, as Stripe's invoices tell it. */

type AccountId = Id<"account">;
export type Failure = "declined" | "authentication_required" | "other" | "limit";

/** Auto top-up that waits for another card goes on when there is one; the same, entered again, is none. */
export async function resumeTopUps(tx: Tx, accountId: AccountId, card: CardState | null): Promise<void> {
  if (!card) return;
  await tx
    .update(topUps)
    .set({ pausedReason: null, pausedAt: null, pausedCardId: null, pausedCard: null })
    .where(
      and(
        eq(topUps.accountId, accountId),
        isNotNull(topUps.pausedReason),
        ne(sql`coalesce(${topUps.pausedCardId}, '')`, card.id),
        or(
          eq(topUps.pausedReason, "other"),
          isNull(topUps.pausedCard),
          ne(topUps.pausedCard, cardItself(card.fingerprint, card.expMonth, card.expYear) ?? card.id),
        ),
      ),
    );
}

/** A card by its number, of which Stripe gives a hash, and its expiry: each time it is entered its id is another. */
function cardItself(
  fingerprint: string | null,
  expMonth: number | null,
  expYear: number | null,
): string | null {
  return fingerprint && `${fingerprint} ${expMonth}/${expYear}`;
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
  const [customer] = await tx.select().from(customers).where(eq(customers.accountId, charge.accountId));
  const pausedCard =
    customer && customer.cardId === charge.cardId
      ? cardItself(customer.cardFingerprint, customer.cardExpMonth, customer.cardExpYear)
      : null;
  await tx
    .update(topUps)
    .set({ pausedReason: failure, pausedAt: sql`money_now()`, pausedCardId: charge.cardId, pausedCard })
    .where(eq(topUps.accountId, charge.accountId));
}

/** What a refusal of Stripe's means; null for anything that is worth another try. */
export function failureOf(error: unknown): Failure | null {
  if (!(error instanceof Stripe.errors.StripeError)) return null;
  const code = error.code ?? "";
  if (code.includes("requires_action") || code === "authentication_required")
    return "authentication_required";
  if (error instanceof Stripe.errors.StripeCardError) return "declined";
  return error instanceof Stripe.errors.StripeInvalidRequestError ? "other" : null;
}
