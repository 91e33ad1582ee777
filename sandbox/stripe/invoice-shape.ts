import type Stripe from "stripe";
import { leastCharge } from "./payment-intent-shape";

/** An invoice before anything stands on it. */
export const blankInvoice: Stripe.Invoice = {
  id: "",
  object: "invoice",
  account_country: "US",
  account_name: "Sandbox",
  account_tax_ids: null,
  amount_due: 0,
  amount_overpaid: 0,
  amount_paid: 0,
  amount_remaining: 0,
  amount_shipping: 0,
  application: null,
  attempt_count: 0,
  attempted: false,
  auto_advance: false,
  automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
  automatically_finalizes_at: null,
  billing_reason: "manual",
  collection_method: "charge_automatically",
  created: 0,
  currency: "",
  custom_fields: null,
  customer: null,
  customer_account: null,
  customer_address: null,
  customer_email: null,
  customer_name: null,
  customer_phone: null,
  customer_shipping: null,
  customer_tax_exempt: "none",
  customer_tax_ids: [],
  default_payment_method: null,
  default_source: null,
  default_tax_rates: [],
  description: null,
  discounts: [],
  due_date: null,
  effective_at: null,
  ending_balance: null,
  footer: null,
  from_invoice: null,
  hosted_invoice_url: null,
  invoice_pdf: null,
  issuer: { type: "self" },
  last_finalization_error: null,
  latest_revision: null,
  lines: { object: "list", data: [], has_more: false, url: "" },
  livemode: false,
  metadata: {},
  next_payment_attempt: null,
  number: null,
  on_behalf_of: null,
  parent: null,
  payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
  period_end: 0,
  period_start: 0,
  post_payment_credit_notes_amount: 0,
  pre_payment_credit_notes_amount: 0,
  receipt_number: null,
  rendering: null,
  shipping_cost: null,
  shipping_details: null,
  starting_balance: 0,
  statement_descriptor: null,
  status: "draft",
  status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
  subtotal: 0,
  subtotal_excluding_tax: 0,
  test_clock: null,
  total: 0,
  total_discount_amounts: [],
  total_excluding_tax: 0,
  total_pretax_credit_amounts: [],
  total_taxes: [],
  webhooks_delivered_at: null,
};

/** The invoice with these lines, its sums, and what the customer's balance leaves to be paid. */
export function withLines(
  invoice: Stripe.Invoice,
  lines: Stripe.InvoiceLineItem[],
  balance: number,
): Stripe.Invoice {
  const subtotal = lines.reduce((sum, { amount }) => sum + amount, 0);
  const reductions = new Map<string, number>();
  for (const { amount, discount } of lines.flatMap(({ discount_amounts }) => discount_amounts ?? [])) {
    reductions.set(String(discount), (reductions.get(String(discount)) ?? 0) + amount);
  }
  const total_discount_amounts = [...reductions].map(([discount, amount]) => ({ amount, discount }));
  const total = subtotal - total_discount_amounts.reduce((sum, { amount }) => sum + amount, 0);
  const { due, after } = settleBalance(total, balance, invoice.currency);
  return {
    ...invoice,
    lines: { object: "list", data: lines, has_more: false, url: `/v1/invoices/${invoice.id}/lines` },
    subtotal,
    subtotal_excluding_tax: subtotal,
    total,
    total_excluding_tax: total,
    total_discount_amounts,
    total_pretax_credit_amounts: total_discount_amounts.map((reduction) => ({
      ...reduction,
      type: "discount" as const,
    })),
    amount_due: due,
    amount_remaining: due,
    starting_balance: balance,
    ending_balance: after,
  };
}

/**
 * What is due after the customer's balance (negative is credit), and the balance afterwards: an invoice
 * below zero becomes credit, one too small to be charged a debt.
 */
function settleBalance(total: number, balance: number, currency: string): { due: number; after: number } {
  const sum = total + balance;
  if (sum < leastCharge(currency)) return { due: 0, after: sum };
  return { due: sum, after: 0 };
}

/** Of an invoice that Stripe Tax is asked about: there is nothing due. */
export const taxed: Stripe.Invoice.AutomaticTax = {
  disabled_reason: null,
  enabled: true,
  liability: { type: "self" },
  provider: "stripe",
  status: "complete",
};
