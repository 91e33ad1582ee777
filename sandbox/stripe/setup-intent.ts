import type Stripe from "stripe";
import { z } from "zod";
import { declineOnSetup, wantsAuthentication } from "./card";
import { requireCustomer } from "./customer";
import { invalid, StripeFailure } from "./failure";
import { listOf, type Operation, operation } from "./operation";
import { clearable, created, defined, flag, isWithin, mergeMetadata, metadata, pages, text } from "./params";
import { requireUsable } from "./payment-intent-shape";
import {
  attachPaymentMethod,
  behaviourOf,
  noteAuthenticated,
  requirePaymentMethod,
  wasAuthenticated,
} from "./payment-method";
import type { World } from "./world";

const confirming = { payment_method: text.optional(), return_url: text.optional() };
const changes = {
  customer: text.optional(),
  description: clearable(text).optional(),
  metadata: metadata.optional(),
  payment_method: text.optional(),
  payment_method_types: z.array(z.literal("card")).optional(),
};
const creation = {
  ...changes,
  ...confirming,
  automatic_payment_methods: z
    .strictObject({ enabled: flag, allow_redirects: z.enum(["always", "never"]).optional() })
    .optional(),
  confirm: flag.optional(),
  usage: z.enum(["off_session", "on_session"]).optional(),
};

export const setupIntentOperations: Operation[] = [
  operation("POST", "/v1/setup_intents", creation, (world, { confirm, ...params }) => {
    const intent = createSetup(world, params);
    return confirm ? confirmOrThrow(world, intent, params) : intent;
  }),
  operation("GET", "/v1/setup_intents/:id", { client_secret: text.optional() }, (world, _params, id) =>
    world.require("setup_intent", id),
  ),
  operation("POST", "/v1/setup_intents/:id", changes, (world, params, id) => {
    const before = requireOpen(world, id, "update");
    const customer = params.customer ? requireCustomer(world, params.customer).id : before.customer;
    const method = params.payment_method
      ? requirePaymentMethod(world, params.payment_method).id
      : before.payment_method;
    return world.store.put("setup_intent", {
      ...before,
      customer,
      payment_method: method,
      description: params.description === undefined ? before.description : params.description,
      metadata: mergeMetadata(before.metadata, params.metadata),
      status: method && before.status === "requires_payment_method" ? "requires_confirmation" : before.status,
    });
  }),
  operation("POST", "/v1/setup_intents/:id/confirm", confirming, (world, params, id) =>
    confirmOrThrow(world, world.require("setup_intent", id), params),
  ),
  operation(
    "POST",
    "/v1/setup_intents/:id/cancel",
    { cancellation_reason: z.enum(["abandoned", "requested_by_customer", "duplicate"]).optional() },
    (world, { cancellation_reason }, id) => {
      const canceled = world.store.put("setup_intent", {
        ...requireOpen(world, id, "cancel"),
        status: "canceled",
        cancellation_reason: cancellation_reason ?? null,
        next_action: null,
      });
      world.emit("setup_intent.canceled", canceled);
      return canceled;
    },
  ),
  operation(
    "GET",
    "/v1/setup_intents",
    { ...pages, ...created, customer: text.optional(), payment_method: text.optional() },
    (world, { customer, payment_method, created, ...paging }) =>
      listOf(
        world,
        "setup_intent",
        paging,
        "/v1/setup_intents",
        (intent) =>
          (customer === undefined || intent.customer === customer) &&
          (payment_method === undefined || intent.payment_method === payment_method) &&
          isWithin(intent.created, created),
      ),
  ),
];

type Terms = Omit<z.output<z.ZodObject<typeof creation>>, "confirm">;

/** Makes a setup intent, not yet confirmed. */
export function createSetup(world: World, terms: Terms): Stripe.SetupIntent {
  const customer = terms.customer ? requireCustomer(world, terms.customer).id : null;
  const method = terms.payment_method ? requirePaymentMethod(world, terms.payment_method).id : null;
  if (method) requireUsable(world, method, customer);
  const id = world.newId("seti");
  const intent = world.store.put("setup_intent", {
    id,
    object: "setup_intent",
    allowed_payment_method_types: null,
    application: null,
    automatic_payment_methods: terms.automatic_payment_methods
      ? defined(terms.automatic_payment_methods)
      : null,
    cancellation_reason: null,
    client_secret: `${id}_secret_${world.newId("s", 24).slice(2)}`,
    created: world.nowFor(customer),
    customer,
    customer_account: null,
    description: terms.description ?? null,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    mandate: null,
    metadata: mergeMetadata({}, terms.metadata),
    next_action: null,
    on_behalf_of: null,
    payment_method: method,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { mandate_options: null, network: null, request_three_d_secure: "automatic" },
    },
    payment_method_types: ["card"],
    single_use_mandate: null,
    status: method ? "requires_confirmation" : "requires_payment_method",
    usage: terms.usage ?? "off_session",
  });
  world.emit("setup_intent.created", intent);
  return intent;
}

