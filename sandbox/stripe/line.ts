import Stripe from "stripe";
import { type Reduction, reductionsOf } from "./discount";
import { priceText } from "./money";
import type { World } from "./world";

/** What an invoice asks money for. */
export type LineTerms = {
  amount: number;
  currency: string;
  description: string;
  period: { start: number; end: number };
  price: Stripe.Price | null;
  unitAmount: number;
  quantity: number;
  metadata: Record<string, string>;
  isProration: boolean;
  isDiscountable: boolean;
  subscription: string | null;
  subscriptionItem: string | null;
  invoiceItem: string | null;
  /** The line whose unused time a credit gives back. */
  credited: { invoice: string; lines: string[] } | null;
};

/** The lines of an invoice with what its discounts take off. */
export function linesOf(
  world: World,
  invoice: string,
  terms: LineTerms[],
  discounts: Stripe.Discount[],
  currency: string,
): Stripe.InvoiceLineItem[] {
  const discountable = terms.map(({ amount, price, isDiscountable }) => ({
    amount,
    product: price ? String(price.product) : null,
    isDiscountable,
  }));
  const reductions = reductionsOf(world, discounts, discountable, currency);
  return terms.map((line, index) => lineOf(world, invoice, line, reductions[index] ?? []));
}

function lineOf(
  world: World,
  invoice: string,
  terms: LineTerms,
  reductions: Reduction[],
): Stripe.InvoiceLineItem {
  const price_details = terms.price && { price: terms.price.id, product: String(terms.price.product) };
  return {
    id: world.newId("il"),
    object: "line_item",
    amount: terms.amount,
    currency: terms.currency,
    description: terms.description,
    discount_amounts: reductions,
    discountable: terms.isDiscountable,
    discounts: [],
    invoice,
    livemode: false,
    metadata: terms.metadata,
    parent: parentOf(terms),
    period: terms.period,
    pretax_credit_amounts: reductions.map(({ amount, discount }) => ({ amount, discount, type: "discount" })),
    pricing: {
      ...(price_details ? { price_details } : {}),
      type: "price_details",
      unit_amount_decimal: Stripe.Decimal.from(terms.unitAmount),
    },
    quantity: terms.quantity,
    quantity_decimal: Stripe.Decimal.from(terms.quantity),
    subscription: terms.subscription,
    subtotal: terms.amount,
    taxes: [],
  };
}

function parentOf(terms: LineTerms): Stripe.InvoiceLineItem.Parent {
  const { isProration, credited, subscription, subscriptionItem, invoiceItem } = terms;
  const common = {
    proration: isProration,
    proration_details: isProration
      ? { credited_items: credited && { invoice: credited.invoice, invoice_line_items: credited.lines } }
      : null,
    subscription,
  };
  if (subscriptionItem) {
    return {
      invoice_item_details: null,
      subscription_item_details: {
        ...common,
        invoice_item: invoiceItem,
        subscription_item: subscriptionItem,
      },
      type: "subscription_item_details",
    };
  }
  return {
    invoice_item_details: { ...common, invoice_item: invoiceItem ?? "" },
    subscription_item_details: null,
    type: "invoice_item_details",
  };
}

/** "1 × Pro (at $12.00 / month)" */
export function lineText(world: World, price: Stripe.Price, quantity: number, unitAmount: number): string {
  const every = price.recurring;
  const count =
    every && every.interval_count > 1 ? `${every.interval_count} ${every.interval}s` : every?.interval;
  const at = priceText(unitAmount, price.currency);
  return `${quantity} × ${nameOf(world, price)}${count ? ` (at ${at} / ${count})` : ""}`;
}

export function nameOf(world: World, price: Stripe.Price): string {
  return world.store.get("product", String(price.product))?.name ?? price.nickname ?? price.id;
}
