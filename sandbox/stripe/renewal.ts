import type Stripe from "stripe";
import { abandonInvoice, draftInvoice, finalizeInvoice } from "./invoice";
import { boundaryAfter } from "./period";
import { changeSubscription, endSubscription } from "./subscription";
import {
  cycleOf,
  inPeriod,
  type Period,
  periodOf,
  recurringLines,
  standingDiscounts,
} from "./subscription-shape";
import type { World } from "./world";

const hourS = 3600;

/** What happens at the end of a period: the next one and its invoice, or the end. */
export function renew(world: World, { id }: Stripe.Subscription): void {
  const before = world.require("subscription", id);
  const { end: now } = periodOf(before);
  if (before.cancel_at !== null && before.cancel_at <= now) {
    endSubscription(world, id);
    return;
  }
  const next = nextPeriod(before);
  const endsTrial = before.status === "trialing";
  if (endsTrial && !(before.default_payment_method ?? methodOfCustomer(world, before))) {
    const missing = before.trial_settings?.end_behavior.missing_payment_method;
    if (missing === "cancel") {
      endSubscription(world, id);
      return;
    }
    if (missing === "pause") {
      const paused = changeSubscription(world, id, { status: "paused" });
      world.emit("customer.subscription.paused", paused);
      return;
    }
  }
  const after = changeSubscription(world, id, {
    items: inPeriod(before.items, next),
    ...(endsTrial ? { status: "active" } : {}),
  });
  const invoice = draftRenewal(world, after, periodOf(before), next);
  changeSubscription(world, id, { latest_invoice: invoice.id });
  const { pause_collection, status } = after;
  if (pause_collection && pause_collection.behavior !== "keep_as_draft") {
    const open = finalizeInvoice(world, invoice.id);
    const ending = pause_collection.behavior === "void" ? "void" : "uncollectible";
    if (open.status === "open") abandonInvoice(world, invoice.id, ending);
    return;
  }
  if (pause_collection || status === "unpaid") {
    world.store.put("invoice", {
      ...world.require("invoice", invoice.id),
      auto_advance: false,
      automatically_finalizes_at: null,
    });
  }
}

/** The period after the one that stands. */
export function nextPeriod(subscription: Stripe.Subscription): Period {
  const { end } = periodOf(subscription);
  return {
    start: end,
    end: boundaryAfter(subscription.billing_cycle_anchor, cycleOf(subscription.items.data), end),
  };
}

/** The invoice of a renewal, a draft for an hour. */
export function draftRenewal(
  world: World,
  subscription: Stripe.Subscription,
  last: Period,
  next: Period,
): Stripe.Invoice {
  return draftInvoice(world, {
    customer: String(subscription.customer),
    currency: subscription.currency,
    reason: "subscription_cycle",
    subscription,
    terms: recurringLines(world, subscription, next),
    discounts: standingDiscounts(world, subscription, next.start),
    period: last,
    finalizesAt: next.start + hourS,
    takesPending: true,
  });
}

/** Goes on after a pause, with a period that begins now. */
export function resumeSubscription(world: World, id: string): Stripe.Subscription {
  const before = world.require("subscription", id);
  const now = world.nowFor(String(before.customer));
  const period = { start: now, end: boundaryAfter(now, cycleOf(before.items.data), now) };
  const after = changeSubscription(world, id, {
    status: "active",
    billing_cycle_anchor: now,
    items: inPeriod(before.items, period),
  });
  world.emit("customer.subscription.resumed", after);
  const invoice = draftRenewal(world, after, periodOf(before), period);
  return changeSubscription(world, id, { latest_invoice: invoice.id });
}

function methodOfCustomer(world: World, { customer }: Stripe.Subscription) {
  return world.store.get("customer", String(customer))?.invoice_settings.default_payment_method;
}
