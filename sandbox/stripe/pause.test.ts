import { expect, it } from "vitest";
import { refusalOf, testSandbox } from "./test-client";

const t = testSandbox();
const start = Date.UTC(2026, 0, 15, 12) / 1000;
const at = (iso: string) => Date.parse(`${iso}T13:30:00Z`) / 1000;

async function aCustomer({ hasCard = true } = {}) {
  const clock = await t.stripe.testHelpers.testClocks.create({ frozen_time: start });
  const { id } = await t.stripe.customers.create({ test_clock: clock.id });
  const setCard = async () => {
    const method = await t.stripe.paymentMethods.attach("pm_card_visa", { customer: id });
    await t.stripe.customers.update(id, { invoice_settings: { default_payment_method: method.id } });
  };
  if (hasCard) await setCard();
  const advance = (frozen_time: number) => t.stripe.testHelpers.testClocks.advance(clock.id, { frozen_time });
  return { id, setCard, advance };
}

async function aPrice(): Promise<string> {
  const { id: product } = await t.stripe.products.create({ name: "Pro" });
  const recurring = { interval: "month" } as const;
  return (await t.stripe.prices.create({ product, currency: "usd", unit_amount: 1_200, recurring })).id;
}

it("collects nothing while its collection is paused, and goes on by itself on the day that was said", async () => {
  const { id: customer, advance } = await aCustomer();
  const { id } = await t.stripe.subscriptions.create({ customer, items: [{ price: await aPrice() }] });
  const pause_collection = { behavior: "void", resumes_at: at("2026-03-01") } as const;
  expect(await t.stripe.subscriptions.update(id, { pause_collection })).toMatchObject({
    status: "active",
    pause_collection,
  });
  await advance(at("2026-02-15"));
  await advance(at("2026-03-15"));
  expect((await t.stripe.subscriptions.retrieve(id)).pause_collection).toBeNull();
  const { data } = await t.stripe.invoices.list({ subscription: id });
  expect(data.map(({ status }) => status)).toEqual(["paid", "void", "paid"]);
});

it("is paused when a trial ends without a card, and resumed with a period that begins then", async () => {
  const { id: customer, setCard, advance } = await aCustomer({ hasCard: false });
  const { id } = await t.stripe.subscriptions.create({
    ...{ customer, items: [{ price: await aPrice() }], trial_period_days: 7 },
    trial_settings: { end_behavior: { missing_payment_method: "pause" } },
  });
  await advance(at("2026-01-23"));
  expect((await t.stripe.subscriptions.retrieve(id)).status).toBe("paused");
  await setCard();
  expect(await t.stripe.subscriptions.resume(id)).toMatchObject({
    status: "active",
    billing_cycle_anchor: at("2026-01-23"),
  });
  expect(await refusalOf(t.stripe.subscriptions.resume(id))).toMatchObject({
    type: "StripeInvalidRequestError",
  });
  await advance(at("2026-01-23") + 3_700);
  const [invoice] = (await t.stripe.invoices.list({ subscription: id, limit: 1 })).data;
  expect(invoice).toMatchObject({ total: 1_200, status: "paid" });
});
