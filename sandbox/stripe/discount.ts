import type Stripe from "stripe";
import { z } from "zod";
import { amountOff, requireValid } from "./coupon";
import { invalid } from "./failure";
import { text } from "./params";
import { addInterval } from "./period";
import { usableCode } from "./promotion-code";
import type { World } from "./world";

/** What requests name: a coupon, a promotion code, or a discount that is already there. */
export const discountParams = z.array(
  z.strictObject({ coupon: text.optional(), discount: text.optional(), promotion_code: text.optional() }),
);
export type DiscountParams = z.output<typeof discountParams>;

type Place = { customer: string | null; subscription?: string; session?: string; currency: string };

/** Makes the discounts that a request names, redeeming coupons and codes. */
export function redeemAll(world: World, given: DiscountParams, place: Place): Stripe.Discount[] {
  return given.map(({ coupon, promotion_code, discount }) => {
    if (discount) return world.require("discount", discount, "discounts");
    if (promotion_code) {
      const code = world.require("promotion_code", promotion_code, "discounts");
      const usable = usableCode(world, code, place.customer, {
        total: Number.POSITIVE_INFINITY,
        currency: place.currency,
      });
      if (!usable)
        throw invalid("This promotion code cannot be redeemed.", {
          code: "promotion_code_invalid",
          param: "discounts",
        });
      world.store.put("promotion_code", { ...usable, times_redeemed: usable.times_redeemed + 1 });
      return redeem(world, String(usable.promotion.coupon), place, usable.id);
    }
    return redeem(world, coupon ?? "", place, null);
  });
}

function redeem(world: World, id: string, place: Place, promotion_code: string | null): Stripe.Discount {
  const coupon = requireValid(world, id);
  amountOff(coupon, place.currency);
  const times_redeemed = coupon.times_redeemed + 1;
  world.store.put("coupon", {
    ...coupon,
    times_redeemed,
    valid: coupon.max_redemptions === null || times_redeemed < coupon.max_redemptions,
  });
  return world.store.put("discount", discountFor(world, coupon, place, promotion_code));
}

/**
 * The discounts that a request names, redeeming nothing: what they come to, also for a page whose code was used up
 * by its own payment.
 */
export function discountsNamed(world: World, given: DiscountParams, place: Place): Stripe.Discount[] {
  return given.map(({ coupon, promotion_code, discount }) => {
    if (discount) return world.require("discount", discount, "discounts");
    const code = promotion_code ? world.require("promotion_code", promotion_code, "discounts") : null;
    const id = code ? String(code.promotion.coupon) : (coupon ?? "");
    return discountFor(world, world.require("coupon", id, "discounts"), place, code?.id ?? null);
  });
}

function discountFor(
  world: World,
  coupon: Stripe.Coupon,
  place: Place,
  promotion_code: string | null,
): Stripe.Discount {
  const start = world.nowFor(place.customer);
  return {
    id: world.newId("di"),
    object: "discount",
    checkout_session: place.session ?? null,
    customer: place.customer,
    customer_account: null,
    end: coupon.duration === "repeating" ? addInterval(start, "month", coupon.duration_in_months ?? 0) : null,
    invoice: null,
    invoice_item: null,
    promotion_code,
    source: { coupon: coupon.id, type: "coupon" },
    start,
    subscription: place.subscription ?? null,
    subscription_item: null,
  };
}

/** A discount's coupon; it may be deleted, its terms stay with the discount. */
export function couponOf(world: World, discount: Stripe.Discount): Stripe.Coupon | undefined {
  return world.store.get("coupon", String(discount.source.coupon));
}

export type Discountable = { amount: number; product: string | null; isDiscountable: boolean };
/** What each discount takes off each line. */
export type Reduction = { discount: string; amount: number };

/** What discounts take off the lines of an invoice, in the order in which they stand. */
export function reductionsOf(
  world: World,
  discounts: Stripe.Discount[],
  lines: Discountable[],
  currency: string,
): Reduction[][] {
  const result = lines.map((): Reduction[] => []);
  for (const discount of discounts) {
    const coupon = couponOf(world, discount);
    if (!coupon) continue;
    const left = lines.map(({ amount, product, isDiscountable }, index) => {
      const applies =
        !coupon.applies_to || (product !== null && coupon.applies_to.products.includes(product));
      const taken = (result[index] ?? []).reduce((sum, reduction) => sum + reduction.amount, 0);
      return isDiscountable && applies ? Math.max(0, amount - taken) : 0;
    });
    for (const [index, amount] of shares(coupon, left, currency).entries()) {
      if (amount > 0) result[index]?.push({ discount: discount.id, amount });
    }
  }
  return result;
}

/** Each line's share: a percentage of it, or its part of an amount, the last line taking what rounding leaves. */
function shares(coupon: Stripe.Coupon, left: number[], currency: string): number[] {
  const { percent_off } = coupon;
  if (percent_off !== null) return left.map((amount) => Math.round((amount * percent_off) / 100));
  const total = left.reduce((sum, amount) => sum + amount, 0);
  let remaining = Math.min(amountOff(coupon, currency), total);
  let rest = total;
  return left.map((amount) => {
    const share = rest === 0 ? 0 : Math.round((remaining * amount) / rest);
    remaining -= share;
    rest -= amount;
    return share;
  });
}
