import type Stripe from "stripe";
import { discountsNamed, reductionsOf } from "./discount";
import { nameOf } from "./line";
import { unitAmount, withoutOptions } from "./price";
import type { World } from "./world";

/** What a session sells, and what that comes to today. */

export type SessionLine = {
  id: string;
  price: Stripe.Price;
  quantity: number;
  amount: number;
  reduction: number;
  isTrial: boolean;
};

/** The lines of a session with what is paid for each today. */
export function linesOfSession(world: World, session: Stripe.Checkout.Session): SessionLine[] {
  const terms = world.store.get("session_terms", session.id);
  const currency = session.currency ?? "usd";
  const hasTrial = Boolean(terms?.data.trial_period_days ?? terms?.data.trial_end);
  const lines = (terms?.items ?? []).map(({ id, price, quantity }) => {
    const found = world.require("price", price);
    const isTrial = hasTrial && found.type === "recurring";
    return {
      id,
      price: found,
      quantity,
      isTrial,
      amount: isTrial ? 0 : unitAmount(found, currency) * quantity,
    };
  });
  const discountable = lines.map(({ amount, price }) => ({
    amount,
    product: String(price.product),
    isDiscountable: true,
  }));
  const customer = typeof session.customer === "string" ? session.customer : null;
  const discounts = discountsNamed(world, terms?.discounts ?? [], { customer, currency });
  const reductions = reductionsOf(world, discounts, discountable, currency);
  return lines.map((line, index) => ({
    ...line,
    reduction: (reductions[index] ?? []).reduce((sum, { amount }) => sum + amount, 0),
  }));
}

/** The sums of a session. */
export function totalsOf(world: World, session: Stripe.Checkout.Session): Partial<Stripe.Checkout.Session> {
  if (session.mode === "setup") return {};
  const lines = linesOfSession(world, session);
  const amount_subtotal = lines.reduce((sum, { amount }) => sum + amount, 0);
  const amount_discount = lines.reduce((sum, { reduction }) => sum + reduction, 0);
  const { discounts = [] } = world.store.get("session_terms", session.id) ?? {};
  return {
    amount_subtotal,
    amount_total: amount_subtotal - amount_discount,
    total_details: { amount_discount, amount_shipping: 0, amount_tax: 0 },
    discounts: discounts.map(({ coupon, promotion_code }) => ({
      coupon: coupon ?? null,
      promotion_code: promotion_code ?? null,
    })),
  };
}

/** The lines as the API shows them. */
export function lineItemsOf(world: World, session: Stripe.Checkout.Session): Stripe.LineItem[] {
  return linesOfSession(world, session).map(({ id, price, quantity, amount, reduction }) => ({
    id,
    object: "item",
    adjustable_quantity: null,
    amount_discount: reduction,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount - reduction,
    currency: session.currency ?? "usd",
    description: nameOf(world, price),
    metadata: {},
    price: withoutOptions(price),
    quantity,
  }));
}
