import type Stripe from "stripe";
import type { World } from "./world";

/** What an invoice belongs to and is paid by. */

/** The payment that was asked for. */
export function paymentOf(world: World, invoice: string): Stripe.InvoicePayment | undefined {
  return world.store.all("invoice_payment").find((payment) => payment.invoice === invoice);
}

export function intentOf(world: World, invoice: string): Stripe.PaymentIntent | undefined {
  return world.store.get("payment_intent", String(paymentOf(world, invoice)?.payment.payment_intent ?? ""));
}

/** The card that pays: the invoice's, its subscription's, or the customer's. */
export function methodFor(world: World, invoice: Stripe.Invoice): string | undefined {
  const subscription = world.store.get("subscription", subscriptionOf(invoice) ?? "");
  const customer = world.store.get("customer", String(invoice.customer));
  const chosen =
    invoice.default_payment_method ??
    subscription?.default_payment_method ??
    customer?.invoice_settings.default_payment_method;
  return typeof chosen === "string" ? chosen : undefined;
}

/** The id of the subscription it is for. */
export function subscriptionOf(invoice: Stripe.Invoice): string | null {
  const subscription = invoice.parent?.subscription_details?.subscription;
  return typeof subscription === "string" ? subscription : null;
}
