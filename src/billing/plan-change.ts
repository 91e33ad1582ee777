import { and, eq, gt, isNull } from "drizzle-orm";
import Stripe from "stripe";
import { db } from "#platform/db";
import type { Id } from "#platform/id";
import { moneyNow } from "#platform/money-clock";
import { monthsAfter } from "#platform/month";
import { Refusal } from "#platform/refusal";
import { invoiceLines, invoices, prices, type subscriptions } from "#schema";
import { meaningOf } from "./access";
import { allowancesOf, type PlanLine } from "./allowance";
import { type Interval, type PlanId, planLookupKey } from "./catalogue";
import { openCustomer, requireOurMode } from "./customer";
import { directionOf, isPlanPrice, type PlanPrice, requireOnSale } from "./price";
import { askStripe, idOf } from "./stripe";
import { findLive, syncAccount } from "./sync";

/**
 * Changing, ending and resuming a subscription. Upgrades take effect when they are paid, everything else at
 * the end of what was paid for. Rows change only by what Stripe says afterwards.
 */

type AccountId = Id<"account">;
export type Wanted = {
  planId: Exclude<PlanId, "free">;
  interval: Interval;
  /** The price that the preview named: only that one is charged. */
  priceId?: Id<"price"> | undefined;
};
type Subscription = typeof subscriptions.$inferSelect;
type Change = {
  subscription: Subscription;
  from: PlanPrice;
  to: PlanPrice & { stripePriceId: string };
  direction: "upgrade" | "downgrade";
};

export type ChangePreview = {
  priceId: Id<"price">;
  kind: "upgrade" | "downgrade";
  effectiveAt: Date;
  dueNowCents: number;
  currency: string;
  lines: { description: string; amountCents: number }[];
  creditsNow: bigint;
  renewal: { amountCents: number; currency: string; at: Date };
  creditsPerMonth: bigint;
};

/**
 * What a change would cost and bring; changes nothing.
 * @throws Refusal not_subscribed, plan_unchanged, change_pending, payments_off, payments_unreachable
 */
export async function previewChange(accountId: AccountId, wanted: Wanted): Promise<ChangePreview> {
  const { subscription, from, to, direction } = await requireChange(accountId, wanted);
  // Stripe reckons in whole seconds.
  const now = new Date(Math.floor((await moneyNow(db())).getTime() / 1000) * 1000);
  const common = {
    ...{ priceId: to.id, kind: direction, currency: to.currency, creditsPerMonth: to.credits },
  };
  if (direction === "downgrade") {
    const at = subscription.periodEnd;
    return {
      ...common,
      ...{ effectiveAt: at, dueNowCents: 0, lines: [], creditsNow: 0n },
      renewal: { amountCents: to.amountCents, currency: to.currency, at },
    };
  }
  const customer = await openCustomer(accountId);
  const invoice = await askStripe((client) =>
    client.invoices.createPreview({
      customer,
      subscription: subscription.id,
      subscription_details: {
        items: [{ id: subscription.itemId, price: to.stripePriceId }],
        proration_behavior: "always_invoice",
        ...(meaningOf(subscription.status).trial && { trial_end: "now" }),
      },
    }),
  );
  const periodEnd = endAfter(subscription, from, to, now);
  return {
    ...common,
    effectiveAt: now,
    dueNowCents: Math.max(0, invoice.amount_due),
    lines: invoice.lines.data.map(({ description, amount }) => ({
      ...{ description: description ?? "", amountCents: amount },
    })),
    creditsNow: await creditsAtOnce(subscription, from, to, now),
    renewal: { amountCents: to.amountCents, currency: to.currency, at: periodEnd },
  };
}

export type ChangeOutcome =
  | { state: "done" | "scheduled"; payUrl: null }
  | { state: "payment_needed"; payUrl: string | null };

/**
 * Changes the plan.
 * @throws Refusal as the preview does, price_changed when another was published since, and payment_failed or card_missing: then everything is as it was
 */
export async function changePlan(
  accountId: AccountId,
  wanted: Wanted,
  idempotencyKey: string,
): Promise<ChangeOutcome> {
  const change = await requireChange(accountId, wanted);
  const key = `change:${accountId}:${idempotencyKey}`;
  const outcome = await (change.direction === "upgrade"
    ? upgrade(change, key)
    : schedule(change, key)
  ).finally(() => askStripe(() => syncAccount(accountId)));
  return outcome;
}

