import { z } from "zod";
import { discountParams } from "./discount";
import { inlinePrice } from "./invoice-item";
import { flag, metadata, text, whole } from "./params";

/** What a checkout session is made of. */

const usage = z.enum(["off_session", "on_session"]);
export const creation = {
  allow_promotion_codes: flag.optional(),
  automatic_tax: z.strictObject({ enabled: flag }).optional(),
  billing_address_collection: z.enum(["auto", "required"]).optional(),
  cancel_url: text.optional(),
  client_reference_id: text.optional(),
  currency: text.optional(),
  customer: text.optional(),
  customer_creation: z.enum(["always", "if_required"]).optional(),
  customer_email: text.optional(),
  customer_update: z
    .strictObject({
      address: z.enum(["auto", "never"]).optional(),
      name: z.enum(["auto", "never"]).optional(),
    })
    .optional(),
  discounts: discountParams.max(1).optional(),
  expires_at: whole.optional(),
  invoice_creation: z
    .strictObject({
      enabled: flag,
      invoice_data: z
        .strictObject({
          description: text.optional(),
          footer: text.optional(),
          metadata: metadata.optional(),
        })
        .optional(),
    })
    .optional(),
  line_items: z
    .array(
      z.strictObject({
        price: text.optional(),
        price_data: inlinePrice.optional(),
        quantity: whole.optional(),
      }),
    )
    .optional(),
  locale: text.optional(),
  metadata: metadata.optional(),
  mode: z.enum(["payment", "setup", "subscription"]),
  payment_intent_data: z
    .strictObject({
      description: text.optional(),
      metadata: metadata.optional(),
      receipt_email: text.optional(),
      setup_future_usage: usage.optional(),
    })
    .optional(),
  payment_method_collection: z.enum(["always", "if_required"]).optional(),
  payment_method_types: z.array(z.literal("card")).optional(),
  saved_payment_method_options: z
    .strictObject({
      allow_redisplay_filters: z.array(text).optional(),
      payment_method_save: z.enum(["enabled", "disabled"]).optional(),
    })
    .optional(),
  setup_intent_data: z
    .strictObject({ description: text.optional(), metadata: metadata.optional() })
    .optional(),
  submit_type: z.enum(["auto", "book", "donate", "pay", "subscribe"]).optional(),
  subscription_data: z
    .strictObject({
      billing_mode: z.strictObject({ type: z.enum(["classic", "flexible"]) }).optional(),
      description: text.optional(),
      metadata: metadata.optional(),
      trial_end: whole.optional(),
      trial_period_days: whole.optional(),
      trial_settings: z
        .strictObject({
          end_behavior: z.strictObject({
            missing_payment_method: z.enum(["cancel", "create_invoice", "pause"]),
          }),
        })
        .optional(),
    })
    .optional(),
  success_url: text.optional(),
  tax_id_collection: z.strictObject({ enabled: flag }).optional(),
  return_url: text.optional(),
  ui_mode: z.enum(["elements", "hosted_page"]).optional(),
};
export type Creation = z.output<z.ZodObject<typeof creation>>;
