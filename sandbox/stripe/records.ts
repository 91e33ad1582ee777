import type Stripe from "stripe";
import type { Behaviour } from "./card";
import type { DiscountParams } from "./discount";
import type { LineTerms } from "./line";

/** Everything the sandbox remembers: Stripe's objects, and beside them what Stripe keeps to itself. */

export type StripeEvent = {
  id: string;
  object: "event";
  api_version: string;
  created: number;
  data: { object: object; previous_attributes?: object };
  livemode: false;
  pending_webhooks: number;
  request: { id: string | null; idempotency_key: string | null };
  type: EventType;
};
export type EventType = Stripe.Event["type"];

/** What one endpoint is to get of one event. Times are in ms. */
export type Delivery = {
  id: string;
  event: string;
  endpoint: string;
  status: "pending" | "held" | "delivered" | "failed";
  attempts: number;
  nextAt: number;
  lastStatus: number | null;
  lastError: string | null;
};

/** The answer an idempotency key stands for. */
export type Answer = { id: string; request: string; status: number; body: string; at: number };

/** The number behind a payment method, what the issuer does with it, and whether it was authenticated. */
export type Card = { id: string; number: string; behaviour: Behaviour | null; authenticated: boolean };

/** Numbers of the sandbox itself: the last id, the main clock's lead in seconds. */
export type Counter = { id: string; value: number };
export type Secret = { id: string; value: string };
/** What a draft will be made of, besides the invoice items that are put on it. */
export type InvoiceTerms = { id: string; terms: LineTerms[] };
/** A change of a subscription (its id) that waits for an invoice to be paid. */
export type PendingChange = { id: string; invoice: string; change: Partial<Stripe.Subscription> };
/** What a checkout session sells and how, and the payment that waits for its customer's bank. */
export type SessionTerms = {
  id: string;
  items: { id: string; price: string; quantity: number }[];
  /** The request's parameters that only matter when it is paid. */
  data: SessionData;
  discounts: DiscountParams;
  waiting: SessionPayment | null;
};
export type SessionData = {
  payment_metadata: Record<string, string>;
  payment_description: string | null;
  setup_future_usage: "off_session" | "on_session" | null;
  subscription_metadata: Record<string, string>;
  subscription_description: string | null;
  trial_period_days: number | null;
  trial_end: number | null;
  missing_payment_method: "cancel" | "create_invoice" | "pause";
  setup_metadata: Record<string, string>;
  invoice_metadata: Record<string, string>;
};
/** What the customer filled in. */
export type SessionPayment = { method: string; email: string; name: string | null; country: string | null };
export type Deleted = { id: string; object: string; deleted: true };

export type Records = {
  charge: Stripe.Charge;
  "checkout.session": Stripe.Checkout.Session;
  coupon: Stripe.Coupon;
  customer: Stripe.Customer;
  discount: Stripe.Discount;
  dispute: Stripe.Dispute;
  event: StripeEvent;
  invoice: Stripe.Invoice;
  invoice_payment: Stripe.InvoicePayment;
  invoiceitem: Stripe.InvoiceItem;
  payment_intent: Stripe.PaymentIntent;
  payment_method: Stripe.PaymentMethod;
  price: Stripe.Price;
  product: Stripe.Product;
  promotion_code: Stripe.PromotionCode;
  refund: Stripe.Refund;
  setup_intent: Stripe.SetupIntent;
  subscription: Stripe.Subscription;
  subscription_schedule: Stripe.SubscriptionSchedule;
  "billing_portal.session": Stripe.BillingPortal.Session;
  "billing_portal.configuration": Stripe.BillingPortal.Configuration;
  "test_helpers.test_clock": Stripe.TestHelpers.TestClock;
  webhook_endpoint: Stripe.WebhookEndpoint;
  answer: Answer;
  card: Card;
  counter: Counter;
  deleted: Deleted;
  delivery: Delivery;
  invoice_terms: InvoiceTerms;
  pending_change: PendingChange;
  secret: Secret;
  session_terms: SessionTerms;
};
export type Kind = keyof Records;
export type Tables = { [K in Kind]: Map<string, Records[K]> };

export function emptyTables(): Tables {
  return {
    charge: new Map(),
    "checkout.session": new Map(),
    coupon: new Map(),
    customer: new Map(),
    discount: new Map(),
    dispute: new Map(),
    event: new Map(),
    invoice: new Map(),
    invoice_payment: new Map(),
    invoiceitem: new Map(),
    payment_intent: new Map(),
    payment_method: new Map(),
    price: new Map(),
    product: new Map(),
    promotion_code: new Map(),
    refund: new Map(),
    setup_intent: new Map(),
    subscription: new Map(),
    subscription_schedule: new Map(),
    "billing_portal.session": new Map(),
    "billing_portal.configuration": new Map(),
    "test_helpers.test_clock": new Map(),
    webhook_endpoint: new Map(),
    answer: new Map(),
    card: new Map(),
    counter: new Map(),
    deleted: new Map(),
    delivery: new Map(),
    invoice_terms: new Map(),
    pending_change: new Map(),
    secret: new Map(),
    session_terms: new Map(),
  };
}

/** True for a kind of record that exists. */
export function isKind(name: string, tables: Tables): name is Kind {
  return Object.hasOwn(tables, name);
}
