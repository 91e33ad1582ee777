import { createHash } from "node:crypto";
import type Stripe from "stripe";
import { z } from "zod";
import { type Behaviour, cardOfToken, declineOnSetup, testCard } from "./card";
import { changeCustomer, requireCustomer, wholeAddress } from "./customer";
import { cardFailure, invalid, noSuch } from "./failure";
import { listOf, type Operation, operation } from "./operation";
import { address, clearable, mergeMetadata, metadata, pages, text, whole } from "./params";
import { previousOf, type World } from "./world";

const billing = z.strictObject({
  address: clearable(address).optional(),
  email: clearable(text).optional(),
  name: clearable(text).optional(),
  phone: clearable(text).optional(),
});
const redisplay = z.enum(["always", "limited", "unspecified"]);
const creation = {
  allow_redisplay: redisplay.optional(),
  billing_details: billing.optional(),
  card: z
    .union([
      z.strictObject({ token: text }),
      z.strictObject({ number: text, exp_month: whole, exp_year: whole, cvc: text.optional() }),
    ])
    .optional(),
  metadata: metadata.optional(),
  type: z.literal("card"),
};
const changes = {
  allow_redisplay: redisplay.optional(),
  billing_details: billing.optional(),
  card: z.strictObject({ exp_month: whole.optional(), exp_year: whole.optional() }).optional(),
  metadata: metadata.optional(),
};

export const paymentMethodOperations: Operation[] = [
  operation("POST", "/v1/payment_methods", creation, (world, { card, ...params }) => {
    if (!card) throw invalid("Missing required param: card.", { code: "parameter_missing", param: "card" });
    if ("token" in card) {
      const known = cardOfToken(card.token);
      if (!known) throw noSuch("token", card.token, "card[token]");
      return createCard(world, { number: known.number }, params);
    }
    return createCard(world, card, params);
  }),
  operation("GET", "/v1/payment_methods/:id", {}, (world, _params, id) =>
    requirePaymentMethod(world, id, "id"),
  ),
  operation("POST", "/v1/payment_methods/:id", changes, (world, params, id) =>
    updatePaymentMethod(world, id, params),
  ),
  operation("POST", "/v1/payment_methods/:id/attach", { customer: text }, (world, { customer }, id) =>
    attachPaymentMethod(world, requirePaymentMethod(world, id, "id"), customer),
  ),
  operation("POST", "/v1/payment_methods/:id/detach", {}, (world, _params, id) =>
    detachPaymentMethod(world, id),
  ),
  operation(
    "GET",
    "/v1/payment_methods",
    { ...pages, customer: text.optional(), type: text.optional() },
    (world, { customer, type, ...paging }) =>
      listOf(
        world,
        "payment_method",
        paging,
        "/v1/payment_methods",
        (method) =>
          (customer === undefined || method.customer === customer) &&
          (type === undefined || method.type === type),
      ),
  ),
  operation(
    "GET",
    "/v1/customers/:id/payment_methods",
    { ...pages, allow_redisplay: redisplay.optional(), type: text.optional() },
    (world, { type, allow_redisplay, ...paging }, id) =>
      listOf(
        world,
        "payment_method",
        paging,
        `/v1/customers/${requireCustomer(world, id).id}/payment_methods`,
        (method) =>
          method.customer === id &&
          (type === undefined || method.type === type) &&
          (allow_redisplay === undefined || method.allow_redisplay === allow_redisplay),
      ),
  ),
  operation("GET", "/v1/customers/:id/payment_methods/:method", {}, (world, _params, id, method) => {
    const found = requirePaymentMethod(world, method, "id");
    if (found.customer !== id) throw noSuch("PaymentMethod", method);
    return found;
  }),
];

type Details = { number: string; exp_month?: number; exp_year?: number; cvc?: string | undefined };
type Extras = Pick<
  z.output<z.ZodObject<typeof creation>>,
  "allow_redisplay" | "billing_details" | "metadata"
>;