/** Charged at once; until it is paid, Stripe keeps the plan as it was. */
async function upgrade({ subscription, to }: Change, idempotencyKey: string): Promise<ChangeOutcome> {
  await leaveSchedule(subscription);
  const updated = await askStripe((client) =>
    client.subscriptions.update(
      subscription.id,
      {
        items: [{ id: subscription.itemId, price: to.stripePriceId }],
        payment_behavior: "pending_if_incomplete",
        proration_behavior: "always_invoice",
        ...(meaningOf(subscription.status).trial && { trial_end: "now" }),
      },
      { idempotencyKey },
    ),
  );
  if (!updated.pending_update) return { state: "done", payUrl: null };
  const invoiceId = idOf(updated.latest_invoice);
  return invoiceId ? readPayment(invoiceId) : { state: "payment_needed", payUrl: null };
}

/**
 * What has become of an upgrade's invoice by now: a repeated request is answered with what was true at first.
 * @throws Refusal payment_failed for a card that was refused, card_missing when there was none: the change is
 *   withdrawn, so that nothing of it is paid some other time
 */
async function readPayment(invoiceId: string): Promise<ChangeOutcome> {
  const invoice = await askStripe((client) =>
    client.invoices.retrieve(invoiceId, { expand: ["payments.data.payment.payment_intent"] }),
  );
  if (invoice.status === "paid") return { state: "done", payUrl: null };
  const intent = invoice.payments?.data[0]?.payment.payment_intent;
  const payment = typeof intent === "object" ? intent : null;
  // The bank asks the customer to confirm.
  const waits = payment?.status === "requires_action" || payment?.status === "processing";
  if (invoice.status === "open" && waits) {
    return { state: "payment_needed", payUrl: invoice.hosted_invoice_url ?? null };
  }
  if (invoice.status === "open") await askStripe((client) => client.invoices.voidInvoice(invoiceId));
  if (payment?.status === "requires_payment_method" && !payment.last_payment_error) {
    throw new Refusal("card_missing");
  }
  const { decline_code, code } = payment?.last_payment_error ?? {};
  throw new Refusal("payment_failed", { reason: decline_code ?? code ?? null });
}

/** At the end of what was paid. */
async function schedule({ subscription, to }: Change, idempotencyKey: string): Promise<ChangeOutcome> {
  await leaveSchedule(subscription);
  await askStripe(async (client) => {
    const made = await client.subscriptionSchedules.create(
      { from_subscription: subscription.id },
      { idempotencyKey },
    );
    const [phase] = made.phases;
    const current = phase?.items[0];
    if (!phase || !current) throw new Error(`schedule ${made.id} has no phase`);
    await client.subscriptionSchedules.update(made.id, {
      end_behavior: "release",
      proration_behavior: "none",
      phases: [
        {
          items: [{ price: idOf(current.price) ?? "", quantity: 1 }],
          ...{ start_date: phase.start_date, end_date: phase.end_date },
          ...(phase.trial_end && { trial_end: phase.trial_end }),
        },
        {
          items: [{ price: to.stripePriceId, quantity: 1 }],
          duration: { interval: to.interval, interval_count: 1 },
        },
      ],
    });
  });
  return { state: "scheduled", payUrl: null };
}

/**
 * Ends the subscription at the end of what was paid; at once where nothing is paid, or where it is asked for.
 * @throws Refusal not_subscribed, payments_off, payments_unreachable
 */
export async function cancelSubscription(accountId: AccountId, { atOnce = false } = {}): Promise<void> {
  const { subscription } = await requireLive(accountId);
  await withdraw(subscription);
  const { status, id } = subscription;
  try {
    await askStripe((client) =>
      meaningOf(status).changeable && !atOnce
        ? client.subscriptions.update(id, { cancel_at_period_end: true })
        : client.subscriptions.cancel(id, { invoice_now: false, prorate: false }),
    );
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    // One that has ended in Stripe cannot be cancelled: that is what was wanted.
    await syncAccount(accountId);
    if (await findLive(db(), accountId)) throw error;
    return;
  }
  await syncAccount(accountId);
}

