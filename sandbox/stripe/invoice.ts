import type Stripe from "stripe";
import { requireCustomer } from "./customer";
import { cardFailure, invalid, StripeFailure } from "./failure";
import { pendingItems, termsOf } from "./invoice-item";
import { intentOf, methodFor, paymentOf, subscriptionOf } from "./invoice-links";
import { blankInvoice, taxed, withLines } from "./invoice-shape";
import { type LineTerms, linesOf } from "./line";
import { cancelIntent, confirmIntent, createIntent } from "./payment-intent";
import type { World } from "./world";

/** An invoice's life: draft, open, paid; or void, or given up. */

export type Draft = {
  customer: string;
  currency: string;
  reason: Stripe.Invoice.BillingReason;
  terms: LineTerms[];
  discounts?: Stripe.Discount[];
  subscription?: Stripe.Subscription;
  period?: { start: number; end: number };
  /** When it is finalised by itself; null when somebody else does it. */
  finalizesAt?: number | null;
  /** Takes up what waits for the next invoice. */
  takesPending?: boolean;
  prorationDate?: number;
  fields?: Partial<Stripe.Invoice>;
};

/** Makes a draft. */
export function draftInvoice(world: World, draft: Draft): Stripe.Invoice {
  const customer = requireCustomer(world, draft.customer);
  const now = world.nowFor(customer.id);
  const { subscription, period = { start: now, end: now }, finalizesAt = null } = draft;
  const id = world.newId("in");
  world.store.put("invoice_terms", { id, terms: draft.terms });
  world.store.put("invoice", {
    ...blankInvoice,
    id,
    auto_advance: finalizesAt !== null,
    automatically_finalizes_at: finalizesAt,
    billing_reason: draft.reason,
    collection_method: subscription?.collection_method ?? "charge_automatically",
    created: now,
    currency: draft.currency,
    customer: customer.id,
    customer_address: customer.address ?? null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_tax_exempt: customer.tax_exempt ?? "none",
    discounts: (draft.discounts ?? []).map((discount) => discount.id),
    parent: subscription ? parentOf(subscription, draft.prorationDate) : null,
    period_start: period.start,
    period_end: period.end,
    test_clock: world.clockOf(customer.id),
    ...(subscription?.automatic_tax.enabled ? { automatic_tax: taxed } : {}),
    ...draft.fields,
  });
  if (draft.takesPending) {
    for (const item of pendingItems(world, customer.id, subscription?.id ?? null)) {
      world.store.put("invoiceitem", { ...item, invoice: id });
    }
  }
  const invoice = refreshDraft(world, id);
  world.emit("invoice.created", invoice);
  return world.require("invoice", id);
}

/** Sums a draft up anew. */
export function refreshDraft(world: World, id: string): Stripe.Invoice {
  const invoice = world.require("invoice", id);
  const own = world.store.get("invoice_terms", id)?.terms ?? [];
  const items = world.store.all("invoiceitem").filter((item) => item.invoice === id);
  const discounts = invoice.discounts.flatMap(
    (discount) => world.store.get("discount", String(discount)) ?? [],
  );
  const terms = [...items.map((item) => termsOf(world, item)), ...own];
  const lines = linesOf(world, id, terms, discounts, invoice.currency);
  const { balance } = requireCustomer(world, String(invoice.customer));
  return world.store.put("invoice", withLines(invoice, lines, balance));
}

/** Turns a draft into a demand; one with nothing to pay is paid at once. */
export function finalizeInvoice(world: World, id: string): Stripe.Invoice {
  if (world.require("invoice", id).status !== "draft") {
    throw invalid("This invoice is already finalized, you can't re-finalize a non-draft invoice.", {
      code: "invoice_not_editable",
    });
  }
  const draft = refreshDraft(world, id);
  const customer = requireCustomer(world, String(draft.customer));
  const now = world.nowFor(customer.id);
  const sequence = customer.next_invoice_sequence ?? 1;
  world.store.put("customer", {
    ...customer,
    balance: draft.ending_balance ?? 0,
    currency: customer.currency ?? draft.currency,
    next_invoice_sequence: sequence + 1,
  });
  const open = world.store.put("invoice", {
    ...draft,
    status: "open",
    automatically_finalizes_at: null,
    effective_at: now,
    number: `${customer.invoice_prefix}-${String(sequence).padStart(4, "0")}`,
    hosted_invoice_url: `${world.url()}/invoice/${id}`,
    invoice_pdf: `${world.url()}/invoice/${id}/pdf`,
    status_transitions: { ...draft.status_transitions, finalized_at: now },
  });
  if (open.amount_due > 0) demandPayment(world, open);
  world.emit("invoice.finalized", open);
  if (open.amount_due === 0) markPaid(world, id);
  return world.require("invoice", id);
}

const daysS = 86_400;
/** How long after each failed attempt the next follows. */
const retriesS = [3 * daysS, 5 * daysS, 7 * daysS];

function nextAttempt({ attempt_count }: Stripe.Invoice, now: number): number | null {
  const pause = retriesS[attempt_count];
  return pause === undefined ? null : now + pause;
}

export type Collected = { invoice: Stripe.Invoice; failure: StripeFailure | null };