/** A card as a payment method that belongs to nobody yet. @throws StripeFailure for a number of no test card */
export function createCard(world: World, details: Details, extras: Extras = {}): Stripe.PaymentMethod {
  const number = details.number.replaceAll(/[\s-]/g, "");
  const known = testCard(number);
  if (!known) {
    throw cardFailure(
      isLuhn(number)
        ? {
            code: "card_declined",
            decline_code: "test_mode_live_card",
            message: "Your card was declined. Your request was in test mode, but used a non test card.",
            param: "number",
          }
        : { code: "incorrect_number", message: "Your card number is incorrect.", param: "number" },
      false,
    );
  }
  const year = new Date(world.now() * 1000).getUTCFullYear();
  const { exp_month = 12, exp_year = year + 4 } = details;
  if (exp_month < 1 || exp_month > 12) {
    throw cardFailure(
      {
        code: "invalid_expiry_month",
        message: "Your card's expiration month is invalid.",
        param: "exp_month",
      },
      false,
    );
  }
  if (exp_year < year || (exp_year === year && exp_month < new Date(world.now() * 1000).getUTCMonth() + 1)) {
    throw cardFailure(
      { code: "invalid_expiry_year", message: "Your card's expiration year is invalid.", param: "exp_year" },
      false,
    );
  }
  const method = world.store.put("payment_method", {
    id: world.newId("pm"),
    object: "payment_method",
    allow_redisplay: extras.allow_redisplay ?? "unspecified",
    billing_details: billingOf(noBilling, extras.billing_details),
    card: {
      brand: known.brand,
      checks: {
        address_line1_check: null,
        address_postal_code_check: null,
        cvc_check: details.cvc ? "pass" : "unchecked",
      },
      country: "US",
      display_brand: known.brand,
      exp_month,
      exp_year,
      fingerprint: fingerprintOf(number),
      funding: "credit",
      generated_from: null,
      last4: number.slice(-4),
      networks: { available: [known.brand], preferred: null },
      regulated_status: "unregulated",
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: world.now(),
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: mergeMetadata({}, extras.metadata),
    type: "card",
  });
  world.store.put("card", { id: method.id, number, behaviour: null, authenticated: false });
  return method;
}

/** The payment method; a documented name such as `pm_card_visa` makes a new one. */
export function requirePaymentMethod(
  world: World,
  id: string,
  param = "payment_method",
): Stripe.PaymentMethod {
  const known = cardOfToken(id);
  return known ? createCard(world, { number: known.number }) : world.require("payment_method", id, param);
}

/** Gives it to a customer. @throws StripeFailure when the issuer refuses, or it is somebody else's */
export function attachPaymentMethod(
  world: World,
  method: Stripe.PaymentMethod,
  customer: string,
): Stripe.PaymentMethod {
  requireCustomer(world, customer);
  if (method.customer === customer) return method;
  if (method.customer) {
    throw invalid("The payment method you provided has already been attached to a customer.", {
      code: "payment_method_unexpected_state",
    });
  }
  const refusal = declineOnSetup(behaviourOf(world, method.id));
  if (refusal) throw cardFailure(refusal, false);
  const attached = world.store.put("payment_method", { ...method, customer });
  world.emit("payment_method.attached", attached);
  return attached;
}

/** What its issuer does, as its number says or as it was set on demand. */
export function behaviourOf(world: World, method: string): Behaviour {
  const card = world.store.get("card", method);
  return card?.behaviour ?? testCard(card?.number ?? "")?.behaviour ?? "success";
}

/** True when the customer has authenticated this card for later payments. */
export function wasAuthenticated(world: World, method: string): boolean {
  return world.store.get("card", method)?.authenticated ?? false;
}

/** Notes that the customer has authenticated this card for later payments. */
export function noteAuthenticated(world: World, method: string): void {
  const card = world.store.get("card", method);
  if (card) world.store.put("card", { ...card, authenticated: true });
}

function updatePaymentMethod(
  world: World,
  id: string,
  params: z.output<z.ZodObject<typeof changes>>,
): Stripe.PaymentMethod {
  const before = world.require("payment_method", id);
  const card = before.card && {
    ...before.card,
    exp_month: params.card?.exp_month ?? before.card.exp_month,
    exp_year: params.card?.exp_year ?? before.card.exp_year,
  };
  const after = world.store.put("payment_method", {
    ...before,
    ...(card ? { card } : {}),
    allow_redisplay: params.allow_redisplay ?? before.allow_redisplay ?? "unspecified",
    billing_details: billingOf(before.billing_details, params.billing_details),
    metadata: mergeMetadata(before.metadata, params.metadata),
  });
  world.emit("payment_method.updated", after, previousOf(before, after));
  return after;
}

/** Takes it from its customer. */
export function detachPaymentMethod(world: World, id: string): Stripe.PaymentMethod {
  const before = world.require("payment_method", id);
  const { customer } = before;
  if (typeof customer !== "string") {
    throw invalid(
      "The payment method you provided is not attached to a customer so detachment is impossible.",
    );
  }
  const after = world.store.put("payment_method", { ...before, customer: null });
  world.emit("payment_method.detached", after, { customer });
  const { invoice_settings } = requireCustomer(world, customer);
  if (invoice_settings.default_payment_method === id) {
    changeCustomer(world, customer, {
      invoice_settings: { ...invoice_settings, default_payment_method: null },
    });
  }
  return after;
}

const noBilling: Stripe.PaymentMethod.BillingDetails = {
  address: null,
  email: null,
  name: null,
  phone: null,
  tax_id: null,
};

function billingOf(
  old: Stripe.PaymentMethod.BillingDetails,
  given: z.output<typeof billing> = {},
): Stripe.PaymentMethod.BillingDetails {
  return {
    address: given.address === undefined ? old.address : given.address && wholeAddress(given.address),
    email: given.email === undefined ? old.email : given.email,
    name: given.name === undefined ? old.name : given.name,
    phone: given.phone === undefined ? old.phone : given.phone,
    tax_id: old.tax_id,
  };
}

/** The same for the same number, whoever holds it. */
function fingerprintOf(number: string): string {
  return createHash("sha256").update(`card:${number}`).digest("hex").slice(0, 16);
}

function isLuhn(number: string): boolean {
  if (!/^\d{12,19}$/.test(number)) return false;
  const sum = [...number].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
