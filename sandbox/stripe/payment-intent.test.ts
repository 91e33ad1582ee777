import { expect, it } from "vitest";
import { refusalOf, testSandbox } from "./test-client";

const t = testSandbox();

async function aCustomerWith(card: string) {
  const customer = await t.stripe.customers.create();
  const method = await t.stripe.paymentMethods.attach(card, { customer: customer.id });
  return { customer: customer.id, payment_method: method.id };
}
const fiveDollars = { amount: 500, currency: "usd", confirm: true } as const;
const saved = { ...fiveDollars, off_session: true } as const;

it("charges a saved card when nobody is there", async () => {
  const intent = await t.stripe.paymentIntents.create({
    ...saved,
    ...(await aCustomerWith("pm_card_visa")),
    expand: ["latest_charge"],
  });
  expect(intent).toMatchObject({ status: "succeeded", amount_received: 500 });
  expect(intent.latest_charge).toMatchObject({ object: "charge", paid: true, amount: 500 });
});

it("says why a card is declined, and keeps the failed charge", async () => {
  const owner = await aCustomerWith("pm_card_chargeCustomerFail");
  const error = await refusalOf(t.stripe.paymentIntents.create({ ...saved, ...owner }));
  expect(error).toMatchObject({
    type: "StripeCardError",
    statusCode: 402,
    code: "card_declined",
    decline_code: "generic_decline",
  });
  const intent = await t.stripe.paymentIntents.retrieve(error.payment_intent?.id ?? "");
  expect(intent).toMatchObject({
    status: "requires_payment_method",
    last_payment_error: { code: "card_declined" },
  });
  expect((await t.stripe.charges.list({ payment_intent: intent.id })).data).toMatchObject([
    { status: "failed" },
  ]);
});

it("names the lack of funds", async () => {
  const error = await refusalOf(
    t.stripe.paymentIntents.create({
      ...fiveDollars,
      payment_method: "pm_card_visa_chargeDeclinedInsufficientFunds",
    }),
  );
  expect(error).toMatchObject({ decline_code: "insufficient_funds" });
});

it("asks for 3-D Secure while the customer is there, and refuses when he is not", async () => {
  const owner = await aCustomerWith("pm_card_authenticationRequired");
  const present = await t.stripe.paymentIntents.create({
    ...fiveDollars,
    ...owner,
    return_url: "http://localhost/back",
  });
  expect(present).toMatchObject({ status: "requires_action", next_action: { type: "redirect_to_url" } });
  expect(await refusalOf(t.stripe.paymentIntents.create({ ...saved, ...owner }))).toMatchObject({
    code: "authentication_required",
    payment_intent: { status: "requires_payment_method" },
  });
});

it("takes another card after a decline, once", async () => {
  const intent = await t.stripe.paymentIntents.create({ amount: 500, currency: "usd" });
  await refusalOf(
    t.stripe.paymentIntents.confirm(intent.id, { payment_method: "pm_card_visa_chargeDeclined" }),
  );
  expect((await t.stripe.paymentIntents.confirm(intent.id, { payment_method: "pm_card_visa" })).status).toBe(
    "succeeded",
  );
  expect(await refusalOf(t.stripe.paymentIntents.confirm(intent.id))).toMatchObject({
    code: "payment_intent_unexpected_state",
  });
});

it("charges a declined request once, however often it is repeated with its key", async () => {
  const owner = await aCustomerWith("pm_card_chargeCustomerFail");
  const once = { idempotencyKey: "declined-once" };
  const first = await refusalOf(t.stripe.paymentIntents.create({ ...saved, ...owner }, once));
  const second = await refusalOf(t.stripe.paymentIntents.create({ ...saved, ...owner }, once));
  expect(second.payment_intent?.id).toBe(first.payment_intent?.id);
});

it("does not charge somebody else's card", async () => {
  const { payment_method } = await aCustomerWith("pm_card_visa");
  const { id: customer } = await t.stripe.customers.create();
  expect(
    await refusalOf(t.stripe.paymentIntents.create({ ...saved, customer, payment_method })),
  ).toMatchObject({
    code: "resource_missing",
  });
});

it("refuses amounts below the smallest charge", async () => {
  const amounts = { currency: "usd", payment_method: "pm_card_visa" };
  expect(await refusalOf(t.stripe.paymentIntents.create({ ...amounts, amount: 49 }))).toMatchObject({
    code: "amount_too_small",
  });
  expect(await refusalOf(t.stripe.paymentIntents.create({ ...amounts, amount: 0 }))).toMatchObject({
    param: "amount",
  });
});

it("gives money back in parts, never more than was paid", async () => {
  const { id } = await t.stripe.paymentIntents.create({ ...fiveDollars, payment_method: "pm_card_visa" });
  await t.stripe.refunds.create({ payment_intent: id, amount: 200 });
  expect(await refusalOf(t.stripe.refunds.create({ payment_intent: id, amount: 301 }))).toMatchObject({
    param: "amount",
  });
  const rest = await t.stripe.refunds.create({ payment_intent: id, expand: ["charge.refunds"] });
  expect(rest).toMatchObject({
    amount: 300,
    charge: { refunded: true, amount_refunded: 500, refunds: { data: [{}, {}] } },
  });
  expect(await refusalOf(t.stripe.refunds.create({ payment_intent: id }))).toMatchObject({
    code: "charge_already_refunded",
  });
});