/**
 * Takes back a cancellation, or a change that has not happened yet.
 * @throws Refusal not_subscribed, payments_off, payments_unreachable
 */
export async function resumeSubscription(accountId: AccountId): Promise<void> {
  const { subscription } = await requireLive(accountId);
  await withdraw(subscription);
  if (subscription.cancelAtPeriodEnd) {
    await askStripe(async (client) => {
      const { cancel_at_period_end } = await client.subscriptions.retrieve(subscription.id);
      // A day that was chosen in the dashboard is taken back by itself; both at once are refused.
      const kept = cancel_at_period_end ? { cancel_at_period_end: false } : { cancel_at: "" as const };
      return client.subscriptions.update(subscription.id, kept);
    });
  }
  await syncAccount(accountId);
}

/** Takes back the change that is on its way. */
async function withdraw(subscription: Subscription): Promise<void> {
  const { id, nextChange } = subscription;
  await leaveSchedule(subscription);
  if (nextChange !== "upgrade_unpaid") return;
  await askStripe(async (client) => {
    const invoice = idOf((await client.subscriptions.retrieve(id)).latest_invoice);
    if (invoice) await client.invoices.voidInvoice(invoice);
  });
}

/** A downgrade's schedule stays for its last phase's length; meanwhile Stripe takes no other, and no end. */
async function leaveSchedule({ scheduleId }: Subscription): Promise<void> {
  if (scheduleId) await askStripe((client) => client.subscriptionSchedules.release(scheduleId));
}

export async function requireLive(accountId: AccountId) {
  const live = await findLive(db(), accountId);
  if (!live) throw new Refusal("not_subscribed");
  await requireOurMode(accountId);
  return live;
}

export async function requireChange(
  accountId: AccountId,
  { planId, interval, priceId }: Wanted,
): Promise<Change> {
  const { subscription, price: from } = await requireLive(accountId);
  if (!isPlanPrice(from)) throw new Refusal("not_subscribed");
  const { changeable } = meaningOf(subscription.status);
  if (!changeable || subscription.nextChange || subscription.cancelAtPeriodEnd) {
    throw new Refusal("change_pending");
  }
  const to = await requireOnSale(db(), planLookupKey(planId, interval, from.currency));
  const direction = directionOf(from, { planId, interval });
  if (direction === "same" || !isPlanPrice(to)) throw new Refusal("plan_unchanged");
  if (priceId !== undefined && priceId !== to.id) throw new Refusal("price_changed");
  return { subscription, from, to, direction };
}

/** When the period ends that an upgrade begins or goes on with. */
function endAfter({ periodEnd, status }: Subscription, from: PlanPrice, to: PlanPrice, now: Date): Date {
  if (from.interval === to.interval && !meaningOf(status).trial) return periodEnd;
  return monthsAfter(now, to.interval === "year" ? 12 : 1);
}

/** By the very rule that grants them, with the line that the upgrade would make. */
async function creditsAtOnce(subscription: Subscription, from: PlanPrice, to: PlanPrice, now: Date) {
  const rows = await db()
    .select({ line: invoiceLines, invoice: invoices, price: prices })
    .from(invoiceLines)
    .innerJoin(invoices, eq(invoices.id, invoiceLines.invoiceId))
    .innerJoin(prices, eq(prices.id, invoiceLines.priceId))
    .where(
      and(
        eq(invoices.subscriptionId, subscription.id),
        eq(invoices.status, "paid"),
        isNull(invoiceLines.refused),
        gt(invoiceLines.amountCents, 0),
      ),
    );
  const lines = rows.map(
    ({ line, invoice, price }): PlanLine => ({
      ...{ id: line.id, credits: price.credits, interval: price.interval ?? "month" },
      ...{ proration: line.proration, periodStart: line.periodStart, periodEnd: line.periodEnd },
      invoicedAt: invoice.createdAt,
    }),
  );
  const same = from.interval === to.interval && !meaningOf(subscription.status).trial;
  const added: PlanLine = {
    ...{ id: "new", credits: to.credits, interval: to.interval, proration: same },
    ...{ periodStart: now, periodEnd: endAfter(subscription, from, to, now), invoicedAt: now },
  };
  const first = allowancesOf([...lines, added]).find(({ lineId, month }) => lineId === "new" && month === 0);
  return first?.credits ?? 0n;
}
