import type { ActRequest } from "#platform/act-once";
import { db } from "#platform/db";
import type { Id } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { type Card, cardOf, findCustomer, requireOurMode } from "./customer";
import { requireInvoice } from "./invoice";
import { stripe } from "./stripe";
import { type ActOn, actAtStripe, outcome, type StripeOutcome } from "./stripe-act";
import { syncAccount } from "./sync";
import { failureOf } from "./top-up-charge";

/** An open invoice that staff have charged once more, with the customer's card, out of Stripe's turn. */

type AccountId = Id<"account">;

/** What another try would charge, in the currency's minor unit. */
export type RetryPreview = {
  amountCents: number;
  currency: string;
  /** What it is tried with; null: there is no card, and it will be refused. */
  card: Card | null;
  /** Where the customer can pay it themselves. */
  payUrl: string | null;
};

/** @throws Refusal not_found, invoice_not_open, payments_off */
export async function previewRetry(accountId: AccountId, invoiceId: string): Promise<RetryPreview> {
  await requireOurMode(accountId);
  const { totalCents, currency, payUrl } = await requireOpen(accountId, invoiceId);
  const customer = await findCustomer(accountId);
  return { amountCents: totalCents, currency, card: cardOf(customer), payUrl };
}

/**
 * Charges it once more. What follows from a payment comes, as ever, from what Stripe says then.
 * @throws Refusal as the preview and actAtStripe do
 */
export async function retryPayment(
  on: ActOn,
  invoiceId: string,
  request: ActRequest,
): Promise<StripeOutcome> {
  return actAtStripe(
    {
      on,
      action: "invoice.retry",
      content: [invoiceId],
      decide: async () => {
        const { totalCents, currency, status } = await requireOpen(on.accountId, invoiceId);
        return {
          object: { type: "invoice", id: invoiceId },
          before: { status },
          after: { amountCents: totalCents, currency },
        };
      },
      reached: () => paidBy(on.accountId, invoiceId),
      carryOut: (key) => charge(on.accountId, invoiceId, key),
    },
    request,
  );
}

async function charge(
  accountId: AccountId,
  invoiceId: string,
  idempotencyKey: string,
): Promise<StripeOutcome> {
  try {
    const { status } = await stripe().invoices.pay(invoiceId, { off_session: true }, { idempotencyKey });
    await syncAccount(accountId);
    // A bank that takes its time has not said no.
    return outcome(status === "paid" ? "done" : "scheduled");
  } catch (error) {
    const paid = await paidBy(accountId, invoiceId);
    // Somebody else's try was quicker.
    if (paid) return paid;
    if (failureOf(error) !== "authentication_required") throw error;
    const { hosted_invoice_url: payUrl } = await stripe().invoices.retrieve(invoiceId);
    return outcome("payment_needed", { payUrl: payUrl ?? null });
  }
}

/** @returns null while it is not paid */
async function paidBy(accountId: AccountId, invoiceId: string): Promise<StripeOutcome | null> {
  const { status } = await stripe().invoices.retrieve(invoiceId);
  await syncAccount(accountId);
  return status === "paid" ? outcome("done") : null;
}

async function requireOpen(accountId: AccountId, invoiceId: string) {
  const invoice = await requireInvoice(db(), accountId, invoiceId);
  if (invoice.status !== "open") throw new Refusal("invoice_not_open");
  return invoice;
}
