import Stripe from "stripe";
import { z } from "zod";
import { requireCustomer } from "./customer";
import { invalid } from "./failure";
import { type LineTerms, lineText } from "./line";
import { listOf, type Operation, operation } from "./operation";
import { clearable, created, flag, isWithin, mergeMetadata, metadata, pages, text, whole } from "./params";
import { createPrice, unitAmount } from "./price";
import type { Deleted } from "./records";
import type { World } from "./world";

/** What will stand on a customer's next invoice, or stands on one that is still a draft. */

export const inlinePrice = z.strictObject({
  currency: text,
  product: text.optional(),
  product_data: z
    .strictObject({
      name: text,
      description: text.optional(),
      metadata: metadata.optional(),
      images: z.array(text).optional(),
    })
    .optional(),
  recurring: z
    .strictObject({ interval: z.enum(["day", "week", "month", "year"]), interval_count: whole.optional() })
    .optional(),
  tax_behavior: z.enum(["exclusive", "inclusive", "unspecified"]).optional(),
  unit_amount: whole,
});

const creation = {
  amount: whole.optional(),
  currency: text.optional(),
  customer: text,
  description: text.optional(),
  discountable: flag.optional(),
  invoice: text.optional(),
  metadata: metadata.optional(),
  period: z.strictObject({ start: whole, end: whole }).optional(),
  price_data: inlinePrice.optional(),
  pricing: z.strictObject({ price: text }).optional(),
  quantity: whole.optional(),
  subscription: text.optional(),
};

export const invoiceItemOperations: Operation[] = [
  operation("POST", "/v1/invoiceitems", creation, (world, params) => createInvoiceItem(world, params)),
  operation("GET", "/v1/invoiceitems/:id", {}, (world, _params, id) => world.require("invoiceitem", id)),
  operation(
    "POST",
    "/v1/invoiceitems/:id",
    { amount: whole.optional(), description: clearable(text).optional(), metadata: metadata.optional() },
    (world, { amount, description, metadata }, id) => {
      const before = requirePending(world, id);
      return world.store.put("invoiceitem", {
        ...before,
        amount: amount ?? before.amount,
        description: description === undefined ? before.description : description,
        metadata: mergeMetadata(before.metadata, metadata),
      });
    },
  ),
  operation("DELETE", "/v1/invoiceitems/:id", {}, (world, _params, id): Deleted => {
    const item = requirePending(world, id);
    world.store.remove("invoiceitem", id);
    world.emit("invoiceitem.deleted", item);
    return { id, object: "invoiceitem", deleted: true };
  }),
  operation(
    "GET",
    "/v1/invoiceitems",
    { ...pages, ...created, customer: text.optional(), invoice: text.optional(), pending: flag.optional() },
    (world, { customer, invoice, pending, created, ...paging }) =>
      listOf(
        world,
        "invoiceitem",
        paging,
        "/v1/invoiceitems",
        (item) =>
          (customer === undefined || item.customer === customer) &&
          (invoice === undefined || item.invoice === invoice) &&
          (pending === undefined || (item.invoice === null) === pending) &&
          isWithin(item.date, created),
      ),
  ),
];

function createInvoiceItem(world: World, params: z.output<z.ZodObject<typeof creation>>): Stripe.InvoiceItem {
  const customer = requireCustomer(world, params.customer);
  const { price_data, pricing, quantity = 1 } = params;
  const price = price_data
    ? createPrice(world, price_data)
    : pricing && world.require("price", pricing.price, "pricing[price]");
  const currency = (params.currency ?? price?.currency ?? customer.currency ?? "usd").toLowerCase();
  const unit = price ? unitAmount(price, currency) : params.amount;
  if (unit === undefined) throw invalid("You must pass amount, pricing or price_data.", { param: "amount" });
  const now = world.nowFor(customer.id);
  if (params.invoice && world.require("invoice", params.invoice, "invoice").status !== "draft") {
    throw invalid("You can only add invoice items to a draft invoice.", {
      code: "invoice_not_editable",
      param: "invoice",
    });
  }
  return putItem(
    world,
    {
      amount: unit * quantity,
      currency,
      description: params.description ?? (price ? lineText(world, price, quantity, unit) : ""),
      period: params.period ?? { start: now, end: now },
      price: price ?? null,
      unitAmount: unit,
      quantity,
      metadata: mergeMetadata({}, params.metadata),
      isProration: false,
      isDiscountable: params.discountable ?? true,
      subscription: params.subscription
        ? world.require("subscription", params.subscription, "subscription").id
        : null,
      subscriptionItem: null,
      invoiceItem: null,
      credited: null,
    },
    customer.id,
    params.invoice ?? null,
  );
}

