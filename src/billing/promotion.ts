import Stripe from "stripe";
import { z } from "zod";
import { type ActRequest, actOnce } from "#platform/act-once";
import { recordAct } from "#platform/audit";
import { db } from "#platform/db";
import { Refusal } from "#platform/refusal";
import type { Currency, PlanId } from "./catalogue";
import { askStripe, isMissing, stripe, timeOf } from "./stripe";

/**
 * Promotion codes: money off at checkout. Stripe keeps them, counts their uses and decides at checkout, so nothing
 * of them is stored here: what is listed is what Stripe says, with those that were made in its dashboard.
 */

export type Discount = { percent: number } | { amountCents: number; currency: Currency };

export type NewPromotion = {
  code: string;
  discount: Discount;
  /** Of a plan: its first payment, so many months, or all. A pack is paid once. */
  duration: "once" | "forever" | { months: number };
  /** What it is for: plans and packs; none is everything. */
  planIds: readonly PlanId[];
  packIds: readonly string[];
  /** How often it may be used in all; null is any number. */
  maxUses: number | null;
  /** For whoever has never paid. */
  firstPurchaseOnly: boolean;
  expiresAt: Date | null;
};

export type Promotion = {
  id: string;
  code: string;
  discount: { percent: number } | { amountCents: number; currency: string };
  duration: NewPromotion["duration"];
  planIds: string[];
  packIds: string[];
  maxUses: number | null;
  firstPurchaseOnly: boolean;
  expiresAt: Date | null;
  used: number;
  /** It was switched off, has expired or is used up: Stripe does not say which. */
  active: boolean;
  createdAt: Date;
};

/** Products are made by catalogue-sync.ts under these names. */
const packPrefix = "toolmint_pack_";
const planPrefix = "toolmint_";

const expand = ["promotion.coupon", "promotion.coupon.applies_to"];

/**
 * The newest first, as Stripe has them.
 * @param after the last one of the page before
 * @throws Refusal payments_off, payments_unreachable
 */
export async function listPromotions({
  limit,
  after,
}: {
  limit: number;
  after?: string | undefined;
}): Promise<{ promotions: Promotion[]; next: string | null }> {
  const page = await askStripe((client) =>
    client.promotionCodes.list({
      limit,
      ...(after && { starting_after: after }),
      expand: expand.map((path) => `data.${path}`),
    }),
  );
  const last = page.data.at(-1);
  return { promotions: page.data.map(promotionOf), next: page.has_more && last ? last.id : null };
}

const begun = z.object({ act: z.string() });

/**
 * Makes a code: first its line in the audit log, then the coupon and the code at Stripe, by keys of their own, so
 * that a repeat after an unknown outcome makes none twice.
 * @throws Refusal promotion_refused when an active code has this name, idempotency_conflict, payments_off,
 *   payments_unreachable
 */
export async function makePromotion(wanted: NewPromotion, request: ActRequest): Promise<Promotion> {
  const { code, discount, duration, expiresAt, ...rest } = wanted;
  stripe();
  const { act } = await db().transaction((tx) =>
    actOnce(tx, request, ["promotion.make", JSON.stringify(wanted)], begun, async () => {
      const line = { by: request.by, reason: request.reason, action: "promotion.make" } as const;
      const object = { type: "promotion", id: code };
      const terms = { ...discount, duration: typeof duration === "string" ? duration : duration.months };
      return { act: await recordAct(tx, { ...line, object, after: { ...terms, ...rest, expiresAt } }) };
    }),
  );
  try {
    return await askStripe(async (client) => {
      const coupon = await client.coupons.create(couponOf(wanted), { idempotencyKey: `${act}:coupon` });
      const made = await client.promotionCodes.create(codeOf(wanted, coupon.id), {
        idempotencyKey: `${act}:code`,
      });
      return promotionOf(made);
    });
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError) || error.statusCode === 409) throw error;
    await refuse(request, code, error.message);
    throw new Refusal("promotion_refused", { message: error.message.slice(0, 300) });
  }
}

