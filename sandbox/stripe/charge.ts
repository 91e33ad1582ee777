import type Stripe from "stripe";
import { type Decline, declineOnCharge, wantsAuthentication } from "./card";
import { listOf, type Operation, operation } from "./operation";
import { clearable, created, isWithin, mergeMetadata, metadata, pages, text } from "./params";
import { behaviourOf, wasAuthenticated } from "./payment-method";
import { previousOf, type World } from "./world";

export const chargeOperations: Operation[] = [
  operation("GET", "/v1/charges/:id", {}, (world, _params, id) => world.require("charge", id)),
  operation(
    "POST",
    "/v1/charges/:id",
    { description: clearable(text).optional(), metadata: metadata.optional() },
    (world, { description, metadata }, id) => {
      const before = world.require("charge", id);
      const after = world.store.put("charge", {
        ...before,
        description: description === undefined ? before.description : description,
        metadata: mergeMetadata(before.metadata, metadata),
      });
      world.emit("charge.updated", after, previousOf(before, after));
      return after;
    },
  ),
  operation(
    "GET",
    "/v1/charges",
    { ...pages, ...created, customer: text.optional(), payment_intent: text.optional() },
    (world, { customer, payment_intent, created, ...paging }) =>
      listOf(
        world,
        "charge",
        paging,
        "/v1/charges",
        (charge) =>
          (customer === undefined || charge.customer === customer) &&
          (payment_intent === undefined || charge.payment_intent === payment_intent) &&
          isWithin(charge.created, created),
      ),
  ),
];

export const chargeIncludes = {
  "charge.refunds": (world: World, { id }: { id: string }) => ({
    object: "list",
    data: world.store
      .all("refund")
      .filter(({ charge }) => charge === id)
      .reverse(),
    has_more: false,
    url: `/v1/charges/${id}/refunds`,
  }),
};

export type Outcome =
  | { kind: "paid"; charge: Stripe.Charge }
  | { kind: "declined"; charge: Stripe.Charge; decline: Decline }
  /** The issuer wants to see the customer first; nothing was charged. */
  | { kind: "authenticate" };

type Attempt = { isOffSession: boolean; isAuthenticated: boolean };

/** Asks the card's issuer for the money of an intent. */
export function attemptCharge(
  world: World,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  { isOffSession, isAuthenticated }: Attempt,
): Outcome {
  const behaviour = behaviourOf(world, method.id);
  const refusal = declineOnCharge(behaviour);
  const wanted = !isAuthenticated && wantsAuthentication(behaviour, wasAuthenticated(world, method.id));
  if (!refusal && wanted && !isOffSession) return { kind: "authenticate" };
  const decline = refusal ?? (wanted ? unauthenticated : null);
  const charge = world.store.put("charge", chargeOf(world, intent, method, decline));
  world.emit(decline ? "charge.failed" : "charge.succeeded", charge);
  return decline ? { kind: "declined", charge, decline } : { kind: "paid", charge };
}

const unauthenticated: Decline = {
  code: "authentication_required",
  decline_code: "authentication_required",
  message: "Your card was declined. This transaction requires authentication.",
};

function chargeOf(
  world: World,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  decline: Decline | null,
): Stripe.Charge {
  const id = world.newId("ch");
  const customer = typeof intent.customer === "string" ? intent.customer : null;
  return {
    id,
    object: "charge",
    amount: intent.amount,
    amount_captured: decline ? 0 : intent.amount,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: decline ? null : world.newId("txn"),
    billing_details: method.billing_details,
    calculated_statement_descriptor: "SANDBOX",
    captured: !decline,
    created: world.nowFor(customer),
    currency: intent.currency,
    customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: {
      advice_code: decline ? "try_again_later" : null,
      network_advice_code: null,
      network_decline_code: decline ? "01" : null,
      network_status: decline ? "declined_by_network" : "approved_by_network",
      reason: decline?.decline_code ?? null,
      risk_level: "normal",
      risk_score: 20,
      seller_message: decline
        ? "The bank did not return any further details with this decline."
        : "Payment complete.",
      type: decline ? "issuer_declined" : "authorized",
    },
    paid: !decline,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: { card: cardDetailsOf(method, intent.amount), type: "card" },
    radar_options: {},
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: decline ? "failed" : "succeeded",
    transfer_data: null,
    transfer_group: null,
  };
}

function cardDetailsOf(
  { card }: Stripe.PaymentMethod,
  amount: number,
): Stripe.Charge.PaymentMethodDetails.Card {
  return {
    amount_authorized: amount,
    authorization_code: null,
    brand: card?.brand ?? null,
    checks: card?.checks ?? null,
    country: card?.country ?? null,
    electronic_commerce_indicator: null,
    exp_month: card?.exp_month ?? 0,
    exp_year: card?.exp_year ?? 0,
    fingerprint: card?.fingerprint ?? null,
    funding: card?.funding ?? null,
    installments: null,
    last4: card?.last4 ?? null,
    mandate: null,
    network: card?.brand ?? null,
    network_transaction_id: null,
    regulated_status: null,
    three_d_secure: null,
    transaction_link_id: null,
    wallet: null,
  };
}
