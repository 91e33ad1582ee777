import type Stripe from "stripe";
import { z } from "zod";
import { invalid } from "./failure";
import { listOf, type Operation, operation } from "./operation";
import {
  clearable,
  created,
  decimal,
  defined,
  isWithin,
  mergeMetadata,
  metadata,
  pages,
  text,
  whole,
} from "./params";
import type { Deleted } from "./records";
import type { World } from "./world";

const amounts = z.record(z.string(), z.strictObject({ amount_off: whole }));
const creation = {
  amount_off: whole.optional(),
  applies_to: z.strictObject({ products: z.array(text) }).optional(),
  currency: text.optional(),
  currency_options: amounts.optional(),
  duration: z.enum(["forever", "once", "repeating"]).optional(),
  duration_in_months: whole.optional(),
  id: text.optional(),
  max_redemptions: whole.optional(),
  metadata: metadata.optional(),
  name: text.optional(),
  percent_off: decimal.optional(),
  redeem_by: whole.optional(),
};
type Creation = z.output<z.ZodObject<typeof creation>>;

export const couponOperations: Operation[] = [
  operation("POST", "/v1/coupons", creation, (world, params) => createCoupon(world, params)),
  operation("GET", "/v1/coupons/:id", {}, (world, _params, id) => world.require("coupon", id)),
  operation(
    "POST",
    "/v1/coupons/:id",
    { metadata: metadata.optional(), name: clearable(text).optional() },
    (world, { metadata, name }, id) => {
      const before = world.require("coupon", id);
      return world.store.put("coupon", {
        ...before,
        metadata: mergeMetadata(before.metadata, metadata),
        name: name === undefined ? before.name : name,
      });
    },
  ),
  operation("DELETE", "/v1/coupons/:id", {}, (world, _params, id): Deleted => {
    const coupon = world.require("coupon", id);
    world.store.remove("coupon", id);
    world.emit("coupon.deleted", coupon);
    return world.store.put("deleted", { id, object: "coupon", deleted: true });
  }),
  operation("GET", "/v1/coupons", { ...pages, ...created }, (world, { created, ...paging }) =>
    listOf(world, "coupon", paging, "/v1/coupons", (coupon) => isWithin(coupon.created, created)),
  ),
];

/** One for everything has none. */
export const couponIncludes = { "coupon.applies_to": () => null };

function createCoupon(world: World, params: Creation): Stripe.Coupon {
  const { amount_off, percent_off, duration = "once" } = params;
  if ((amount_off === undefined) === (percent_off === undefined)) {
    throw invalid("You must pass exactly one of percent_off or amount_off.");
  }
  if (percent_off !== undefined && (percent_off <= 0 || percent_off > 100)) {
    throw invalid("Invalid percent_off: must be greater than 0 and at most 100.", { param: "percent_off" });
  }
  if (amount_off !== undefined && !params.currency)
    throw invalid("You must pass currency when passing amount_off.", { param: "currency" });
  if ((duration === "repeating") !== (params.duration_in_months !== undefined)) {
    throw invalid("duration_in_months is needed for, and only for, a repeating coupon.", {
      param: "duration_in_months",
    });
  }
  const id = params.id ?? world.newId("c", 8).slice(2);
  if (world.store.get("coupon", id)) {
    throw invalid("Coupon already exists.", { code: "resource_already_exists", param: "id" });
  }
  const { applies_to, currency_options } = params;
  const coupon = world.store.put("coupon", {
    id,
    object: "coupon",
    amount_off: amount_off ?? null,
    ...defined({ applies_to, currency_options }),
    created: world.now(),
    currency: params.currency?.toLowerCase() ?? null,
    duration,
    duration_in_months: params.duration_in_months ?? null,
    livemode: false,
    max_redemptions: params.max_redemptions ?? null,
    metadata: mergeMetadata({}, params.metadata),
    name: params.name ?? null,
    percent_off: percent_off ?? null,
    redeem_by: params.redeem_by ?? null,
    times_redeemed: 0,
    valid: true,
  });
  world.emit("coupon.created", coupon);
  return coupon;
}

/** @throws StripeFailure for a coupon that can no longer be used */
export function requireValid(world: World, id: string, param = "discounts"): Stripe.Coupon {
  const coupon = world.require("coupon", id, param);
  const isExpired = coupon.redeem_by !== null && coupon.redeem_by < world.now();
  if (!coupon.valid || isExpired) throw invalid(`Coupon expired: ${id}`, { code: "coupon_expired", param });
  return coupon;
}

/** What it takes off in this currency, when it is an amount. @throws StripeFailure when it has none in it */
export function amountOff(coupon: Stripe.Coupon, currency: string): number {
  if (coupon.amount_off === null) return 0;
  const amount =
    coupon.currency === currency ? coupon.amount_off : coupon.currency_options?.[currency]?.amount_off;
  if (amount === undefined) {
    throw invalid(`The coupon ${coupon.id} has no amount in ${currency}.`, { param: "discounts" });
  }
  return amount;
}
