import type Stripe from "stripe";
import { requireCustomer } from "./customer";
import { redeemAll } from "./discount";
import { invalid } from "./failure";
import { collectInvoice, draftInvoice, finalizeInvoice } from "./invoice";
import { putItem } from "./invoice-item";
import { methodFor } from "./invoice-links";
import { type LineTerms, lineText } from "./line";
import { mergeMetadata } from "./params";
import { boundaryAfter, prorate } from "./period";
import { createPrice, unitAmount } from "./price";
import { type Changes, type Creation, fieldsFrom, termsFrom } from "./subscription-params";
import {
  blankSubscription,
  cycleOf,
  itemsOf,
  periodOf,
  recurringLines,
  standingDiscounts,
} from "./subscription-shape";
import { previousOf, type World } from "./world";

const dayS = 86_400;

/** Begins a subscription: with a trial, or with an invoice that is to be paid. */
export function createSubscription(
  world: World,
  params: Creation,
  { isAuthenticated = false }: { isAuthenticated?: boolean } = {},
): Stripe.Subscription {
  const customer = requireCustomer(world, params.customer);
  const now = world.nowFor(customer.id);
  const terms = termsFrom(world, params.items, []);
  const cycle = cycleOf(terms);
  const currency = (params.currency ?? customer.currency ?? terms[0]?.price.currency ?? "usd").toLowerCase();
  if (customer.currency && customer.currency !== currency) {
    throw invalid(
      `You cannot combine currencies on a single customer. This customer has an active subscription, subscription schedule, discount, quote, or invoice item with currency ${customer.currency}.`,
    );
  }
  const trial_end = trialEndOf(params, now);
  const anchor = trial_end ?? params.billing_cycle_anchor ?? now;
  const end = trial_end ?? (anchor > now ? anchor : boundaryAfter(anchor, cycle, now));
  const id = world.newId("sub");
  const discounts = redeemAll(world, params.discounts ?? [], {
    customer: customer.id,
    subscription: id,
    currency,
  });
  const blank: Stripe.Subscription = { ...blankSubscription, customer: customer.id };
  const { billing_cycle_anchor: _, items: __, ...rest } = params;
  const made = world.store.put("subscription", {
    ...blank,
    ...fieldsFrom(blank, rest),
    id,
    billing_cycle_anchor: anchor,
    ...(params.billing_mode?.type === "classic" ? { billing_mode: { flexible: null, type: "classic" } } : {}),
    ...cancellationOf(params, end, now),
    created: now,
    currency,
    discounts: discounts.map((discount) => discount.id),
    items: itemsOf(world, id, terms, { start: now, end }, now),
    start_date: now,
    status: trial_end ? "trialing" : "incomplete",
    test_clock: world.clockOf(customer.id),
    trial_end,
    trial_start: trial_end ? now : null,
  });
  if (!customer.currency) world.store.put("customer", { ...customer, currency });
  world.emit("customer.subscription.created", made);
  billFirst(world, made, params, isAuthenticated);
  return world.require("subscription", id);
}

function billFirst(
  world: World,
  subscription: Stripe.Subscription,
  params: Creation,
  isAuthenticated: boolean,
): void {
  const { id, currency } = subscription;
  const period = periodOf(subscription);
  const lines = recurringLines(world, subscription, period, subscription.trial_end !== null).map((line) =>
    untilAnchor(line, subscription, period),
  );
  const invoice = draftInvoice(world, {
    customer: String(subscription.customer),
    currency,
    reason: "subscription_create",
    subscription,
    terms: [...lines, ...extraLines(world, params.add_invoice_items ?? [], subscription)],
    discounts: standingDiscounts(world, subscription, period.start),
    takesPending: true,
  });
  changeSubscription(world, id, { latest_invoice: invoice.id });
  const due = finalizeInvoice(world, invoice.id);
  if (due.status !== "open") return;
  const { payment_behavior } = params;
  if (payment_behavior === "default_incomplete" || subscription.collection_method === "send_invoice") return;
  if (!methodFor(world, due)) {
    throw invalid(
      "This customer has no attached payment source or default payment method. Please consider adding a default payment method. For more information, visit https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.",
      { code: "resource_missing" },
    );
  }
  const { failure } = collectInvoice(world, invoice.id, { isAuthenticated });
  if (failure && payment_behavior === "error_if_incomplete") throw failure.undone();
}

/** With an anchor in the future the first line covers what lies before it. */
function untilAnchor(
  line: LineTerms,
  { billing_cycle_anchor, items, trial_end }: Stripe.Subscription,
  period: { start: number; end: number },
): LineTerms {
  if (trial_end !== null || billing_cycle_anchor <= period.start) return line;
  const cycle = cycleOf(items.data);
  const whole = {
    start:
      billing_cycle_anchor -
      (boundaryAfter(billing_cycle_anchor, cycle, billing_cycle_anchor) - billing_cycle_anchor),
    end: billing_cycle_anchor,
  };
  return { ...line, amount: prorate(line.amount, whole, period.start), isProration: true };
}

/** Changes fields and tells of it. */
export function changeSubscription(
  world: World,
  id: string,
  fields: Partial<Stripe.Subscription>,
): Stripe.Subscription {
  const before = world.require("subscription", id);
  const after = world.store.put("subscription", { ...before, ...fields });
  const previous = previousOf(before, after);
  if (Object.keys(previous).length > 0) world.emit("customer.subscription.updated", after, previous);
  return world.require("subscription", id);
}