/** Records it, pending or on a draft. */
export function putItem(
  world: World,
  terms: LineTerms,
  customer: string,
  invoice: string | null = null,
): Stripe.InvoiceItem {
  const price_details = terms.price && { price: terms.price.id, product: String(terms.price.product) };
  const item = world.store.put("invoiceitem", {
    id: world.newId("ii"),
    object: "invoiceitem",
    amount: terms.amount,
    currency: terms.currency,
    customer,
    customer_account: null,
    date: world.nowFor(customer),
    description: terms.description,
    discountable: terms.isDiscountable,
    discounts: [],
    invoice,
    livemode: false,
    metadata: terms.metadata,
    parent: terms.subscription
      ? {
          subscription_details: {
            subscription: terms.subscription,
            ...(terms.subscriptionItem ? { subscription_item: terms.subscriptionItem } : {}),
          },
          type: "subscription_details",
        }
      : null,
    period: terms.period,
    pricing: {
      ...(price_details ? { price_details } : {}),
      type: "price_details",
      unit_amount_decimal: Stripe.Decimal.from(terms.unitAmount),
    },
    proration: terms.isProration,
    ...(terms.isProration
      ? {
          proration_details: {
            credited_items: terms.credited && {
              invoice_line_item_details: {
                invoice: terms.credited.invoice,
                invoice_line_items: terms.credited.lines,
              },
              type: "invoice_line_items",
            },
            discount_amounts: [],
          },
        }
      : {}),
    quantity: terms.quantity,
    quantity_decimal: Stripe.Decimal.from(terms.quantity),
    tax_rates: [],
    test_clock: world.clockOf(customer),
  });
  world.emit("invoiceitem.created", item);
  return item;
}

/** What waits for an invoice: of a subscription, or of a customer outside of any. */
export function pendingItems(
  world: World,
  customer: string,
  subscription: string | null,
): Stripe.InvoiceItem[] {
  return world.store
    .all("invoiceitem")
    .filter(
      (item) =>
        item.customer === customer &&
        item.invoice === null &&
        (item.parent?.subscription_details?.subscription ?? null) === subscription,
    );
}

/** Its line, once it is on an invoice. */
export function termsOf(world: World, item: Stripe.InvoiceItem): LineTerms {
  const details = item.parent?.subscription_details;
  const credited = item.proration_details?.credited_items?.invoice_line_item_details;
  const price = world.store.get("price", String(item.pricing?.price_details?.price ?? ""));
  return {
    amount: item.amount,
    currency: item.currency,
    description: item.description ?? "",
    period: item.period,
    price: price ?? null,
    unitAmount: Number(String(item.pricing?.unit_amount_decimal ?? 0)),
    quantity: item.quantity,
    metadata: item.metadata ?? {},
    isProration: item.proration,
    isDiscountable: item.discountable,
    subscription: details?.subscription ?? null,
    subscriptionItem: details?.subscription_item ?? null,
    invoiceItem: item.id,
    credited: credited ? { invoice: credited.invoice, lines: credited.invoice_line_items } : null,
  };
}

function requirePending(world: World, id: string): Stripe.InvoiceItem {
  const item = world.require("invoiceitem", id);
  const invoice = typeof item.invoice === "string" ? world.store.get("invoice", item.invoice) : null;
  if (invoice && invoice.status !== "draft") {
    throw invalid("This invoice item belongs to an invoice that has been finalized and cannot be changed.", {
      code: "invoice_not_editable",
    });
  }
  return item;
}
