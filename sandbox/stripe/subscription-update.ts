import type Stripe from "stripe";
import { redeemAll } from "./discount";
import { invalid, noSuch } from "./failure";
import { collectInvoice, draftInvoice, finalizeInvoice } from "./invoice";
import { putItem } from "./invoice-item";
import type { LineTerms } from "./line";
import { boundaryAfter } from "./period";
import { prorationsOf } from "./proration";
import { cancellationOf, changeSubscription, extraLines } from "./subscription";
import { type Changes, fieldsFrom, termsFrom } from "./subscription-params";
import {
  cycleOf,
  inPeriod,
  itemsOf,
  periodAmount,
  periodOf,
  recurringLines,
  standingDiscounts,
  termsOfItem,
} from "./subscription-shape";
import type { World } from "./world";

const pendingS = 23 * 3600;

/** Changes a subscription: at once, or when what it costs is paid. */
export function updateSubscription(world: World, id: string, params: Changes): Stripe.Subscription {
  const before = world.require("subscription", id);
  requireChangeable(world, before, params);
  const change = changeOf(world, before, params);
  if (params.payment_behavior === "pending_if_incomplete" && change.isBilledNow) {
    requirePendable(params);
    applyWhenPaid(world, before, change);
  } else applyNow(world, before, change, params);
  return world.require("subscription", id);
}

export type Change = {
  fields: Partial<Stripe.Subscription>;
  prorations: LineTerms[];
  /** Whole periods and things paid once, on the invoice that is made now. */
  lines: LineTerms[];
  isBilledNow: boolean;
  at: number;
};

/** What a request would change and cost. */
export function changeOf(world: World, before: Stripe.Subscription, params: Changes): Change {
  const now = world.nowFor(String(before.customer));
  const at = params.proration_date ?? now;
  const behavior = params.proration_behavior ?? "create_prorations";
  const terms = params.items
    ? termsFrom(world, params.items, before.items.data.map(termsOfItem))
    : before.items.data.map(termsOfItem);
  const cycle = cycleOf(terms);
  const old = cycleOf(before.items.data);
  const endsTrial = params.trial_end === "now" && before.status === "trialing";
  const trialEnd =
    typeof params.trial_end === "number" ? params.trial_end : endsTrial ? now : before.trial_end;
  const isTrial = typeof params.trial_end === "number" || (before.status === "trialing" && !endsTrial);
  const becomesPaid =
    periodAmount(world, before.items.data, before.currency) === 0 &&
    periodAmount(world, terms, before.currency) > 0;
  const differs = cycle.interval !== old.interval || cycle.interval_count !== old.interval_count;
  const resets = !isTrial && (differs || endsTrial || becomesPaid || params.billing_cycle_anchor === "now");
  const period = resets
    ? { start: now, end: boundaryAfter(now, cycle, now) }
    : typeof params.trial_end === "number"
      ? { start: periodOf(before).start, end: params.trial_end }
      : periodOf(before);
  const { items: _, ...rest } = params;
  const fields: Partial<Stripe.Subscription> = {
    ...fieldsFrom(before, rest),
    ...(before.cancel_at_period_end ? { cancel_at: period.end } : {}),
    ...cancellationOf(params, period.end, now),
    items: params.items ? itemsOf(world, before.id, terms, period, now) : inPeriod(before.items, period),
    ...(resets ? { billing_cycle_anchor: now } : {}),
    ...(typeof params.trial_end === "number"
      ? { billing_cycle_anchor: params.trial_end, status: "trialing", trial_start: before.trial_start ?? now }
      : {}),
    ...(endsTrial ? { status: "active" } : {}),
    trial_end: trialEnd,
    ...discountsOf(world, before, params),
    ...pauseOf(params),
  };
  const after = { ...before, ...fields };
  const wasTrial = before.status === "trialing";
  const prorations =
    behavior === "none" || isTrial || wasTrial ? [] : prorationsOf(world, { before, after, at, resets });
  const lines = [
    ...(resets ? recurringLines(world, after, period) : []),
    ...extraLines(world, params.add_invoice_items ?? [], after),
  ];
  const isBilledNow = lines.length > 0 || (behavior === "always_invoice" && prorations.length > 0);
  return { fields, prorations, lines, isBilledNow, at };
}

