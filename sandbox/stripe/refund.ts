import type Stripe from "stripe";
import { z } from "zod";
import { invalid } from "./failure";
import { listOf, type Operation, operation } from "./operation";
import { created, isWithin, mergeMetadata, metadata, pages, text, whole } from "./params";
import { previousOf, type World } from "./world";

const creation = {
  amount: whole.optional(),
  charge: text.optional(),
  metadata: metadata.optional(),
  payment_intent: text.optional(),
  reason: z.enum(["duplicate", "fraudulent", "requested_by_customer"]).optional(),
};

export const refundOperations: Operation[] = [
  operation("POST", "/v1/refunds", creation, (world, params) => createRefund(world, params)),
  operation("GET", "/v1/refunds/:id", {}, (world, _params, id) => world.require("refund", id)),
  operation("POST", "/v1/refunds/:id", { metadata: metadata.optional() }, (world, { metadata }, id) => {
    const before = world.require("refund", id);
    const after = world.store.put("refund", {
      ...before,
      metadata: mergeMetadata(before.metadata, metadata),
    });
    world.emit("refund.updated", after, previousOf(before, after));
    return after;
  }),
  operation(
    "GET",
    "/v1/refunds",
    { ...pages, ...created, charge: text.optional(), payment_intent: text.optional() },
    (world, { charge, payment_intent, created, ...paging }) =>
      listOf(
        world,
        "refund",
        paging,
        "/v1/refunds",
        (refund) =>
          (charge === undefined || refund.charge === charge) &&
          (payment_intent === undefined || refund.payment_intent === payment_intent) &&
          isWithin(refund.created, created),
      ),
  ),
];

/** Gives money back, all that is left of a charge or a part of it. */
export function createRefund(world: World, params: z.output<z.ZodObject<typeof creation>>): Stripe.Refund {
  const charge = chargeOf(world, params);
  const left = charge.amount_captured - charge.amount_refunded;
  if (left <= 0) {
    throw invalid(`Charge ${charge.id} has already been refunded.`, { code: "charge_already_refunded" });
  }
  if (
    charge.disputed &&
    world.store
      .all("dispute")
      .some((dispute) => dispute.charge === charge.id && !dispute.is_charge_refundable)
  ) {
    throw invalid(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
      code: "charge_disputed",
    });
  }
  const amount = params.amount ?? left;
  if (amount < 1)
    throw invalid("Invalid positive integer", { code: "parameter_invalid_integer", param: "amount" });
  if (amount > left) {
    throw invalid(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`, {
      param: "amount",
    });
  }
  const refund = world.store.put("refund", {
    id: world.newId("re"),
    object: "refund",
    amount,
    balance_transaction: world.newId("txn"),
    charge: charge.id,
    created: world.nowFor(typeof charge.customer === "string" ? charge.customer : null),
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: {
      card: { reference_status: "pending", reference_type: "acquirer_reference_number", type: "refund" },
      type: "card",
    },
    metadata: mergeMetadata({}, params.metadata),
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: params.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: "succeeded",
    transfer_reversal: null,
  });
  const amount_refunded = charge.amount_refunded + amount;
  const after = world.store.put("charge", {
    ...charge,
    amount_refunded,
    refunded: amount_refunded === charge.amount_captured,
  });
  world.emit("refund.created", refund);
  world.emit("charge.refunded", after, previousOf(charge, after));
  return refund;
}

function chargeOf(
  world: World,
  params: { charge?: string | undefined; payment_intent?: string | undefined },
): Stripe.Charge {
  if (params.charge) return world.require("charge", params.charge, "charge");
  if (!params.payment_intent)
    throw invalid(
      "One of the following params should be provided for this request: payment_intent or charge.",
    );
  const { latest_charge, status } = world.require("payment_intent", params.payment_intent, "payment_intent");
  if (status !== "succeeded" || typeof latest_charge !== "string") {
    throw invalid("This PaymentIntent does not have a successful charge to refund.", {
      param: "payment_intent",
    });
  }
  return world.require("charge", latest_charge);
}
