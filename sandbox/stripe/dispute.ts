import type Stripe from "stripe";
import { z } from "zod";
import { invalid } from "./failure";
import { listOf, type Operation, operation } from "./operation";
import { created, defined, flag, isWithin, mergeMetadata, metadata, pages, text } from "./params";
import { behaviourOf } from "./payment-method";
import { previousOf, type World } from "./world";

const weekS = 7 * 86_400;
const changes = {
  evidence: z
    .strictObject({
      customer_communication: text.optional(),
      customer_email_address: text.optional(),
      customer_name: text.optional(),
      product_description: text.optional(),
      service_date: text.optional(),
      uncategorized_text: text.optional(),
    })
    .optional(),
  metadata: metadata.optional(),
  submit: flag.optional(),
};

export const disputeOperations: Operation[] = [
  operation("GET", "/v1/disputes/:id", {}, (world, _params, id) => world.require("dispute", id)),
  operation("POST", "/v1/disputes/:id", changes, (world, params, id) => {
    const before = world.require("dispute", id);
    const submits = params.submit !== false && params.evidence !== undefined;
    const after = world.store.put("dispute", {
      ...before,
      evidence: { ...before.evidence, ...defined(params.evidence ?? {}) },
      evidence_details: {
        ...before.evidence_details,
        has_evidence: before.evidence_details.has_evidence || params.evidence !== undefined,
        submission_count: before.evidence_details.submission_count + (submits ? 1 : 0),
      },
      metadata: mergeMetadata(before.metadata, params.metadata),
      status: submits ? "under_review" : before.status,
    });
    world.emit("charge.dispute.updated", after, previousOf(before, after));
    // Stripe's own words for a test: this text wins, that one loses.
    if (submits && params.evidence?.uncategorized_text === "winning_evidence")
      return closeDispute(world, id, "won");
    if (submits && params.evidence?.uncategorized_text === "losing_evidence")
      return closeDispute(world, id, "lost");
    return after;
  }),
  operation("POST", "/v1/disputes/:id/close", {}, (world, _params, id) => closeDispute(world, id, "lost")),
  operation(
    "GET",
    "/v1/disputes",
    { ...pages, ...created, charge: text.optional(), payment_intent: text.optional() },
    (world, { charge, payment_intent, created, ...paging }) =>
      listOf(
        world,
        "dispute",
        paging,
        "/v1/disputes",
        (dispute) =>
          (charge === undefined || dispute.charge === charge) &&
          (payment_intent === undefined || dispute.payment_intent === payment_intent) &&
          isWithin(dispute.created, created),
      ),
  ),
];

/** The bank takes a payment back until it is decided who is right. */
export function openDispute(world: World, chargeId: string, reason = "fraudulent"): Stripe.Dispute {
  const charge = world.require("charge", chargeId, "charge");
  if (!charge.paid || charge.disputed) throw invalid("This charge cannot be disputed.");
  const now = world.nowFor(typeof charge.customer === "string" ? charge.customer : null);
  const dispute = world.store.put("dispute", {
    id: world.newId("du"),
    object: "dispute",
    amount: charge.amount - charge.amount_refunded,
    balance_transactions: [],
    charge: charge.id,
    created: now,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: noEvidence,
    evidence_details: {
      due_by: now + weekS,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: "not_submitted",
    },
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    network_reason_code: "10.4",
    payment_intent: charge.payment_intent,
    reason,
    status: "needs_response",
  });
  const after = world.store.put("charge", { ...charge, disputed: true });
  world.emit("charge.dispute.created", dispute);
  world.emit("charge.updated", after, previousOf(charge, after));
  world.emit("charge.dispute.funds_withdrawn", dispute);
  return dispute;
}

/** The bank has decided. */
export function closeDispute(world: World, id: string, outcome: "won" | "lost"): Stripe.Dispute {
  const before = world.require("dispute", id);
  if (before.status === "won" || before.status === "lost") throw invalid("This dispute is already closed.");
  const after = world.store.put("dispute", { ...before, status: outcome });
  world.emit("charge.dispute.closed", after, previousOf(before, after));
  if (outcome === "won") world.emit("charge.dispute.funds_reinstated", after);
  return after;
}

/** The card that disputes what it has paid. */
export function watchDisputes(world: World): void {
  world.on(["payment_intent.succeeded"], (_, object) => {
    const intent = "id" in object ? world.store.get("payment_intent", String(object.id)) : undefined;
    if (typeof intent?.payment_method !== "string" || typeof intent.latest_charge !== "string") return;
    if (behaviourOf(world, intent.payment_method) === "dispute") openDispute(world, intent.latest_charge);
  });
}

const noEvidence: Stripe.Dispute.Evidence = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
};
