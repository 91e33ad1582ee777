import type Stripe from "stripe";
import { isStatus, meanings, type SubscriptionStatus } from "./access";
import { type DisputeState, fetchPayback, type Payback, type RefundState } from "./payback";
import { idOf, isMissing, timeOf } from "./stripe";

/**
 * What Stripe says of a customer now, all of it, in our words. Every event leads here and none is believed
 * by itself, so order, doubles and delays do not matter.
 */

export type CardState = {
  id: string;
  brand: string;
  last4: string;
  expMonth: number;
  expYear: number;
  fingerprint: string | null;
};

export type SubscriptionState = {
  id: string;
  stripePriceId: string;
  itemId: string;
  status: SubscriptionStatus;
  periodStart: Date;
  periodEnd: Date;
  cancelAtPeriodEnd: boolean;
  cancelAt: Date | null;
  endedAt: Date | null;
  trialStart: Date | null;
  trialEnd: Date | null;
  next: { stripePriceId: string; change: "downgrade" | "upgrade_unpaid" } | null;
  scheduleId: string | null;
  card: CardState | null;
  createdAt: Date;
};

export type LineState = {
  id: string;
  stripePriceId: string | null;
  description: string;
  amountCents: number;
  /** What promotion codes take off of it. */
  discountCents: number;
  currency: string;
  quantity: number;
  proration: boolean;
  periodStart: Date;
  periodEnd: Date;
};

export type InvoiceState = {
  id: string;
  subscriptionId: string | null;
  reason: "subscription" | "pack" | "top_up";
  status: "draft" | "open" | "paid" | "uncollectible" | "void";
  attempted: boolean;
  number: string | null;
  currency: string;
  totalCents: number;
  /** Paid back, or disputed and not won. */
  refundedCents: number;
  dispute: Payback["dispute"];
  refunds: RefundState[];
  disputes: DisputeState[];
  payUrl: string | null;
  pdfUrl: string | null;
  createdAt: Date;
  paidAt: Date | null;
  lines: LineState[];
};

export type CheckoutState = {
  sessionId: string;
  status: "open" | "complete" | "expired";
  subscriptionId: string | null;
  invoiceId: string | null;
};

export type CustomerState = {
  /** False in Stripe's test mode, where nobody pays anything; null: a deleted customer does not say. */
  livemode: boolean | null;
  /** Of the billing address: the customer's, else the newest charge's. Two letters. */
  country: string | null;
  card: CardState | null;
  subscriptions: SubscriptionState[];
  invoices: InvoiceState[];
  checkouts: CheckoutState[];
};

/** The invoice metadata that marks a charge of auto top-up. */
export const topUpMark = { toolmint: "top_up" } as const;

/** Asks Stripe for all of it. `sessions`: checkouts whose end is not known yet. */
export async function fetchState(
  client: Stripe,
  customer: string,
  sessions: readonly string[],
): Promise<CustomerState> {
  const all = { limit: 1_000 };
  const [found, subscriptions, invoices, charges, checkouts] = await Promise.all([
    client.customers.retrieve(customer, { expand: ["invoice_settings.default_payment_method"] }),
    client.subscriptions
      .list({
        customer,
        status: "all",
        limit: 100,
        expand: ["data.default_payment_method", "data.schedule"],
      })
      .autoPagingToArray(all),
    client.invoices.list({ customer, limit: 100, expand: ["data.payments"] }).autoPagingToArray(all),
    client.charges.list({ customer, limit: 100 }).autoPagingToArray(all),
    Promise.all(sessions.map((id) => fetchCheckout(client, id))),
  ]);
  const lost = await fetchPayback(client, charges);
  const states = subscriptions.flatMap(readSubscription);
  const own = found.deleted
    ? null
    : (readCard(found.invoice_settings.default_payment_method) ?? (await newestCard(client, customer)));
  const live = states.find(({ status, card }) => meanings[status].live && card);
  return {
    livemode: found.deleted ? null : found.livemode,
    country: (found.deleted ? null : found.address?.country) ?? countryOf(charges),
    card: live?.card ?? own,
    subscriptions: states,
    invoices: await Promise.all(invoices.map((invoice) => readInvoice(client, invoice, lost))),
    checkouts,
  };
}

/** Charges come newest first. */
function countryOf(charges: readonly Stripe.Charge[]): string | null {
  for (const { billing_details } of charges) {
    if (billing_details?.address?.country) return billing_details.address.country;
  }
  return null;
}

async function fetchCheckout(client: Stripe, sessionId: string): Promise<CheckoutState> {
  try {
    return readCheckout(await client.checkout.sessions.retrieve(sessionId));
  } catch (error) {
    if (!isMissing(error)) throw error;
    // Nobody can pay on a page that is not there, and it keeps nothing else from being seen.
    return { sessionId, status: "expired", subscriptionId: null, invoiceId: null };
  }
}

/** A pack leaves its card with the customer without making it the default. */
async function newestCard(client: Stripe, customer: string) {
  const { data } = await client.paymentMethods.list({ customer, type: "card", limit: 1 });
  return readCard(data[0] ?? null);
}

