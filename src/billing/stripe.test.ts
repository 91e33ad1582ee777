import Stripe from "stripe";
import { beforeAll, expect, it } from "vitest";
import { connectStripe } from "./index";
import { askStripe } from "./stripe";

/** What Stripe's errors mean to a customer, in Stripe's own words. */

beforeAll(() => connectStripe({ secretKey: "sk_test_x", webhookSecret: "whsec_test" }));

const missing = (message: string) =>
  new Stripe.errors.StripeInvalidRequestError({
    ...{ type: "invalid_request_error", code: "resource_missing", message },
  });
const answer = (error: Error) => askStripe(() => Promise.reject(error));

it.each([
  "No such customer: 'cus_1'; a similar object exists in test mode, but a live mode key was used to make this request.",
  "No such price: 'price_1'",
  "No such subscription: 'sub_1'; a similar object exists in live mode, but a test mode key was used to make this request.",
])("payments are off when the keys are of another account: %s", async (message) => {
  await expect(answer(missing(message))).rejects.toMatchObject({ code: "payments_off" });
});

it.each([
  "This customer has no attached payment source or default payment method. Please consider adding a default payment method.",
  "There is no `default_payment_method` set on this Customer or Invoice. Please set either an `invoice_settings.default_payment_method` on the Customer or a `default_payment_method` on the Invoice.",
])("a card is missing when Stripe has none to charge: %s", async (message) => {
  await expect(answer(missing(message))).rejects.toMatchObject({ code: "card_missing" });
});

it.each(["No such subscription: 'sub_1'", "No such checkout.session: cs_1"])(
  "for whoever asked to judge: %s",
  async (message) => {
    const error = missing(message);
    await expect(answer(error)).rejects.toBe(error);
  },
);
