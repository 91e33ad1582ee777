import type Stripe from "stripe";
import { invalid, noSuch, StripeFailure } from "./failure";
import type { World } from "./world";

/** An intent before anything is known of it. */
export const blankIntent: Stripe.PaymentIntent = {
  id: "",
  object: "payment_intent",
  allowed_payment_method_types: null,
  amount: 0,
  amount_capturable: 0,
  amount_details: { tip: {} },
  amount_received: 0,
  application: null,
  application_fee_amount: null,
  automatic_payment_methods: null,
  canceled_at: null,
  cancellation_reason: null,
  capture_method: "automatic_async",
  client_secret: null,
  confirmation_method: "automatic",
  created: 0,
  currency: "",
  customer: null,
  customer_account: null,
  description: null,
  excluded_payment_method_types: null,
  last_payment_error: null,
  latest_charge: null,
  livemode: false,
  managed_payments: null,
  metadata: {},
  next_action: null,
  on_behalf_of: null,
  payment_method: null,
  payment_method_configuration_details: null,
  payment_method_options: {
    card: { installments: null, mandate_options: null, network: null, request_three_d_secure: "automatic" },
  },
  payment_method_types: ["card"],
  payment_record: null,
  processing: null,
  receipt_email: null,
  review: null,
  setup_future_usage: null,
  shipping: null,
  source: null,
  statement_descriptor: null,
  statement_descriptor_suffix: null,
  status: "requires_payment_method",
  transfer_data: null,
  transfer_group: null,
};

/** Stripe's smallest charges, in a currency's minor unit; half a dollar's worth for most. */
const leasts: Record<string, number> = { gbp: 30, jpy: 50, cny: 400, hkd: 400 };

/** @throws StripeFailure for an amount that Stripe does not charge */
export function requireAmount(amount: number, currency: string): void {
  if (amount < 1) {
    throw invalid("This value must be greater than or equal to 1.", {
      code: "parameter_invalid_integer",
      param: "amount",
    });
  }
  if (amount < leastCharge(currency)) {
    throw invalid(
      "The amount must be greater than or equal to the minimum charge amount allowed for your account and the currency set. If you want to learn more about minimum amounts and see those supported by Stripe, please refer to https://stripe.com/docs/currencies#minimum-and-maximum-charge-amounts",
      { code: "amount_too_small", param: "amount" },
    );
  }
  if (amount > 99_999_999) {
    throw invalid("Amount must be no more than 99999999", { code: "amount_too_large", param: "amount" });
  }
}

/** The smallest amount that is charged in a currency. */
export function leastCharge(currency: string): number {
  return leasts[currency] ?? 50;
}

/** A payment method that this customer may pay with. */
export function requireUsable(world: World, id: string, customer: string | null): Stripe.PaymentMethod {
  const method = world.require("payment_method", id, "payment_method");
  if (method.customer && !customer) {
    throw invalid(
      "The PaymentMethod you provided belongs to a customer, so you must also provide the customer parameter.",
      { param: "payment_method" },
    );
  }
  if (method.customer && method.customer !== customer) throw noSuch("PaymentMethod", id, "payment_method");
  return method;
}

/** The intent, unless it is over. */
export function requireOpen(world: World, id: string, verb: string): Stripe.PaymentIntent {
  const intent = world.require("payment_intent", id, "intent");
  if (intent.status === "succeeded" || intent.status === "canceled") throw unexpectedState(intent, verb);
  return intent;
}

/** What Stripe says to a request that comes too late or too early. */
export function unexpectedState(intent: Stripe.PaymentIntent, verb: string): StripeFailure {
  return new StripeFailure(400, {
    type: "invalid_request_error",
    code: "payment_intent_unexpected_state",
    message: `You cannot ${verb} this PaymentIntent because it has a status of ${intent.status}.`,
    payment_intent: intent,
  });
}