/** The invoice of a change, still a draft. */
export function draftChange(
  world: World,
  after: Stripe.Subscription,
  { prorations, lines, at }: Change,
): Stripe.Invoice {
  for (const line of prorations) putItem(world, line, String(after.customer));
  return draftInvoice(world, {
    customer: String(after.customer),
    currency: after.currency,
    reason: "subscription_update",
    subscription: after,
    terms: lines,
    discounts: standingDiscounts(world, after, at),
    takesPending: true,
    prorationDate: at,
  });
}

function applyNow(
  world: World,
  { id }: Stripe.Subscription,
  change: Change,
  { payment_behavior }: Changes,
): void {
  const after = changeSubscription(world, id, change.fields);
  if (!change.isBilledNow) {
    for (const line of change.prorations) putItem(world, line, String(after.customer));
    return;
  }
  const invoice = draftChange(world, after, change);
  changeSubscription(world, id, { latest_invoice: invoice.id });
  if (finalizeInvoice(world, invoice.id).status !== "open") return;
  world.store.put("invoice", { ...world.require("invoice", invoice.id), auto_advance: true });
  if (payment_behavior === "default_incomplete") {
    changeSubscription(world, id, { status: "past_due" });
    return;
  }
  const { failure } = collectInvoice(world, invoice.id);
  if (failure && payment_behavior === "error_if_incomplete") throw failure.undone();
}

/** Nothing changes until the invoice is paid; then `watchSubscriptions` carries it out. */
function applyWhenPaid(world: World, before: Stripe.Subscription, change: Change): void {
  const { id } = before;
  const waiting = world.store.get("pending_change", id);
  if (waiting)
    throw invalid("This subscription already has a pending update.", { code: "subscription_pending_update" });
  const invoice = draftChange(world, { ...before, ...change.fields }, change);
  world.store.put("pending_change", { id, invoice: invoice.id, change: change.fields });
  changeSubscription(world, id, { latest_invoice: invoice.id });
  if (finalizeInvoice(world, invoice.id).status !== "open") return;
  collectInvoice(world, invoice.id);
  if (!world.store.get("pending_change", id)) return;
  const { items, trial_end, billing_cycle_anchor } = change.fields;
  changeSubscription(world, id, {
    pending_update: {
      billing_cycle_anchor: billing_cycle_anchor ?? null,
      cancel_at_period_end: null,
      discount: null,
      discounts: null,
      expires_at: Math.min(world.nowFor(String(before.customer)) + pendingS, periodOf(before).end),
      metadata: null,
      subscription_items: items?.data ?? null,
      trial_end: trial_end ?? null,
      trial_from_plan: null,
    },
  });
}

function requireChangeable(world: World, before: Stripe.Subscription, params: Changes): void {
  if (before.status === "canceled" || before.status === "incomplete_expired") {
    throw invalid("A canceled subscription can only update its cancellation_details and metadata.");
  }
  const method = params.default_payment_method;
  if (
    method &&
    world.require("payment_method", method, "default_payment_method").customer !== before.customer
  ) {
    throw noSuch("PaymentMethod", method, "default_payment_method");
  }
}

const pendable = new Set([
  "payment_behavior",
  "proration_behavior",
  "proration_date",
  "items",
  "trial_end",
  "billing_cycle_anchor",
  "off_session",
  "add_invoice_items",
  "discounts",
]);

function requirePendable(params: Changes): void {
  const odd = Object.entries(params).find(([name, value]) => value !== undefined && !pendable.has(name));
  if (odd) {
    throw invalid(
      `You cannot update \`${odd[0]}\` with \`payment_behavior=pending_if_incomplete\`. Update it in a request of its own.`,
      { param: odd[0] },
    );
  }
}

function discountsOf(
  world: World,
  before: Stripe.Subscription,
  { discounts }: Changes,
): Partial<Stripe.Subscription> {
  if (discounts === undefined) return {};
  const place = { customer: String(before.customer), subscription: before.id, currency: before.currency };
  return { discounts: redeemAll(world, discounts ?? [], place).map(({ id }) => id) };
}

function pauseOf({ pause_collection }: Changes): Partial<Stripe.Subscription> {
  if (pause_collection === undefined) return {};
  return {
    pause_collection: pause_collection && {
      behavior: pause_collection.behavior,
      resumes_at: pause_collection.resumes_at ?? null,
    },
  };
}