type Confirmation = {
  payment_method?: string | undefined;
  return_url?: string | undefined;
  isAuthenticated?: boolean;
};
export type SetupConfirmed = { intent: Stripe.SetupIntent; failure: StripeFailure | null };

/** Asks the issuer to let the card be kept for later payments. */
export function confirmSetup(world: World, { id }: { id: string }, given: Confirmation = {}): SetupConfirmed {
  const before = requireOpen(world, id, "confirm");
  const customer = typeof before.customer === "string" ? before.customer : null;
  const named = given.payment_method ?? before.payment_method;
  if (typeof named !== "string") {
    throw invalid("You cannot confirm this SetupIntent because it's missing a payment method.", {
      code: "setup_intent_unexpected_state",
    });
  }
  const method = requireUsable(world, requirePaymentMethod(world, named).id, customer);
  const intent: Stripe.SetupIntent = {
    ...before,
    payment_method: method.id,
    last_setup_error: null,
    next_action: null,
  };
  const behaviour = behaviourOf(world, method.id);
  const decline = declineOnSetup(behaviour);
  if (decline) return refuse(world, intent, method, { ...decline, type: "card_error" });
  if (!given.isAuthenticated && wantsAuthentication(behaviour, wasAuthenticated(world, method.id))) {
    return { intent: askForAuthentication(world, intent, given.return_url), failure: null };
  }
  if (given.isAuthenticated) noteAuthenticated(world, method.id);
  if (customer) attachPaymentMethod(world, method, customer);
  const done = world.store.put("setup_intent", { ...intent, status: "succeeded" });
  world.emit("setup_intent.succeeded", done);
  return { intent: world.require("setup_intent", id), failure: null };
}

/** What the customer did on the 3-D Secure page. */
export function authenticateSetup(world: World, id: string, isAuthenticated: boolean): SetupConfirmed {
  const intent = world.require("setup_intent", id);
  if (intent.status !== "requires_action") throw unexpectedState(intent, "authenticate");
  if (isAuthenticated) return confirmSetup(world, intent, { isAuthenticated });
  return refuse(world, intent, requirePaymentMethod(world, String(intent.payment_method)), {
    code: "setup_intent_authentication_failure",
    message:
      "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
    type: "invalid_request_error",
  });
}

function confirmOrThrow(world: World, intent: Stripe.SetupIntent, given: Confirmation): Stripe.SetupIntent {
  const confirmed = confirmSetup(world, intent, given);
  if (confirmed.failure) throw confirmed.failure;
  return confirmed.intent;
}

function askForAuthentication(
  world: World,
  intent: Stripe.SetupIntent,
  return_url: string | undefined,
): Stripe.SetupIntent {
  const url = `${world.url()}/3d-secure/${intent.id}`;
  const asked = world.store.put("setup_intent", {
    ...intent,
    status: "requires_action",
    next_action: return_url
      ? { type: "redirect_to_url", redirect_to_url: { url, return_url } }
      : { type: "use_stripe_sdk", use_stripe_sdk: { type: "three_d_secure_redirect", stripe_js: url } },
  });
  world.emit("setup_intent.requires_action", asked);
  return asked;
}

type Refusal = {
  code: string;
  decline_code?: string;
  message: string;
  type: "card_error" | "invalid_request_error";
};

function refuse(
  world: World,
  intent: Stripe.SetupIntent,
  method: Stripe.PaymentMethod,
  error: Refusal,
): SetupConfirmed {
  const refused = world.store.put("setup_intent", {
    ...intent,
    last_setup_error: { ...error, payment_method: method },
    next_action: null,
    payment_method: null,
    status: "requires_payment_method",
  });
  world.emit("setup_intent.setup_failed", refused);
  return {
    intent: refused,
    failure: new StripeFailure(402, { ...error, setup_intent: refused, payment_method: method }, true),
  };
}

function requireOpen(world: World, id: string, verb: string): Stripe.SetupIntent {
  const intent = world.require("setup_intent", id, "intent");
  if (intent.status === "succeeded" || intent.status === "canceled") throw unexpectedState(intent, verb);
  return intent;
}

function unexpectedState(intent: Stripe.SetupIntent, verb: string): StripeFailure {
  return new StripeFailure(400, {
    type: "invalid_request_error",
    code: "setup_intent_unexpected_state",
    message: `You cannot ${verb} this SetupIntent because it has a status of ${intent.status}.`,
    setup_intent: intent,
  });
}
