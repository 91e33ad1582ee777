import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { testSandbox } from "./test-client";

let received: { id: string; type: string }[] = [];
let server: Server;
let url = "";
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    received.push(JSON.parse(body));
    response.writeHead(200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address && typeof address === "object") url = `http://127.0.0.1:${address.port}/`;
});
beforeEach(() => {
  received = [];
});
afterAll(() => server.close());

const t = testSandbox({ now: () => Date.UTC(2026, 10, 26, 12) });
const dayS = 86_400;

async function aSubscriber() {
  const { id: customer } = await t.stripe.customers.create({ email: "ada@example.com" });
  const { id: method } = await t.stripe.paymentMethods.attach("pm_card_visa", { customer });
  await t.stripe.customers.update(customer, { invoice_settings: { default_payment_method: method } });
  const { id: product } = await t.stripe.products.create({ name: "Pro" });
  const price = await t.stripe.prices.create({
    product,
    currency: "usd",
    unit_amount: 1200,
    recurring: { interval: "month" },
  });
  const subscription = await t.stripe.subscriptions.create({ customer, items: [{ price: price.id }] });
  return { customer, method, price: price.id, subscription };
}
const lastCharge = async (customer: string) => (await t.stripe.charges.list({ customer, limit: 1 })).data[0];

it("says what time will bring, and brings it, each thing at its moment", async () => {
  const { subscription } = await aSubscriber();
  const { control } = t.sandbox;
  const to = control.now() + 31 * dayS;
  const mine = control.coming(to).filter(({ subject }) => subject === subscription.id);
  expect(mine.map(({ what }) => what)).toEqual(["invoice.upcoming", "subscription.renew"]);
  const moments: number[] = [];
  const done = await control.advance(to, async (now) => {
    moments.push(now);
  });
  expect(done.map(({ what }) => what)).toEqual([
    "invoice.upcoming",
    "subscription.renew",
    "invoice.finalize",
  ]);
  expect(moments).toEqual([...moments].sort((a, b) => a - b));
  expect(control.now()).toBe(to);
  const invoices = await t.stripe.invoices.list({ subscription: subscription.id });
  expect(invoices.data.map(({ status }) => status)).toEqual(["paid", "paid"]);
});

it("has a card's bank refuse from now on", async () => {
  const { customer, method } = await aSubscriber();
  t.sandbox.control.setCard(method, "insufficient_funds");
  const payment = {
    amount: 500,
    currency: "usd",
    customer,
    payment_method: method,
    off_session: true,
    confirm: true,
  };
  await expect(t.stripe.paymentIntents.create(payment)).rejects.toMatchObject({
    decline_code: "insufficient_funds",
  });
  t.sandbox.control.setCard(method, null);
  expect((await t.stripe.paymentIntents.create(payment)).status).toBe("succeeded");
});

it("opens a dispute, and lets the bank decide", async () => {
  const { customer } = await aSubscriber();
  const charge = await lastCharge(customer);
  const { id } = t.sandbox.control.openDispute(charge?.id ?? "");
  expect(await t.stripe.disputes.retrieve(id)).toMatchObject({
    status: "needs_response",
    amount: 1200,
    charge: charge?.id,
  });
  t.sandbox.control.closeDispute(id, "won");
  const types = (await t.stripe.events.list({ limit: 5 })).data.map(({ type }) => type);
  expect(types).toContain("charge.dispute.created");
  expect(types[0]).toBe("charge.dispute.funds_reinstated");
});

it("disputes what the card for it has paid", async () => {
  const intent = await t.stripe.paymentIntents.create({
    amount: 500,
    currency: "usd",
    payment_method: "pm_card_createDispute",
    confirm: true,
  });
  expect((await t.stripe.disputes.list({ payment_intent: intent.id })).data).toMatchObject([
    { status: "needs_response" },
  ]);
});

it("holds events back, and lets them go backwards and twice", async () => {
  const endpoint = await t.stripe.webhookEndpoints.create({ url, enabled_events: ["customer.created"] });
  t.sandbox.control.holdEvents();
  const made: string[] = [];
  for (let count = 0; count < 3; count++) made.push((await t.stripe.customers.create()).id);
  await t.sandbox.settled();
  expect(received).toEqual([]);
  t.sandbox.control.releaseEvents({ order: "reverse", times: 2 });
  await t.sandbox.settled();
  expect(received).toHaveLength(6);
  expect(new Set(received.map(({ id }) => id)).size).toBe(3);
  t.sandbox.control.resend(received[0]?.id ?? "", 2);
  await t.sandbox.settled();
  expect(received).toHaveLength(8);
  await t.stripe.webhookEndpoints.del(endpoint.id);
});

it("changes plans at the period's end by a schedule, and bills the new price there", async () => {
  const { subscription, price } = await aSubscriber();
  const { id: product } = await t.stripe.products.create({ name: "Basic" });
  const lower = await t.stripe.prices.create({
    product,
    currency: "usd",
    unit_amount: 500,
    recurring: { interval: "month" },
  });
  const schedule = await t.stripe.subscriptionSchedules.create({ from_subscription: subscription.id });
  const [phase] = schedule.phases;
  await t.stripe.subscriptionSchedules.update(schedule.id, {
    end_behavior: "release",
    phases: [
      { items: [{ price }], start_date: phase?.start_date ?? 0, end_date: phase?.end_date ?? 0 },
      { items: [{ price: lower.id }] },
    ],
  });
  await t.sandbox.control.advance((phase?.end_date ?? 0) + 3700);
  const after = await t.stripe.subscriptions.retrieve(subscription.id, { expand: ["latest_invoice"] });
  expect(after).toMatchObject({
    status: "active",
    schedule: schedule.id,
    items: { data: [{ price: { id: lower.id } }] },
    latest_invoice: { status: "paid", total: 500 },
  });
  await t.sandbox.control.advance((phase?.end_date ?? 0) + 32 * dayS);
  expect(await t.stripe.subscriptionSchedules.retrieve(schedule.id)).toMatchObject({ status: "released" });
  expect((await t.stripe.subscriptions.retrieve(subscription.id)).schedule).toBeNull();
});

it("lets a customer change card, end and keep the subscription in the portal", async () => {
  const { customer, subscription, method } = await aSubscriber();
  const portal = await t.stripe.billingPortal.sessions.create({
    customer,
    return_url: "http://localhost:3000/billing",
  });
  const act = (fields: Record<string, string>) =>
    fetch(portal.url, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
  expect(await (await fetch(portal.url)).text()).toContain("Renews on");
  await act({ action: "cancel", subject: subscription.id });
  expect((await t.stripe.subscriptions.retrieve(subscription.id)).cancel_at_period_end).toBe(true);
  await act({ action: "resume", subject: subscription.id });
  expect((await t.stripe.subscriptions.retrieve(subscription.id)).cancel_at).toBeNull();
  const card = { action: "card", expiry: "12 / 34", cvc: "123" };
  expect((await act({ ...card, number: "4000000000000002" })).status).toBe(422);
  await act({ ...card, number: "5555555555554444" });
  const after = await t.stripe.customers.retrieve(customer, {
    expand: ["invoice_settings.default_payment_method"],
  });
  expect(after).toMatchObject({
    invoice_settings: { default_payment_method: { card: { brand: "mastercard" } } },
  });
  await act({ action: "remove", subject: method });
  expect((await t.stripe.paymentMethods.list({ customer })).data).toHaveLength(1);
});
