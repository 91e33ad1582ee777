import { afterAll, beforeAll, expect, it } from "vitest";
import { db } from "#platform/db";
import { moneyNow } from "#platform/money-clock";
import { testDatabase, testFolder } from "#test";
import { type ConsoleState, stripeConsole } from "./console";
import { readConnection } from "./running";
import { startSiteSandbox } from "./site";
import { clientOf } from "./test-client";

testDatabase();
const dataDir = testFolder();
const site = { dataDir, baseUrl: "http://localhost:1" };
let sandbox: Awaited<ReturnType<typeof startSiteSandbox>>;
beforeAll(async () => {
  sandbox = await startSiteSandbox(site);
});
afterAll(() => sandbox.stop());

const post = (path: string, body: object = {}) =>
  stripeConsole.request(path, { method: "POST", body: JSON.stringify(body) });
const state = async (): Promise<ConsoleState> => (await stripeConsole.request("/")).json();

it("shows customers with their cards and payments, and disputes one", async () => {
  const stripe = clientOf(sandbox);
  const { id: customer } = await stripe.customers.create({ email: "ada@example.com" });
  const { id: payment_method } = await stripe.paymentMethods.attach("pm_card_visa", { customer });
  await stripe.paymentIntents.create({
    amount: 500,
    currency: "usd",
    customer,
    payment_method,
    confirm: true,
  });
  const [before] = (await state()).customers;
  expect(before).toMatchObject({
    email: "ada@example.com",
    cards: [{ last4: "4242" }],
    charges: [{ amount: 500, dispute: null }],
  });
  await post(`/charges/${before?.charges[0]?.id}/dispute`);
  expect((await state()).customers[0]?.charges[0]?.dispute).toMatchObject({ status: "needs_response" });
});

it("moves money's clock with its own, and does so again after a restart", async () => {
  const { now } = await state();
  const to = now + 40 * 86_400;
  await post("/advance", { to });
  expect(Math.abs((await moneyNow(db())).getTime() / 1000 - to)).toBeLessThan(60);
  const { url, secretKey, webhookSecret } = sandbox;
  await sandbox.stop();
  sandbox = await startSiteSandbox(site);
  expect({ url: sandbox.url, secretKey: sandbox.secretKey, webhookSecret: sandbox.webhookSecret }).toEqual({
    url,
    secretKey,
    webhookSecret,
  });
  expect(readConnection(dataDir)).toEqual({ url, secretKey, webhookSecret });
  expect((await state()).customers).toHaveLength(1);
  expect((await state()).now).toBeGreaterThanOrEqual(to);
});

it("holds events back and lets them go", async () => {
  await post("/hold");
  await clientOf(sandbox).customers.create();
  expect(await state()).toMatchObject({
    isHolding: true,
    held: 1,
    events: expect.arrayContaining([expect.objectContaining({ type: "customer.created" })]),
  });
  await post("/release", { order: "reverse", times: 2 });
  expect(await state()).toMatchObject({ isHolding: false, held: 0 });
});
