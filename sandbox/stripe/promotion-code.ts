import type Stripe from "stripe";
import { z } from "zod";
import { requireValid } from "./coupon";
import { requireCustomer } from "./customer";
import { invalid } from "./failure";
import { listOf, type Operation, operation } from "./operation";
import { created, flag, isWithin, mergeMetadata, metadata, pages, text, whole } from "./params";
import { previousOf, type World } from "./world";

const creation = {
  active: flag.optional(),
  code: text.optional(),
  customer: text.optional(),
  expires_at: whole.optional(),
  max_redemptions: whole.optional(),
  metadata: metadata.optional(),
  promotion: z.strictObject({ coupon: text, type: z.literal("coupon") }),
  restrictions: z
    .strictObject({
      first_time_transaction: flag.optional(),
      minimum_amount: whole.optional(),
      minimum_amount_currency: text.optional(),
    })
    .optional(),
};

export const promotionCodeOperations: Operation[] = [
  operation("POST", "/v1/promotion_codes", creation, (world, params) => createPromotionCode(world, params)),
  operation("GET", "/v1/promotion_codes/:id", {}, (world, _params, id) =>
    world.require("promotion_code", id),
  ),
  operation(
    "POST",
    "/v1/promotion_codes/:id",
    { active: flag.optional(), metadata: metadata.optional() },
    (world, { active, metadata }, id) => {
      const before = world.require("promotion_code", id);
      const after = world.store.put("promotion_code", {
        ...before,
        active: active ?? before.active,
        metadata: mergeMetadata(before.metadata, metadata),
      });
      world.emit("promotion_code.updated", after, previousOf(before, after));
      return after;
    },
  ),
  operation(
    "GET",
    "/v1/promotion_codes",
    {
      ...pages,
      ...created,
      active: flag.optional(),
      code: text.optional(),
      coupon: text.optional(),
      customer: text.optional(),
    },
    (world, { active, code, coupon, customer, created, ...paging }) =>
      listOf(
        world,
        "promotion_code",
        paging,
        "/v1/promotion_codes",
        (promotion) =>
          (active === undefined || promotion.active === active) &&
          (code === undefined || promotion.code.toLowerCase() === code.toLowerCase()) &&
          (coupon === undefined || promotion.promotion.coupon === coupon) &&
          (customer === undefined || promotion.customer === customer) &&
          isWithin(promotion.created, created),
      ),
  ),
];

function createPromotionCode(
  world: World,
  params: z.output<z.ZodObject<typeof creation>>,
): Stripe.PromotionCode {
  requireValid(world, params.promotion.coupon, "promotion[coupon]");
  const code = params.code ?? world.newId("p", 8).slice(2).toUpperCase();
  if (
    world.store
      .all("promotion_code")
      .some((known) => known.active && known.code.toLowerCase() === code.toLowerCase())
  ) {
    throw invalid(`An active promotion code with \`code: ${code}\` already exists.`, { param: "code" });
  }
  const { restrictions = {} } = params;
  const promotion = world.store.put("promotion_code", {
    id: world.newId("promo"),
    object: "promotion_code",
    active: params.active ?? true,
    code,
    created: world.now(),
    customer: params.customer ? requireCustomer(world, params.customer).id : null,
    customer_account: null,
    expires_at: params.expires_at ?? null,
    livemode: false,
    max_redemptions: params.max_redemptions ?? null,
    metadata: mergeMetadata({}, params.metadata),
    promotion: params.promotion,
    restrictions: {
      first_time_transaction: restrictions.first_time_transaction ?? false,
      minimum_amount: restrictions.minimum_amount ?? null,
      minimum_amount_currency: restrictions.minimum_amount_currency ?? null,
    },
    times_redeemed: 0,
  });
  world.emit("promotion_code.created", promotion);
  return promotion;
}

type Purchase = {
  total: number;
  currency: string;
  /** What is bought, where it is known: a coupon for other products is of no use. */
  products?: readonly string[];
};

/** The code's record if this customer may use it for that purchase now, or null. */
export function usableCode(
  world: World,
  promotion: Stripe.PromotionCode | undefined,
  customer: string | null,
  amount: Purchase,
): Stripe.PromotionCode | null {
  if (!promotion?.active) return null;
  const { expires_at, max_redemptions, times_redeemed, restrictions } = promotion;
  const { minimum_amount, minimum_amount_currency, first_time_transaction } = restrictions;
  if (expires_at !== null && expires_at < world.nowFor(customer)) return null;
  if (max_redemptions !== null && times_redeemed >= max_redemptions) return null;
  if (promotion.customer && promotion.customer !== customer) return null;
  if (
    minimum_amount !== null &&
    (minimum_amount_currency !== amount.currency || amount.total < minimum_amount)
  )
    return null;
  const hasPaid = world.store.all("charge").some((charge) => charge.paid && charge.customer === customer);
  if (first_time_transaction && customer && hasPaid) return null;
  const coupon = world.store.get("coupon", String(promotion.promotion.coupon));
  return coupon?.valid && isFor(coupon, amount) ? promotion : null;
}

/** Whether a coupon takes anything off what is bought, in that currency. */
function isFor(coupon: Stripe.Coupon, { currency, products }: Purchase): boolean {
  const hasAmount =
    coupon.amount_off === null ||
    coupon.currency === currency ||
    Boolean(coupon.currency_options?.[currency]);
  const applies =
    !products || !coupon.applies_to || coupon.applies_to.products.some((id) => products.includes(id));
  return hasAmount && applies;
}
