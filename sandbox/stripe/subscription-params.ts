import type Stripe from "stripe";
import { z } from "zod";
import { discountParams } from "./discount";
import { invalid } from "./failure";
import { inlinePrice } from "./invoice-item";
import { clearable, flag, mergeMetadata, metadata, text, whole } from "./params";
import { createPrice } from "./price";
import type { ItemTerms } from "./subscription-shape";
import type { World } from "./world";

const item = z.strictObject({
  deleted: flag.optional(),
  discounts: clearable(z.array(z.never())).optional(),
  id: text.optional(),
  metadata: metadata.optional(),
  price: text.optional(),
  price_data: inlinePrice.optional(),
  quantity: whole.optional(),
});
export type ItemParams = z.output<typeof item>;
const endBehavior = z.strictObject({
  billing_cycle_anchor: z.enum(["now", "unchanged"]).optional(),
  missing_payment_method: z.enum(["cancel", "create_invoice", "pause"]),
});
export const behaviors = {
  payment_behavior: z
    .enum(["allow_incomplete", "default_incomplete", "error_if_incomplete", "pending_if_incomplete"])
    .optional(),
  proration_behavior: z.enum(["always_invoice", "create_prorations", "none"]).optional(),
};
export const cancellation = z.strictObject({
  comment: clearable(text).optional(),
  feedback: clearable(text).optional(),
});
const common = {
  ...behaviors,
  add_invoice_items: z
    .array(
      z.strictObject({
        price: text.optional(),
        price_data: inlinePrice.optional(),
        quantity: whole.optional(),
        metadata: metadata.optional(),
      }),
    )
    .optional(),
  automatic_tax: z.strictObject({ enabled: flag }).optional(),
  cancel_at: clearable(whole).optional(),
  cancel_at_period_end: flag.optional(),
  collection_method: z.enum(["charge_automatically", "send_invoice"]).optional(),
  days_until_due: whole.optional(),
  default_payment_method: clearable(text).optional(),
  description: clearable(text).optional(),
  discounts: clearable(discountParams).optional(),
  metadata: metadata.optional(),
  off_session: flag.optional(),
  payment_settings: z
    .strictObject({
      payment_method_types: clearable(z.array(text)).optional(),
      save_default_payment_method: z.enum(["off", "on_subscription"]).optional(),
    })
    .optional(),
  trial_settings: z.strictObject({ end_behavior: endBehavior }).optional(),
};
const trialEnd = z.union([z.literal("now"), whole]);

export const creation = {
  ...common,
  billing_cycle_anchor: whole.optional(),
  billing_mode: z.strictObject({ type: z.enum(["flexible", "classic"]) }).optional(),
  currency: text.optional(),
  customer: text,
  items: z.array(item).max(20),
  trial_end: trialEnd.optional(),
  trial_from_plan: flag.optional(),
  trial_period_days: whole.optional(),
};
export type Creation = z.output<z.ZodObject<typeof creation>>;

export const changes = {
  ...common,
  billing_cycle_anchor: z.enum(["now", "unchanged"]).optional(),
  cancellation_details: cancellation.optional(),
  items: z.array(item).max(20).optional(),
  pause_collection: clearable(
    z.strictObject({
      behavior: z.enum(["keep_as_draft", "mark_uncollectible", "void"]),
      resumes_at: whole.optional(),
    }),
  ).optional(),
  proration_date: whole.optional(),
  trial_end: trialEnd.optional(),
};
export type Changes = z.output<z.ZodObject<typeof changes>>;

/** The terms that the items of a request name, on top of those that stand. */
export function termsFrom(world: World, given: ItemParams[], standing: ItemTerms[]): ItemTerms[] {
  const result = [...standing];
  for (const [index, params] of given.entries()) {
    const at = params.id ? result.findIndex(({ id }) => id === params.id) : result.length;
    const old = result[at];
    if (at < 0)
      throw invalid(`No such subscription item: '${params.id}'`, {
        code: "resource_missing",
        param: `items[${index}][id]`,
      });
    if (params.deleted) {
      result.splice(at, 1);
      continue;
    }
    const price = priceOf(world, params, index) ?? old?.price;
    if (!price)
      throw invalid(`Missing required param: items[${index}][price].`, {
        code: "parameter_missing",
        param: `items[${index}][price]`,
      });
    result[at] = {
      ...(old?.id ? { id: old.id } : {}),
      price,
      quantity: params.quantity ?? old?.quantity ?? 1,
      metadata: mergeMetadata(old?.metadata, params.metadata),
    };
  }
  if (result.length === 0)
    throw invalid("A subscription must have at least one active plan.", { param: "items" });
  return result;
}

function priceOf(world: World, { price, price_data }: ItemParams, index: number): Stripe.Price | null {
  if (price_data) return createPrice(world, price_data);
  if (!price) return null;
  const found = world.require("price", price, `items[${index}][price]`);
  if (!found.active) {
    throw invalid(`The price specified is inactive. This field only accepts active prices.`, {
      param: `items[${index}][price]`,
    });
  }
  return found;
}

/** The plain fields that a request sets. */
export function fieldsFrom(
  before: Stripe.Subscription,
  params: Omit<Changes, "items" | "billing_cycle_anchor">,
): Partial<Stripe.Subscription> {
  const { description, default_payment_method, collection_method, days_until_due, payment_settings } = params;
  return {
    metadata: mergeMetadata(before.metadata, params.metadata),
    ...(description === undefined ? {} : { description }),
    ...(default_payment_method === undefined ? {} : { default_payment_method }),
    ...(collection_method === undefined ? {} : { collection_method }),
    ...(days_until_due === undefined ? {} : { days_until_due }),
    ...(params.automatic_tax
      ? { automatic_tax: { ...before.automatic_tax, enabled: params.automatic_tax.enabled } }
      : {}),
    ...(params.trial_settings
      ? {
          trial_settings: {
            end_behavior: {
              billing_cycle_anchor: params.trial_settings.end_behavior.billing_cycle_anchor ?? null,
              missing_payment_method: params.trial_settings.end_behavior.missing_payment_method,
            },
          },
        }
      : {}),
    ...(payment_settings && before.payment_settings
      ? {
          payment_settings: {
            ...before.payment_settings,
            save_default_payment_method:
              payment_settings.save_default_payment_method ??
              before.payment_settings.save_default_payment_method,
          },
        }
      : {}),
  };
}