type Ending = {
  reason?: "cancellation_requested" | "payment_failed";
  comment?: string | null | undefined;
  feedback?: string | null | undefined;
  invoice_now?: boolean | undefined;
  prorate?: boolean | undefined;
};

/** Ends a subscription now. */
export function endSubscription(world: World, id: string, ending: Ending = {}): Stripe.Subscription {
  const before = world.require("subscription", id);
  if (before.status === "canceled" || before.status === "incomplete_expired") {
    throw invalid(`No such subscription: '${id}'`, { code: "resource_missing", param: "id" });
  }
  const now = world.nowFor(String(before.customer));
  if (ending.prorate && before.status !== "trialing") creditRest(world, before, now);
  const isExpired = before.status === "incomplete";
  const after = world.store.put("subscription", {
    ...before,
    status: isExpired ? "incomplete_expired" : "canceled",
    canceled_at: before.canceled_at ?? now,
    ended_at: now,
    pending_update: null,
    cancellation_details: {
      comment: ending.comment ?? before.cancellation_details?.comment ?? null,
      feedback: ending.feedback ?? before.cancellation_details?.feedback ?? null,
      feedback_option: null,
      reason: ending.reason ?? "cancellation_requested",
    },
  });
  world.store.remove("pending_change", id);
  for (const invoice of world.store.all("invoice")) {
    const isIts = invoice.parent?.subscription_details?.subscription === id;
    // What is still owed is no longer asked for by itself.
    if (isIts && (invoice.status === "open" || invoice.status === "draft")) {
      world.store.put("invoice", {
        ...invoice,
        auto_advance: false,
        automatically_finalizes_at: null,
        next_payment_attempt: null,
      });
    }
  }
  world.emit(
    isExpired ? "customer.subscription.updated" : "customer.subscription.deleted",
    after,
    isExpired ? previousOf(before, after) : undefined,
  );
  if (ending.invoice_now) {
    const invoice = draftInvoice(world, {
      customer: String(before.customer),
      currency: before.currency,
      reason: "subscription_update",
      subscription: after,
      terms: [],
      takesPending: true,
    });
    if (finalizeInvoice(world, invoice.id).status === "open") collectInvoice(world, invoice.id);
    world.store.put("subscription", { ...after, latest_invoice: invoice.id });
  }
  return world.require("subscription", id);
}

function creditRest(world: World, subscription: Stripe.Subscription, now: number): void {
  const period = periodOf(subscription);
  for (const line of recurringLines(world, subscription, period)) {
    putItem(
      world,
      {
        ...line,
        amount: -prorate(line.amount, period, now),
        description: `Unused time on ${line.description}`,
        period: { start: now, end: period.end },
        isProration: true,
        isDiscountable: false,
      },
      String(subscription.customer),
    );
  }
}

/** When it will be cancelled, as a request says. */
export function cancellationOf(
  { cancel_at, cancel_at_period_end }: Pick<Changes, "cancel_at" | "cancel_at_period_end">,
  periodEnd: number,
  now: number,
): Partial<Stripe.Subscription> {
  const none = { comment: null, feedback: null, feedback_option: null };
  if (cancel_at_period_end === true || typeof cancel_at === "number") {
    return {
      cancel_at: cancel_at ?? periodEnd,
      cancel_at_period_end: cancel_at_period_end ?? false,
      canceled_at: now,
      cancellation_details: { ...none, reason: "cancellation_requested" },
    };
  }
  if (cancel_at_period_end === false || cancel_at === null) {
    return {
      cancel_at: null,
      cancel_at_period_end: false,
      canceled_at: null,
      cancellation_details: { ...none, reason: null },
    };
  }
  return {};
}

function trialEndOf(
  { trial_end, trial_period_days, trial_from_plan, items }: Creation,
  now: number,
): number | null {
  if (trial_end === "now") return null;
  const end = trial_end ?? (trial_period_days ? now + trial_period_days * dayS : undefined);
  if (trial_from_plan && items.length === 0) return null;
  if (end === undefined) return null;
  if (end <= now)
    throw invalid("Invalid timestamp: must be an integer Unix timestamp in the future.", {
      param: "trial_end",
    });
  return end;
}

/** Lines of things that are paid once, together with a period. */
export function extraLines(
  world: World,
  items: NonNullable<Creation["add_invoice_items"]>,
  { id, currency, customer }: Stripe.Subscription,
): LineTerms[] {
  const now = world.nowFor(String(customer));
  return items.map(({ price, price_data, quantity = 1, metadata }) => {
    const found = price_data
      ? createPrice(world, price_data)
      : world.require("price", price ?? "", "add_invoice_items");
    const unit = unitAmount(found, currency);
    return {
      amount: unit * quantity,
      currency,
      description: lineText(world, found, quantity, unit),
      period: { start: now, end: now },
      price: found,
      unitAmount: unit,
      quantity,
      metadata: mergeMetadata({}, metadata),
      isProration: false,
      isDiscountable: true,
      subscription: id,
      subscriptionItem: null,
      invoiceItem: null,
      credited: null,
    };
  });
}
