import type Stripe from "stripe";
import { z } from "zod";
import { discountParams } from "./discount";
import { upcoming } from "./due";
import { invalid } from "./failure";
import { putItem } from "./invoice-item";
import { type Operation, operation } from "./operation";
import { flag, text, whole } from "./params";
import { changeSubscription, createSubscription } from "./subscription";
import { changes } from "./subscription-params";
import { changeOf, draftChange } from "./subscription-update";
import type { World } from "./world";

/** What an invoice would look like: the next renewal, that of a change, or the first of a subscription. */

const details = z.strictObject({
  billing_cycle_anchor: changes.billing_cycle_anchor,
  cancel_at: changes.cancel_at,
  cancel_at_period_end: flag.optional(),
  items: changes.items,
  proration_behavior: changes.proration_behavior,
  proration_date: whole.optional(),
  trial_end: changes.trial_end,
});
const preview = {
  currency: text.optional(),
  customer: text.optional(),
  discounts: discountParams.optional(),
  preview_mode: z.literal("next").optional(),
  subscription: text.optional(),
  subscription_details: details.optional(),
};
type Preview = z.output<z.ZodObject<typeof preview>>;

export const previewOperations: Operation[] = [
  operation("POST", "/v1/invoices/create_preview", preview, (world, params) => {
    const invoice = world.store.dryRun(() => previewInvoice(world, params));
    const id = invoice.id.startsWith("upcoming_") ? invoice.id : `upcoming_${invoice.id}`;
    return { ...invoice, id, status: "draft" };
  }),
];

function previewInvoice(world: World, params: Preview): Stripe.Invoice {
  const { subscription, subscription_details = {} } = params;
  if (!subscription) return previewFirst(world, params);
  const before = world.require("subscription", subscription, "subscription");
  if (before.status === "canceled")
    throw invalid("No upcoming invoices for customer", { code: "invoice_upcoming_none" });
  const change = changeOf(world, before, { ...subscription_details, discounts: params.discounts });
  const after = world.store.put("subscription", { ...before, ...change.fields });
  if (change.isBilledNow) return draftChange(world, after, change);
  for (const line of change.prorations) putItem(world, line, String(after.customer));
  if (after.cancel_at !== null) {
    throw invalid("No upcoming invoices for customer", { code: "invoice_upcoming_none" });
  }
  return upcoming(world, changeSubscription(world, after.id, {}));
}

function previewFirst(world: World, params: Preview): Stripe.Invoice {
  const { customer, subscription_details } = params;
  if (!customer || !subscription_details?.items) {
    throw invalid("You must pass subscription, or customer and subscription_details[items].");
  }
  const { items, trial_end, cancel_at, cancel_at_period_end } = subscription_details;
  const made = createSubscription(world, {
    customer,
    items,
    trial_end,
    cancel_at,
    cancel_at_period_end,
    currency: params.currency,
    discounts: params.discounts,
    payment_behavior: "default_incomplete",
  });
  return world.require("invoice", String(made.latest_invoice));
}
