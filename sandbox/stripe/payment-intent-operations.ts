import type Stripe from "stripe";
import { z } from "zod";
import { requireCustomer } from "./customer";
import { listOf, type Operation, operation } from "./operation";
import {
  clearable,
  created,
  defined,
  flag,
  isWithin,
  mergeMetadata,
  metadata,
  pages,
  text,
  whole,
} from "./params";
import { cancelIntent, confirmIntent, createIntent } from "./payment-intent";
import { requireAmount, requireOpen, requireUsable } from "./payment-intent-shape";
import { requirePaymentMethod } from "./payment-method";
import type { World } from "./world";

const usage = z.enum(["off_session", "on_session"]);
const automatic = z.strictObject({ enabled: flag, allow_redirects: z.enum(["always", "never"]).optional() });
const offSession = z.union([flag, z.enum(["one_off", "recurring"]).transform(() => true)]);
const confirming = {
  error_on_requires_action: flag.optional(),
  off_session: offSession.optional(),
  payment_method: text.optional(),
  receipt_email: clearable(text).optional(),
  return_url: text.optional(),
  setup_future_usage: clearable(usage).optional(),
};
const changes = {
  amount: whole.optional(),
  currency: text.optional(),
  customer: text.optional(),
  description: clearable(text).optional(),
  metadata: metadata.optional(),
  payment_method: clearable(text).optional(),
  payment_method_types: z.array(z.literal("card")).optional(),
  receipt_email: clearable(text).optional(),
  setup_future_usage: clearable(usage).optional(),
  statement_descriptor_suffix: clearable(text).optional(),
};
const creation = {
  ...changes,
  ...confirming,
  amount: whole,
  automatic_payment_methods: automatic.optional(),
  capture_method: z.enum(["automatic", "automatic_async"]).optional(),
  confirm: flag.optional(),
  currency: text,
};

export const paymentIntentOperations: Operation[] = [
  operation("POST", "/v1/payment_intents", creation, (world, { confirm, ...params }) => {
    const intent = createIntent(world, {
      ...params,
      payment_method: params.payment_method && requirePaymentMethod(world, params.payment_method).id,
    });
    return confirm ? confirmOrThrow(world, intent, params) : intent;
  }),
  operation("GET", "/v1/payment_intents/:id", { client_secret: text.optional() }, (world, _params, id) =>
    world.require("payment_intent", id),
  ),
  operation("POST", "/v1/payment_intents/:id", changes, (world, params, id) =>
    updateIntent(world, id, params),
  ),
  operation("POST", "/v1/payment_intents/:id/confirm", confirming, (world, params, id) =>
    confirmOrThrow(world, world.require("payment_intent", id), params),
  ),
  operation(
    "POST",
    "/v1/payment_intents/:id/cancel",
    {
      cancellation_reason: z
        .enum(["duplicate", "fraudulent", "requested_by_customer", "abandoned"])
        .optional(),
    },
    (world, { cancellation_reason }, id) => cancelIntent(world, id, cancellation_reason ?? null),
  ),
  operation(
    "GET",
    "/v1/payment_intents",
    { ...pages, ...created, customer: text.optional() },
    (world, { customer, created, ...paging }) =>
      listOf(
        world,
        "payment_intent",
        paging,
        "/v1/payment_intents",
        (intent) =>
          (customer === undefined || intent.customer === customer) && isWithin(intent.created, created),
      ),
  ),
];

type Changes = z.output<z.ZodObject<typeof changes>>;

function updateIntent(world: World, id: string, params: Changes): Stripe.PaymentIntent {
  const before = requireOpen(world, id, "update");
  const { customer, metadata, payment_method, ...plain } = params;
  const owner = customer ? requireCustomer(world, customer).id : before.customer;
  const currency = params.currency?.toLowerCase() ?? before.currency;
  requireAmount(params.amount ?? before.amount, currency);
  const method = payment_method && requirePaymentMethod(world, payment_method).id;
  if (method) requireUsable(world, method, typeof owner === "string" ? owner : null);
  const after = world.store.put("payment_intent", {
    ...before,
    ...defined(plain),
    currency,
    customer: owner,
    metadata: mergeMetadata(before.metadata, metadata),
    payment_method: method === undefined ? before.payment_method : method,
    status: method ? "requires_confirmation" : before.status,
  });
  return after;
}

function confirmOrThrow(
  world: World,
  intent: Stripe.PaymentIntent,
  given: Parameters<typeof confirmIntent>[2],
): Stripe.PaymentIntent {
  const confirmed = confirmIntent(world, intent, given);
  if (confirmed.failure) throw confirmed.failure;
  return confirmed.intent;
}
