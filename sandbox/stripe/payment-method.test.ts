import { expect, it } from "vitest";
import { refusalOf, testSandbox } from "./test-client";

const t = testSandbox();

it("gives the same fingerprint to the same number, whoever holds it", async () => {
  const [a, b, other] = await Promise.all(
    ["pm_card_visa", "pm_card_visa", "pm_card_mastercard"].map(async (card) => {
      const { id: customer } = await t.stripe.customers.create();
      return t.stripe.paymentMethods.attach(card, { customer });
    }),
  );
  expect(a?.id).not.toBe(b?.id);
  expect(a?.card?.fingerprint).toBe(b?.card?.fingerprint);
  expect(a?.card?.fingerprint).not.toBe(other?.card?.fingerprint);
});

it("refuses a declined card when it is saved, and lets one through that fails later", async () => {
  const { id: customer } = await t.stripe.customers.create();
  expect(
    await refusalOf(t.stripe.paymentMethods.attach("pm_card_visa_chargeDeclined", { customer })),
  ).toMatchObject({
    code: "card_declined",
  });
  await t.stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer });
  expect((await t.stripe.customers.listPaymentMethods(customer)).data).toHaveLength(1);
});

it("saves a card by a setup intent, after 3-D Secure where it is asked for", async () => {
  const { id: customer } = await t.stripe.customers.create();
  const plain = await t.stripe.setupIntents.create({
    customer,
    payment_method: "pm_card_visa",
    confirm: true,
  });
  expect(plain.status).toBe("succeeded");
  const asked = await t.stripe.setupIntents.create({
    customer,
    payment_method: "pm_card_authenticationRequiredOnSetup",
    confirm: true,
  });
  expect(asked.status).toBe("requires_action");
  expect((await t.stripe.paymentMethods.list({ customer })).data).toHaveLength(1);
});

it("forgets the default when that card is detached", async () => {
  const { id: customer } = await t.stripe.customers.create();
  const { id } = await t.stripe.paymentMethods.attach("pm_card_visa", { customer });
  await t.stripe.customers.update(customer, { invoice_settings: { default_payment_method: id } });
  await t.stripe.paymentMethods.detach(id);
  const after = await t.stripe.customers.retrieve(customer);
  expect(!after.deleted && after.invoice_settings.default_payment_method).toBeNull();
});

it("takes no number but the test cards'", async () => {
  const card = { exp_month: 1, exp_year: 2030 };
  const refused = (number: string) =>
    refusalOf(t.stripe.paymentMethods.create({ type: "card", card: { ...card, number } }));
  expect(await refused("4000000000000011")).toMatchObject({ code: "incorrect_number" });
  expect(await refused("4111111111111111")).toMatchObject({ decline_code: "test_mode_live_card" });
});