async function refuse({ by, reason }: ActRequest, code: string, message: string): Promise<void> {
  const object = { type: "promotion", id: code };
  const after = { action: "promotion.make", message: message.slice(0, 300) };
  await db().transaction((tx) => recordAct(tx, { by, reason, action: "stripe.refused", object, after }));
}

/**
 * Switches a code off: nobody begins to use it any more, whoever has it keeps what it takes off.
 * @throws Refusal not_found, idempotency_conflict, payments_off, payments_unreachable
 */
export async function endPromotion(id: string, request: ActRequest): Promise<Promotion> {
  const found = await retrieve(id);
  const { act } = await db().transaction((tx) =>
    actOnce(tx, request, ["promotion.end", id], begun, async () => {
      const line = { by: request.by, reason: request.reason, action: "promotion.end" } as const;
      const object = { type: "promotion", id: found.code };
      return { act: await recordAct(tx, { ...line, object, after: { id, used: found.times_redeemed } }) };
    }),
  );
  const params = { active: false, expand: [...expand] };
  const idempotencyKey = `${act}:end`;
  return promotionOf(
    await askStripe((client) => client.promotionCodes.update(id, params, { idempotencyKey })),
  );
}

async function retrieve(id: string): Promise<Stripe.PromotionCode> {
  return askStripe(async (client) => {
    try {
      return await client.promotionCodes.retrieve(id);
    } catch (error) {
      if (isMissing(error)) throw new Refusal("not_found");
      throw error;
    }
  });
}

function couponOf({ code, discount, duration, planIds, packIds }: NewPromotion): Stripe.CouponCreateParams {
  const products = [...planIds.map((id) => planPrefix + id), ...packIds.map((id) => packPrefix + id)];
  return {
    // Stripe takes 40 characters; the customer reads it on the invoice.
    name: code.slice(0, 40),
    ...("percent" in discount
      ? { percent_off: discount.percent }
      : { amount_off: discount.amountCents, currency: discount.currency }),
    ...(typeof duration === "string"
      ? { duration }
      : { duration: "repeating", duration_in_months: duration.months }),
    ...(products.length > 0 && { applies_to: { products } }),
  };
}

function codeOf(
  { code, maxUses, firstPurchaseOnly, expiresAt }: NewPromotion,
  coupon: string,
): Stripe.PromotionCodeCreateParams {
  return {
    ...{ code, promotion: { type: "coupon", coupon }, expand: [...expand] },
    ...(maxUses !== null && { max_redemptions: maxUses }),
    ...(expiresAt && { expires_at: Math.floor(expiresAt.getTime() / 1000) }),
    ...(firstPurchaseOnly && { restrictions: { first_time_transaction: true } }),
  };
}

function promotionOf(code: Stripe.PromotionCode): Promotion {
  const { coupon } = code.promotion;
  const terms = typeof coupon === "object" ? coupon : null;
  const products = terms?.applies_to?.products ?? [];
  const months = terms?.duration_in_months ?? null;
  return {
    ...{ id: code.id, code: code.code, active: code.active, used: code.times_redeemed },
    discount:
      terms?.amount_off != null
        ? { amountCents: terms.amount_off, currency: terms.currency ?? "usd" }
        : { percent: terms?.percent_off ?? 0 },
    duration: months === null ? (terms?.duration === "forever" ? "forever" : "once") : { months },
    packIds: products.flatMap((id) => (id.startsWith(packPrefix) ? [id.slice(packPrefix.length)] : [])),
    planIds: products.flatMap((id) =>
      id.startsWith(planPrefix) && !id.startsWith(packPrefix) ? [id.slice(planPrefix.length)] : [],
    ),
    maxUses: code.max_redemptions,
    firstPurchaseOnly: code.restrictions.first_time_transaction,
    expiresAt: code.expires_at === null ? null : timeOf(code.expires_at),
    createdAt: timeOf(code.created),
  };
}
