import type Stripe from "stripe";
import { attemptCharge, type Outcome } from "./charge";
import { requireCustomer } from "./customer";
import { cardFailure, invalid, StripeFailure } from "./failure";
import { defined, mergeMetadata } from "./params";
import {
  blankIntent,
  requireAmount,
  requireOpen,
  requireUsable,
  unexpectedState,
} from "./payment-intent-shape";
import { attachPaymentMethod, noteAuthenticated, requirePaymentMethod } from "./payment-method";
import type { World } from "./world";

export type IntentTerms = {
  amount: number;
  currency: string;
  customer?: string | undefined;
  description?: string | null | undefined;
  metadata?: Record<string, string> | null | undefined;
  payment_method?: string | undefined;
  receipt_email?: string | null | undefined;
  setup_future_usage?: "off_session" | "on_session" | null | undefined;
  automatic_payment_methods?:
    | { enabled: boolean; allow_redirects?: "always" | "never" | undefined }
    | undefined;
};

/** Makes a payment intent, not yet confirmed. */
export function createIntent(world: World, terms: IntentTerms): Stripe.PaymentIntent {
  const currency = terms.currency.toLowerCase();
  requireAmount(terms.amount, currency);
  const customer = terms.customer ? requireCustomer(world, terms.customer).id : null;
  if (terms.payment_method) requireUsable(world, terms.payment_method, customer);
  const id = world.newId("pi");
  const intent = world.store.put("payment_intent", {
    ...blankIntent,
    id,
    amount: terms.amount,
    automatic_payment_methods: terms.automatic_payment_methods
      ? defined(terms.automatic_payment_methods)
      : null,
    client_secret: `${id}_secret_${world.newId("s", 24).slice(2)}`,
    created: world.nowFor(customer),
    currency,
    customer,
    description: terms.description ?? null,
    metadata: mergeMetadata({}, terms.metadata),
    payment_method: terms.payment_method ?? null,
    receipt_email: terms.receipt_email ?? null,
    setup_future_usage: terms.setup_future_usage ?? null,
    status: terms.payment_method ? "requires_confirmation" : "requires_payment_method",
  });
  world.emit("payment_intent.created", intent);
  return intent;
}

type Confirmation = {
  payment_method?: string | null | undefined;
  off_session?: boolean | undefined;
  return_url?: string | undefined;
  setup_future_usage?: "off_session" | "on_session" | null | undefined;
  receipt_email?: string | null | undefined;
  error_on_requires_action?: boolean | undefined;
  isAuthenticated?: boolean;
};
export type Confirmed = { intent: Stripe.PaymentIntent; failure: StripeFailure | null };

/** Tries to get the money. The intent tells how it went; `failure` is what the API answers when it did not. */
export function confirmIntent(world: World, { id }: { id: string }, given: Confirmation = {}): Confirmed {
  const before = requireOpen(world, id, "confirm");
  const customer = typeof before.customer === "string" ? before.customer : null;
  const named = given.payment_method ?? before.payment_method;
  if (typeof named !== "string") {
    throw invalid(
      "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.",
      { code: "payment_intent_unexpected_state" },
    );
  }
  const method = requireUsable(world, requirePaymentMethod(world, named).id, customer);
  const intent: Stripe.PaymentIntent = {
    ...before,
    payment_method: method.id,
    next_action: null,
    last_payment_error: null,
    receipt_email: given.receipt_email ?? before.receipt_email,
    setup_future_usage: given.setup_future_usage ?? before.setup_future_usage,
  };
  const outcome = attemptCharge(world, intent, method, {
    isOffSession: given.off_session ?? false,
    isAuthenticated: given.isAuthenticated ?? false,
  });
  if (outcome.kind === "paid") {
    if (intent.setup_future_usage && given.isAuthenticated) noteAuthenticated(world, method.id);
    const saved =
      intent.setup_future_usage && customer ? attachPaymentMethod(world, method, customer) : method;
    return { intent: settle(world, { ...intent, payment_method: saved.id }, outcome), failure: null };
  }
  if (outcome.kind === "authenticate") return askForAuthentication(world, intent, given);
  return declineIntent(world, intent, method, outcome);
}

