import type Stripe from "stripe";
import { expect, it } from "vitest";
import { refusalOf, testSandbox } from "./test-client";

const t = testSandbox();
const back = {
  success_url: "http://localhost:3000/back?session={CHECKOUT_SESSION_ID}",
  cancel_url: "http://localhost:3000/pricing",
};

async function aPrice(unit_amount: number, interval?: "month"): Promise<string> {
  const product = await t.stripe.products.create({ name: interval ? "Pro" : "500 credits" });
  const price = await t.stripe.prices.create({
    product: product.id,
    currency: "usd",
    unit_amount,
    ...(interval ? { recurring: { interval } } : {}),
  });
  return price.id;
}

/** Fills in the page as a customer does. */
async function submit(session: { url: string | null }, fields: Record<string, string>): Promise<Response> {
  return fetch(session.url ?? "", {
    method: "POST",
    body: new URLSearchParams({
      action: "pay",
      email: "ada@example.com",
      expiry: "12 / 34",
      cvc: "123",
      ...fields,
    }),
    redirect: "manual",
  });
}
const aSession = async (params: Partial<Stripe.Checkout.SessionCreateParams> = {}) =>
  t.stripe.checkout.sessions.create({
    ...back,
    mode: "subscription",
    line_items: [{ price: await aPrice(1200, "month"), quantity: 1 }],
    ...params,
  });

it("sells a subscription on its page and leads back with the session's id", async () => {
  const session = await aSession({
    metadata: { user: "7" },
    subscription_data: { metadata: { user: "7" } },
    locale: "zh",
  });
  const html = await (await fetch(session.url ?? "")).text();
  expect(html).toContain('lang="zh-Hans"');
  expect(html).toContain("$12.00");
  const answer = await submit(session, { number: "4242 4242 4242 4242" });
  expect(answer.headers.get("location")).toBe(`http://localhost:3000/back?session=${session.id}`);
  const after = await t.stripe.checkout.sessions.retrieve(session.id, {
    expand: ["subscription", "line_items", "customer", "invoice"],
  });
  expect(after).toMatchObject({
    status: "complete",
    payment_status: "paid",
    metadata: { user: "7" },
    customer: { email: "ada@example.com" },
    subscription: {
      status: "active",
      metadata: { user: "7" },
      default_payment_method: expect.stringMatching(/^pm_/),
    },
    invoice: { status: "paid", amount_paid: 1200 },
    line_items: { data: [{ amount_total: 1200, description: "Pro" }] },
  });
});

it("tells of a declined card beside it, and nothing has happened", async () => {
  const session = await aSession();
  const answer = await submit(session, { number: "4000000000009995" });
  expect(answer.status).toBe(422);
  expect(await answer.text()).toContain("Your card has insufficient funds.");
  expect(await t.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
    status: "open",
    subscription: null,
  });
  expect((await submit(session, { number: "4242424242424242" })).status).toBe(303);
});

it("asks for 3-D Secure and pays only when it is completed", async () => {
  const session = await aSession();
  const challenge = async (result: string) => {
    const asked = await submit(session, { number: "4000000000003220" });
    const url = new URL(asked.headers.get("location") ?? "", session.url ?? "");
    return fetch(url, { method: "POST", body: new URLSearchParams({ result }), redirect: "manual" });
  };
  const failed = await challenge("fail");
  expect(await failed.text()).toContain("Your bank did not confirm the payment.");
  expect((await t.stripe.checkout.sessions.retrieve(session.id)).status).toBe("open");
  const completed = await challenge("complete");
  expect(completed.headers.get("location")).toContain(session.id);
  expect((await t.stripe.checkout.sessions.retrieve(session.id)).payment_status).toBe("paid");
});