/** Tries to get the money from the card that stands for this invoice, or from `method`. */
export function collectInvoice(
  world: World,
  id: string,
  { method, isAuthenticated = false }: { method?: string | undefined; isAuthenticated?: boolean } = {},
): Collected {
  const before = world.require("invoice", id);
  if (before.status !== "open") return { invoice: before, failure: null };
  const chosen = method ?? methodFor(world, before);
  const invoice = world.store.put("invoice", {
    ...before,
    attempted: true,
    attempt_count: before.attempt_count + 1,
    // Told in the event of the failure; being paid clears it.
    next_payment_attempt: before.auto_advance
      ? nextAttempt(before, world.nowFor(String(before.customer)))
      : null,
  });
  const intent = intentOf(world, id);
  if (!chosen || !intent) {
    world.emit("invoice.payment_failed", invoice);
    return { invoice: world.require("invoice", id), failure: noMethod() };
  }
  const confirmed = confirmIntent(world, intent, { payment_method: chosen, isAuthenticated });
  const after = world.require("invoice", id);
  if (confirmed.failure) return { invoice: after, failure: confirmed.failure };
  const failure = confirmed.intent.status === "requires_action" ? actionRequired(confirmed.intent) : null;
  return { invoice: after, failure };
}

/** Notes that it is paid. */
export function markPaid(world: World, id: string, fields: Partial<Stripe.Invoice> = {}): void {
  const before = world.require("invoice", id);
  if (before.status === "paid") return;
  const now = world.nowFor(String(before.customer));
  const payment = paymentOf(world, id);
  const paid = world.store.put("invoice", {
    ...before,
    status: "paid",
    attempted: true,
    auto_advance: false,
    next_payment_attempt: null,
    amount_paid: before.amount_due,
    amount_remaining: 0,
    status_transitions: { ...before.status_transitions, paid_at: now },
    ...fields,
  });
  if (payment) {
    const settled = world.store.put("invoice_payment", {
      ...payment,
      amount_paid: payment.amount_requested,
      status: "paid",
      status_transitions: { ...payment.status_transitions, paid_at: now },
    });
    world.emit("invoice_payment.paid", settled);
  }
  world.emit("invoice.paid", paid);
  world.emit("invoice.payment_succeeded", world.require("invoice", id));
}

/** Takes a demand back; or, as `uncollectible`, gives it up. */
export function abandonInvoice(world: World, id: string, status: "void" | "uncollectible"): Stripe.Invoice {
  const before = world.require("invoice", id);
  if (before.status !== "open" && !(status === "void" && before.status === "uncollectible")) {
    throw invalid(`You can only pass in open invoices. This invoice isn't open.`, {
      code: "invoice_not_editable",
    });
  }
  const now = world.nowFor(String(before.customer));
  const moment = status === "void" ? { voided_at: now } : { marked_uncollectible_at: now };
  const after = world.store.put("invoice", {
    ...before,
    status,
    auto_advance: false,
    next_payment_attempt: null,
    status_transitions: { ...before.status_transitions, ...moment },
  });
  if (status === "void") {
    const payment = paymentOf(world, id);
    const intent = intentOf(world, id);
    if (intent && intent.status !== "canceled") cancelIntent(world, intent.id, "void_invoice");
    if (payment) {
      const status_transitions = { ...payment.status_transitions, canceled_at: now };
      world.store.put("invoice_payment", { ...payment, status: "canceled", status_transitions });
    }
  }
  world.emit(status === "void" ? "invoice.voided" : "invoice.marked_uncollectible", after);
  return world.require("invoice", id);
}

function demandPayment(world: World, invoice: Stripe.Invoice): void {
  const isSubscription = subscriptionOf(invoice) !== null;
  const intent = createIntent(world, {
    amount: invoice.amount_due,
    currency: invoice.currency,
    customer: String(invoice.customer),
    description: isSubscription
      ? `Subscription ${invoice.billing_reason === "subscription_create" ? "creation" : "update"}`
      : `Payment for Invoice ${invoice.number}`,
    receipt_email: invoice.customer_email,
    setup_future_usage: isSubscription ? "off_session" : null,
  });
  world.store.put("invoice_payment", {
    id: world.newId("inpay"),
    object: "invoice_payment",
    amount_paid: null,
    amount_requested: invoice.amount_due,
    created: intent.created,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: intent.id, type: "payment_intent" },
    status: "open",
    status_transitions: { canceled_at: null, paid_at: null },
  });
}

function parentOf(
  subscription: Stripe.Subscription,
  prorationDate: number | undefined,
): Stripe.Invoice.Parent {
  return {
    quote_details: null,
    subscription_details: {
      metadata: subscription.metadata,
      subscription: subscription.id,
      ...(prorationDate === undefined ? {} : { subscription_proration_date: prorationDate }),
    },
    type: "subscription_details",
  };
}

function noMethod(): StripeFailure {
  const message =
    "There is no `default_payment_method` set on this Customer or Invoice. Please set either an `invoice_settings.default_payment_method` on the Customer or a `default_payment_method` on the Invoice.";
  return new StripeFailure(400, { type: "invalid_request_error", code: "resource_missing", message }, true);
}

function actionRequired(payment_intent: Stripe.PaymentIntent): StripeFailure {
  return cardFailure({
    code: "invoice_payment_intent_requires_action",
    message:
      "Payment for this invoice requires additional user action before it can be completed successfully. Payment can be completed using the PaymentIntent associated with this invoice. For more details see: https://stripe.com/docs/billing/subscriptions/overview#requires-action",
    payment_intent,
  });
}