/** What the customer did on the 3-D Secure page. */
export function authenticateIntent(world: World, id: string, isAuthenticated: boolean): Confirmed {
  const intent = world.require("payment_intent", id);
  if (intent.status !== "requires_action") throw unexpectedState(intent, "authenticate");
  if (isAuthenticated) return confirmIntent(world, intent, { isAuthenticated });
  const method = requirePaymentMethod(world, String(intent.payment_method));
  const message =
    "We are unable to authenticate your payment method. Please choose a different payment method and try again.";
  return refuse(world, intent, method, {
    code: "payment_intent_authentication_failure",
    message,
    type: "invalid_request_error",
  });
}

/** Ends an intent that was not paid. */
export function cancelIntent(
  world: World,
  id: string,
  reason: Stripe.PaymentIntent.CancellationReason | null,
): Stripe.PaymentIntent {
  const before = requireOpen(world, id, "cancel");
  const canceled = world.store.put("payment_intent", {
    ...before,
    status: "canceled",
    canceled_at: world.nowFor(typeof before.customer === "string" ? before.customer : null),
    cancellation_reason: reason,
    next_action: null,
  });
  world.emit("payment_intent.canceled", canceled);
  return canceled;
}

function settle(
  world: World,
  intent: Stripe.PaymentIntent,
  { charge }: Extract<Outcome, { kind: "paid" }>,
): Stripe.PaymentIntent {
  const paid = world.store.put("payment_intent", {
    ...intent,
    amount_received: intent.amount,
    latest_charge: charge.id,
    status: "succeeded",
  });
  world.emit("payment_intent.succeeded", paid);
  return world.require("payment_intent", paid.id);
}

function askForAuthentication(world: World, intent: Stripe.PaymentIntent, given: Confirmation): Confirmed {
  if (given.error_on_requires_action) {
    const message = "This PaymentIntent requires additional action before it can be completed successfully.";
    return {
      intent,
      failure: cardFailure(
        { code: "authentication_required", decline_code: "authentication_not_handled", message },
        false,
      ),
    };
  }
  const url = `${world.url()}/3d-secure/${intent.id}`;
  const asked = world.store.put("payment_intent", {
    ...intent,
    status: "requires_action",
    next_action: given.return_url
      ? { type: "redirect_to_url", redirect_to_url: { url, return_url: given.return_url } }
      : { type: "use_stripe_sdk", use_stripe_sdk: { type: "three_d_secure_redirect", stripe_js: url } },
  });
  world.emit("payment_intent.requires_action", asked);
  return { intent: asked, failure: null };
}

function declineIntent(
  world: World,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  { charge, decline }: Extract<Outcome, { kind: "declined" }>,
): Confirmed {
  return refuse(world, { ...intent, latest_charge: charge.id }, method, {
    advice_code: "try_again_later",
    charge: charge.id,
    ...decline,
    type: "card_error",
  });
}

function refuse(
  world: World,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  error: Omit<Stripe.PaymentIntent.LastPaymentError, "type"> & {
    code: string;
    message: string;
    type: "card_error" | "invalid_request_error";
  },
): Confirmed {
  const refused = world.store.put("payment_intent", {
    ...intent,
    last_payment_error: { ...error, payment_method: method },
    next_action: null,
    payment_method: null,
    status: "requires_payment_method",
  });
  world.emit("payment_intent.payment_failed", refused);
  const { advice_code, charge, code, decline_code, message, type } = error;
  const failure = new StripeFailure(
    402,
    {
      type,
      code,
      message,
      ...(advice_code ? { advice_code } : {}),
      ...(charge ? { charge } : {}),
      ...(decline_code ? { decline_code } : {}),
      payment_intent: refused,
      payment_method: method,
    },
    true,
  );
  return { intent: world.require("payment_intent", refused.id), failure };
}
