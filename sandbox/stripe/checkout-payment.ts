import type Stripe from "stripe";
import { wantsAuthentication } from "./card";
import { linesOfSession } from "./checkout-lines";
import { createCustomer, requireCustomer, wholeAddress } from "./customer";
import { redeemAll } from "./discount";
import { invalid, type StripeFailure } from "./failure";
import { collectInvoice, draftInvoice, finalizeInvoice } from "./invoice";
import { intentOf } from "./invoice-links";
import { taxed } from "./invoice-shape";
import { lineText } from "./line";
import { confirmIntent, createIntent } from "./payment-intent";
import { attachPaymentMethod, behaviourOf, wasAuthenticated } from "./payment-method";
import { unitAmount } from "./price";
import type { SessionPayment, SessionTerms } from "./records";
import { confirmSetup, createSetup } from "./setup-intent";
import { createSubscription } from "./subscription";
import type { World } from "./world";

/** What happens when the customer pays a checkout session: everything, or nothing. */

/** True when the customer's bank wants to see him before this card is used. */
export function asksFirst(world: World, { method }: SessionPayment): boolean {
  return wantsAuthentication(behaviourOf(world, method), wasAuthenticated(world, method));
}

/** Pays a session. @throws StripeFailure when the card is refused; then nothing has happened */
export function completeSession(
  world: World,
  id: string,
  payment: SessionPayment,
  isAuthenticated = false,
): Stripe.Checkout.Session {
  const session = world.require("checkout.session", id);
  const terms = world.store.get("session_terms", id);
  if (session.status !== "open" || !terms) throw invalid("This Checkout Session is no longer open.");
  const customer = customerOf(world, session, payment);
  const paid = { world, session, terms, payment, customer, isAuthenticated };
  const outcome =
    session.mode === "subscription"
      ? subscribe(paid)
      : session.mode === "setup"
        ? setUp(paid)
        : payOnce(paid);
  const complete = world.store.put("checkout.session", {
    ...session,
    ...outcome,
    customer,
    customer_details: {
      address: wholeAddress(payment.country ? { country: payment.country } : {}),
      business_name: null,
      email: payment.email,
      individual_name: null,
      name: payment.name,
      phone: null,
      tax_exempt: "none",
      tax_ids: [],
    },
    status: "complete",
    url: null,
  });
  world.store.put("session_terms", { ...terms, waiting: null });
  world.emit("checkout.session.completed", complete);
  return world.require("checkout.session", id);
}

type Paid = {
  world: World;
  session: Stripe.Checkout.Session;
  terms: SessionTerms;
  payment: SessionPayment;
  customer: string | null;
  isAuthenticated: boolean;
};

function customerOf(
  world: World,
  session: Stripe.Checkout.Session,
  { email, name }: SessionPayment,
): string | null {
  if (typeof session.customer === "string") return requireCustomer(world, session.customer).id;
  if (session.customer_creation !== "always") return null;
  return createCustomer(world, { email, ...(name ? { name } : {}) }).id;
}

function subscribe({
  world,
  session,
  terms,
  payment,
  customer,
  isAuthenticated,
}: Paid): Partial<Stripe.Checkout.Session> {
  if (!customer) throw invalid("A subscription needs a customer.");
  const method = attachPaymentMethod(world, world.require("payment_method", payment.method), customer);
  const { data, discounts } = terms;
  const lines = linesOfSession(world, session);
  const trial = data.trial_end
    ? { trial_end: data.trial_end }
    : data.trial_period_days
      ? { trial_period_days: data.trial_period_days }
      : {};
  const subscription = createSubscription(
    world,
    {
      customer,
      currency: session.currency ?? undefined,
      default_payment_method: method.id,
      ...(data.subscription_description ? { description: data.subscription_description } : {}),
      discounts,
      items: lines
        .filter(({ price }) => price.type === "recurring")
        .map(({ price, quantity }) => ({ price: price.id, quantity })),
      add_invoice_items: lines
        .filter(({ price }) => price.type === "one_time")
        .map(({ price, quantity }) => ({ price: price.id, quantity })),
      metadata: data.subscription_metadata,
      payment_behavior: "error_if_incomplete",
      trial_settings: { end_behavior: { missing_payment_method: data.missing_payment_method } },
      automatic_tax: { enabled: session.automatic_tax.enabled },
      ...trial,
    },
    { isAuthenticated },
  );
  if (subscription.status === "trialing") keep(world, customer, method.id, isAuthenticated);
  const { latest_invoice, id } = subscription;
  const invoice = typeof latest_invoice === "string" ? latest_invoice : null;
  const hasPaid = (world.store.get("invoice", invoice ?? "")?.amount_paid ?? 0) > 0;
  return { subscription: id, invoice, payment_status: hasPaid ? "paid" : "no_payment_required" };
}