it("sells a thing once, as a payment or with an invoice", async () => {
  const line_items = [{ price: await aPrice(900), quantity: 2 }];
  const { id: customer } = await t.stripe.customers.create({ email: "ada@example.com" });
  const plain = await aSession({
    mode: "payment",
    line_items,
    payment_intent_data: { metadata: { pack: "small" } },
  });
  await submit(plain, { number: "4242424242424242" });
  expect(await t.stripe.checkout.sessions.retrieve(plain.id, { expand: ["payment_intent"] })).toMatchObject({
    amount_total: 1800,
    invoice: null,
    payment_intent: { status: "succeeded", amount: 1800, metadata: { pack: "small" } },
  });
  const invoiced = await aSession({
    mode: "payment",
    customer,
    line_items,
    invoice_creation: { enabled: true, invoice_data: { metadata: { pack: "small" } } },
  });
  await submit(invoiced, { number: "4242424242424242" });
  expect(await t.stripe.checkout.sessions.retrieve(invoiced.id, { expand: ["invoice"] })).toMatchObject({
    customer,
    invoice: {
      status: "paid",
      metadata: { pack: "small" },
      lines: { data: [{ quantity: 2, amount: 1800 }] },
    },
  });
});

it("gives a trial without payment, but not to a card that is declined", async () => {
  const session = await aSession({ subscription_data: { trial_period_days: 7 } });
  expect(await (await fetch(session.url ?? "")).text()).toContain("Start trial");
  expect((await submit(session, { number: "4000000000000002" })).status).toBe(422);
  await submit(session, { number: "4242424242424242" });
  expect(await t.stripe.checkout.sessions.retrieve(session.id, { expand: ["subscription"] })).toMatchObject({
    amount_total: 0,
    payment_status: "no_payment_required",
    subscription: { status: "trialing" },
  });
});

it("takes a promotion code", async () => {
  const coupon = await t.stripe.coupons.create({ percent_off: 50, duration: "forever" });
  await t.stripe.promotionCodes.create({ promotion: { type: "coupon", coupon: coupon.id }, code: "HALF" });
  const session = await aSession({ allow_promotion_codes: true });
  expect((await submit(session, { action: "code", code: "none" })).status).toBe(422);
  expect(await (await submit(session, { action: "code", code: "half" })).text()).toContain("$6.00");
  await submit(session, { number: "4242424242424242" });
  const after = await t.stripe.checkout.sessions.retrieve(session.id, { expand: ["invoice"] });
  expect(after).toMatchObject({
    amount_total: 600,
    total_details: { amount_discount: 600 },
    invoice: { amount_paid: 600 },
  });
});

it("saves a card for later", async () => {
  const { id: customer } = await t.stripe.customers.create({ email: "ada@example.com" });
  const session = await t.stripe.checkout.sessions.create({
    ...back,
    mode: "setup",
    customer,
    currency: "usd",
  });
  await submit(session, { number: "5555555555554444" });
  const after = await t.stripe.checkout.sessions.retrieve(session.id, {
    expand: ["setup_intent.payment_method"],
  });
  expect(after.setup_intent).toMatchObject({
    status: "succeeded",
    payment_method: { customer, card: { brand: "mastercard" } },
  });
});

it("is closed once it has expired or was paid", async () => {
  const session = await aSession();
  const { url } = session;
  await t.stripe.checkout.sessions.expire(session.id);
  expect((await fetch(url ?? "")).status).toBe(410);
  expect((await submit(session, { number: "4242424242424242" })).status).toBe(410);
  expect(await refusalOf(t.stripe.checkout.sessions.expire(session.id))).toMatchObject({ statusCode: 400 });
});

it("completes a payment intent's 3-D Secure on its page", async () => {
  const intent = await t.stripe.paymentIntents.create({
    amount: 500,
    currency: "usd",
    payment_method: "pm_card_threeDSecure2Required",
    confirm: true,
    return_url: "http://localhost:3000/back",
  });
  const answer = await fetch(intent.next_action?.redirect_to_url?.url ?? "", {
    method: "POST",
    body: new URLSearchParams({ result: "complete" }),
    redirect: "manual",
  });
  expect(answer.headers.get("location")).toContain("redirect_status=succeeded");
  expect((await t.stripe.paymentIntents.retrieve(intent.id)).status).toBe("succeeded");
});