function readSubscription(subscription: Stripe.Subscription): SubscriptionState[] {
  const { id, status, trial_start, trial_end, ended_at } = subscription;
  const item = subscription.items.data[0];
  if (!item || !isStatus(status)) return [];
  return [
    {
      ...{ id, status, stripePriceId: item.price.id, itemId: item.id },
      periodStart: timeOf(item.current_period_start),
      periodEnd: timeOf(item.current_period_end),
      cancelAtPeriodEnd: subscription.cancel_at_period_end || subscription.cancel_at !== null,
      cancelAt: endingOf(subscription, item),
      endedAt: ended_at === null ? null : timeOf(ended_at),
      trialStart: trial_start === null ? null : timeOf(trial_start),
      trialEnd: trial_end === null ? null : timeOf(trial_end),
      next: nextOf(subscription, item),
      scheduleId: idOf(subscription.schedule),
      card: readCard(subscription.default_payment_method),
      createdAt: timeOf(subscription.created),
    },
  ];
}

function endingOf(
  { cancel_at, cancel_at_period_end }: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
): Date | null {
  const end = cancel_at ?? (cancel_at_period_end ? item.current_period_end : null);
  return end === null ? null : timeOf(end);
}

/** The change that is on its way: an upgrade that waits to be paid, or the next phase of a schedule. */
function nextOf(
  { pending_update, schedule }: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
): SubscriptionState["next"] {
  const waiting = pending_update?.subscription_items?.[0]?.price.id;
  if (waiting) return { stripePriceId: waiting, change: "upgrade_unpaid" };
  if (!schedule || typeof schedule === "string") return null;
  const phase = schedule.phases.find(({ start_date }) => start_date >= item.current_period_end);
  const price = idOf(phase?.items[0]?.price);
  return price && price !== item.price.id ? { stripePriceId: price, change: "downgrade" } : null;
}

async function readInvoice(
  client: Stripe,
  invoice: Stripe.Invoice,
  lost: ReadonlyMap<string, Payback>,
): Promise<InvoiceState> {
  const lines = invoice.lines.has_more
    ? await client.invoices.listLineItems(invoice.id, { limit: 100 }).autoPagingToArray({ limit: 1_000 })
    : invoice.lines.data;
  const subscriptionId = idOf(invoice.parent?.subscription_details?.subscription);
  const marked = invoice.metadata?.toolmint === topUpMark.toolmint;
  const losses = (invoice.payments?.data ?? []).flatMap(
    ({ payment }) => lost.get(idOf(payment.payment_intent) ?? "") ?? [],
  );
  const refunded = losses.reduce((sum, { refundedCents }) => sum + refundedCents, 0);
  const disputed = losses.find(({ dispute }) => dispute);
  const paidAt = invoice.status_transitions.paid_at;
  return {
    ...{ id: invoice.id, subscriptionId, number: invoice.number, currency: invoice.currency },
    reason: subscriptionId ? "subscription" : marked ? "top_up" : "pack",
    status: readInvoiceStatus(invoice.status),
    attempted: invoice.attempted,
    totalCents: invoice.total,
    refundedCents: Math.max(0, Math.min(refunded, invoice.total)),
    dispute: disputed?.dispute ?? null,
    refunds: losses.flatMap(({ refunds }) => refunds),
    disputes: losses.flatMap(({ disputes }) => disputes),
    payUrl: invoice.hosted_invoice_url ?? null,
    pdfUrl: invoice.invoice_pdf ?? null,
    createdAt: timeOf(invoice.created),
    paidAt: invoice.status === "paid" ? timeOf(paidAt ?? invoice.created) : null,
    lines: lines.map(readLine),
  };
}

const invoiceStatuses = ["draft", "open", "paid", "uncollectible", "void"] as const;

/** A word that is new to us is not paid. */
function readInvoiceStatus(status: string | null): InvoiceState["status"] {
  return invoiceStatuses.find((known) => known === status) ?? "draft";
}

function readLine(line: Stripe.InvoiceLineItem): LineState {
  const { parent } = line;
  return {
    id: line.id,
    stripePriceId: idOf(line.pricing?.price_details?.price),
    description: line.description ?? "",
    amountCents: line.amount,
    discountCents: (line.discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0),
    currency: line.currency,
    quantity: line.quantity ?? 1,
    proration:
      parent?.subscription_item_details?.proration ?? parent?.invoice_item_details?.proration ?? false,
    periodStart: timeOf(line.period.start),
    periodEnd: timeOf(line.period.end),
  };
}

function readCard(method: string | Stripe.PaymentMethod | null | undefined): CardState | null {
  if (!method || typeof method === "string" || !method.card) return null;
  const { brand, last4, exp_month, exp_year, fingerprint } = method.card;
  return {
    ...{ id: method.id, brand, last4, expMonth: exp_month, expYear: exp_year },
    fingerprint: fingerprint ?? null,
  };
}

function readCheckout(session: Stripe.Checkout.Session): CheckoutState {
  const { id, status } = session;
  return {
    sessionId: id,
    status: (["complete", "expired"] as const).find((known) => known === status) ?? "open",
    subscriptionId: idOf(session.subscription),
    invoiceId: idOf(session.invoice),
  };
}