/** Has the issuer agree to later payments, as nothing is paid now. */
function keep(world: World, customer: string, payment_method: string, isAuthenticated: boolean): void {
  const intent = createSetup(world, { customer, payment_method });
  throwIfFailed(confirmSetup(world, intent, { isAuthenticated }).failure);
}

function setUp({ world, terms, payment, customer, isAuthenticated }: Paid): Partial<Stripe.Checkout.Session> {
  const intent = createSetup(world, {
    ...(customer ? { customer } : {}),
    payment_method: payment.method,
    metadata: terms.data.setup_metadata,
  });
  throwIfFailed(confirmSetup(world, intent, { isAuthenticated }).failure);
  return { setup_intent: intent.id, payment_status: "no_payment_required" };
}

function payOnce(paid: Paid): Partial<Stripe.Checkout.Session> {
  const { world, session, terms, payment, customer, isAuthenticated } = paid;
  if (session.invoice_creation?.enabled) return payInvoice(paid);
  if (!session.amount_total) return { payment_status: "no_payment_required" };
  const intent = createIntent(world, {
    amount: session.amount_total,
    currency: session.currency ?? "usd",
    ...(customer ? { customer } : {}),
    description: terms.data.payment_description,
    metadata: terms.data.payment_metadata,
    receipt_email: payment.email,
    setup_future_usage: terms.data.setup_future_usage,
  });
  throwIfFailed(confirmIntent(world, intent, { payment_method: payment.method, isAuthenticated }).failure);
  return { payment_intent: intent.id, payment_status: "paid" };
}

function payInvoice({
  world,
  session,
  terms,
  payment,
  customer,
  isAuthenticated,
}: Paid): Partial<Stripe.Checkout.Session> {
  if (!customer) throw invalid("An invoice needs a customer: pass customer, or customer_creation=always.");
  const currency = session.currency ?? "usd";
  const now = world.nowFor(customer);
  const invoice = draftInvoice(world, {
    customer,
    currency,
    reason: "manual",
    discounts: redeemAll(world, terms.discounts, { customer, session: session.id, currency }),
    terms: linesOfSession(world, session).map(({ price, quantity }) => ({
      amount: unitAmount(price, currency) * quantity,
      currency,
      description: lineText(world, price, quantity, unitAmount(price, currency)),
      period: { start: now, end: now },
      price,
      unitAmount: unitAmount(price, currency),
      quantity,
      metadata: {},
      isProration: false,
      isDiscountable: true,
      subscription: null,
      subscriptionItem: null,
      invoiceItem: null,
      credited: null,
    })),
    fields: {
      metadata: terms.data.invoice_metadata,
      description: session.invoice_creation?.invoice_data.description ?? null,
      ...(session.automatic_tax.enabled ? { automatic_tax: taxed } : {}),
    },
  });
  finalizeInvoice(world, invoice.id);
  const intent = intentOf(world, invoice.id);
  if (intent) {
    const { payment_metadata, setup_future_usage } = terms.data;
    world.store.put("payment_intent", { ...intent, metadata: payment_metadata, setup_future_usage });
  }
  throwIfFailed(collectInvoice(world, invoice.id, { method: payment.method, isAuthenticated }).failure);
  return {
    invoice: invoice.id,
    payment_intent: intent?.id ?? null,
    payment_status: intent ? "paid" : "no_payment_required",
  };
}

/** A refused payment undoes everything: the session stays open for another card. */
function throwIfFailed(failure: StripeFailure | null): void {
  if (failure) throw failure.undone();
}
