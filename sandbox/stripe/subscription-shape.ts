import Stripe from "stripe";
import { invalid } from "./failure";
import { type LineTerms, lineText, nameOf } from "./line";
import { unitAmount, withoutOptions } from "./price";
import type { World } from "./world";

export type Period = { start: number; end: number };

/** A subscription before anything is known of it. */
export const blankSubscription: Omit<Stripe.Subscription, "customer"> = {
  id: "",
  object: "subscription",
  application: null,
  application_fee_percent: null,
  automatic_tax: { disabled_reason: null, enabled: false, liability: null },
  billing_cycle_anchor: 0,
  billing_cycle_anchor_config: null,
  billing_mode: { flexible: { proration_discounts: "included" }, type: "flexible" },
  billing_schedules: [],
  billing_thresholds: null,
  cancel_at: null,
  cancel_at_period_end: false,
  canceled_at: null,
  cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
  collection_method: "charge_automatically",
  created: 0,
  currency: "",
  customer_account: null,
  days_until_due: null,
  default_payment_method: null,
  default_source: null,
  default_tax_rates: [],
  description: null,
  discounts: [],
  ended_at: null,
  invoice_settings: {
    account_tax_ids: null,
    custom_fields: null,
    description: null,
    footer: null,
    issuer: { type: "self" },
  },
  items: { object: "list", data: [], has_more: false, url: "" },
  latest_invoice: null,
  livemode: false,
  managed_payments: null,
  metadata: {},
  next_pending_invoice_item_invoice: null,
  on_behalf_of: null,
  pause_collection: null,
  payment_settings: {
    payment_method_options: null,
    payment_method_types: null,
    save_default_payment_method: "off",
  },
  pending_invoice_item_interval: null,
  pending_setup_intent: null,
  pending_update: null,
  schedule: null,
  start_date: 0,
  status: "incomplete",
  test_clock: null,
  transfer_data: null,
  trial_end: null,
  trial_settings: { end_behavior: { billing_cycle_anchor: null, missing_payment_method: "create_invoice" } },
  trial_start: null,
};

export type ItemTerms = {
  id?: string;
  price: Stripe.Price;
  quantity: number;
  metadata: Record<string, string>;
};

/** The items of a subscription for one period. */
export function itemsOf(
  world: World,
  subscription: string,
  terms: ItemTerms[],
  { start, end }: Period,
  now: number,
) {
  const data = terms.map(
    ({ id, price, quantity, metadata }): Stripe.SubscriptionItem => ({
      id: id ?? world.newId("si", 14),
      object: "subscription_item",
      billing_thresholds: null,
      created: now,
      current_period_end: end,
      current_period_start: start,
      current_trial: null,
      discounts: [],
      metadata,
      plan: planOf(price),
      price: withoutOptions(price),
      quantity,
      subscription,
      tax_rates: [],
    }),
  );
  return {
    object: "list" as const,
    data,
    has_more: false,
    url: `/v1/subscription_items?subscription=${subscription}`,
  };
}

/** The same items in another period. */
export function inPeriod(
  items: Stripe.Subscription["items"],
  { start, end }: Period,
): Stripe.Subscription["items"] {
  const data = items.data.map((item) => ({ ...item, current_period_start: start, current_period_end: end }));
  return { ...items, data };
}

export function termsOfItem({ id, price, quantity = 1, metadata }: Stripe.SubscriptionItem): ItemTerms {
  return { id, price, quantity, metadata };
}

/** What its items cost in this period. */
export function periodOf({ items }: Stripe.Subscription): Period {
  const [item] = items.data;
  return { start: item?.current_period_start ?? 0, end: item?.current_period_end ?? 0 };
}

/** How often it renews. @throws StripeFailure for items that do not go together */
export function cycleOf(items: { price: Stripe.Price }[]): Stripe.Price.Recurring {
  const [first, ...others] = items.map(({ price }) => price.recurring);
  if (!first || others.includes(null)) {
    throw invalid(
      "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.",
      { param: "items" },
    );
  }
  const differs = others.some(
    (other) => other?.interval !== first.interval || other?.interval_count !== first.interval_count,
  );
  if (differs) {
    throw invalid(
      "Currently, all prices on a subscription must have the same `recurring.interval` and `recurring.interval_count`.",
      { param: "items" },
    );
  }
  return first;
}

/** The lines for a whole period of every item; free of charge while a trial lasts. */
export function recurringLines(
  world: World,
  subscription: Stripe.Subscription,
  period: Period,
  isTrial = false,
): LineTerms[] {
  return subscription.items.data.map(({ id, price, quantity = 1, metadata }) => {
    const full = world.store.get("price", price.id) ?? price;
    const unit = unitAmount(full, subscription.currency);
    return {
      amount: isTrial ? 0 : unit * quantity,
      currency: subscription.currency,
      description: isTrial
        ? `Free trial for ${quantity} × ${nameOf(world, full)}`
        : lineText(world, { ...full, currency: subscription.currency }, quantity, unit),
      period,
      price: full,
      unitAmount: isTrial ? 0 : unit,
      quantity,
      metadata: { ...subscription.metadata, ...metadata },
      isProration: false,
      isDiscountable: true,
      subscription: subscription.id,
      subscriptionItem: id,
      invoiceItem: null,
      credited: null,
    };
  });
}

/** What all items cost for a period. */
export function periodAmount(
  world: World,
  items: { price: Stripe.Price; quantity?: number }[],
  currency: string,
): number {
  return items.reduce((sum, { price, quantity = 1 }) => {
    return sum + unitAmount(world.store.get("price", price.id) ?? price, currency) * quantity;
  }, 0);
}

/** The discounts that still stand at a moment. */
export function standingDiscounts(
  world: World,
  { discounts }: Stripe.Subscription,
  at: number,
): Stripe.Discount[] {
  return discounts
    .flatMap((discount) => world.store.get("discount", String(discount)) ?? [])
    .filter(({ end }) => end === null || end > at);
}

function planOf(price: Stripe.Price): Stripe.Plan {
  return {
    id: price.id,
    object: "plan",
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount === null ? null : Stripe.Decimal.from(price.unit_amount),
    billing_scheme: price.billing_scheme,
    created: price.created,
    currency: price.currency,
    interval: price.recurring?.interval ?? "month",
    interval_count: price.recurring?.interval_count ?? 1,
    livemode: false,
    metadata: price.metadata,
    meter: null,
    nickname: price.nickname,
    product: String(price.product),
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: price.recurring?.trial_period_days ?? null,
    usage_type: "licensed",
  };
}
