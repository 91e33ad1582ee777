import { and, eq, sql } from "drizzle-orm";
import type { Task } from "graphile-worker";
import { z } from "zod";
import { db } from "#platform/db";
import type { Id } from "#platform/id";
import { invoices, subscriptions } from "#schema";
import { isStatus, meanings } from "./access";
import { writeLetter } from "./letters";
import { stripe } from "./stripe";

/**
 * Subscriptions that must not be: the second one of an account, and a trial that was had before. What comes
 * of ending them here arrives as Stripe's events do.
 */

type AccountId = Id<"account">;

const payloadSchema = z.object({ subscriptionId: z.string() });

async function accountOf(subscriptionId: string): Promise<AccountId | null> {
  const [row] = await db()
    .select({ accountId: subscriptions.accountId })
    .from(subscriptions)
    .where(eq(subscriptions.id, subscriptionId));
  return row?.accountId ?? null;
}

/** Ends a trial that its card or account has had before; nothing is charged. */
export const endTrial: Task = async (payload) => {
  const { subscriptionId } = payloadSchema.parse(payload);
  const accountId = await accountOf(subscriptionId);
  if (!accountId) return;
  await cancelNow(subscriptionId);
  await writeLetter(db(), accountId, {
    kind: "trialRefused",
    key: `trial-refused:${subscriptionId}`,
    link: "/pricing",
  });
};

/** Ends a subscription that came second, and pays back what was charged for it. */
export const endSurplus: Task = async (payload) => {
  const { subscriptionId } = payloadSchema.parse(payload);
  const accountId = await accountOf(subscriptionId);
  if (!accountId) return;
  await cancelNow(subscriptionId);
  const paid = await db()
    .select({ id: invoices.id })
    .from(invoices)
    .where(
      and(
        eq(invoices.subscriptionId, subscriptionId),
        eq(invoices.status, "paid"),
        sql`${invoices.totalCents} > ${invoices.refundedCents}`,
      ),
    );
  for (const { id } of paid) await refundInvoice(id);
  await writeLetter(db(), accountId, { kind: "surplus", key: `surplus:${subscriptionId}` });
};

async function cancelNow(subscriptionId: string): Promise<void> {
  const { status } = await stripe().subscriptions.retrieve(subscriptionId);
  if (isStatus(status) && meanings[status].over) return;
  await stripe().subscriptions.cancel(subscriptionId, { invoice_now: false, prorate: false });
}

async function refundInvoice(invoiceId: string): Promise<void> {
  const invoice = await stripe().invoices.retrieve(invoiceId, { expand: ["payments"] });
  for (const { payment } of invoice.payments?.data ?? []) {
    const intent = payment.payment_intent;
    if (!intent) continue;
    const payment_intent = typeof intent === "string" ? intent : intent.id;
    await stripe().refunds.create(
      { payment_intent, reason: "duplicate" },
      { idempotencyKey: `refund:${invoiceId}` },
    );
  }
}
