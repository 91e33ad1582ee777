import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { eq, sql } from "drizzle-orm";
import Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { carryDue } from "#credits";
import { expireLots, readBalance, reconcile, stopLedger } from "#ledger";
import { announced } from "#platform/changes";
import { db } from "#platform/db";
import { type Id, newId } from "#platform/id";
import { type StripeSandbox, startStripeSandbox } from "#sandbox/stripe";
import { accounts, customers, lineGrants, subscriptions, users } from "#schema";
import { runJobs, testDatabase } from "#test";
import { readAllowed } from "./entitlements";
import { connectStripe, receiveEvent, syncCatalogue, tasks } from "./index";

/** Fourteen months of a customer, on the sandbox's test clock and money's clock, moved together. */

testDatabase();

const webhookSecret = "whsec_test";
const system = tasks.system ?? {};
const start = Math.floor(Date.now() / 1000);
const hour = 3_600;

let sandbox: StripeSandbox;
let stripe: Stripe;
let receiver: Server;

beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    await receiveEvent(await text(request), `${request.headers["stripe-signature"]}`);
    response.end("{}");
  });
  receiver.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  sandbox = await startStripeSandbox({ webhook: { url, secret: webhookSecret } });
  const { hostname: host, port } = new URL(sandbox.url);
  stripe = new Stripe(sandbox.secretKey, { protocol: "http", host, port });
  connectStripe({ url: sandbox.url, secretKey: sandbox.secretKey, webhookSecret });
  await syncCatalogue();
});
afterAll(async () => {
  await announced();
  await sandbox.stop();
  receiver.closeAllConnections();
  receiver.close();
  await stopLedger();
});

async function subscribe(lookupKey: string, card = "pm_card_visa") {
  const accountId = newId("account");
  const userId = newId("user");
  await db()
    .insert(users)
    .values({ id: userId, name: "Ada", email: `${userId}@example.com` });
  await db().insert(accounts).values({ id: accountId, ownerType: "user", ownerId: userId });
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: start });
  const { id: customer } = await stripe.customers.create({ test_clock: clock.id });
  await db().insert(customers).values({ accountId, stripeId: customer });
  const { id: method } = await stripe.paymentMethods.attach(card, { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: method } });
  const [price] = (await stripe.prices.list({ lookup_keys: [lookupKey] })).data;
  const made = await stripe.subscriptions.create({ customer, items: [{ price: price?.id ?? "" }] });
  await catchUp();
  return { accountId, customer, clock: clock.id, subscription: made.id };
}

/** Everything sent so far arrives, and the worker does what there is to do. */
async function catchUp() {
  await sandbox.settled();
  await runJobs(system);
  await system["billing.grant-due"]?.({}, Object.create(null));
}

/** Moves both clocks to a time, in seconds; then the hourly jobs run. */
async function goTo(clock: string, seconds: number) {
  await stripe.testHelpers.testClocks.advance(clock, { frozen_time: seconds });
  await db().execute(
    sql`update money_clock set shift = make_interval(secs => ${seconds - Date.now() / 1000})`,
  );
  await catchUp();
  await expireLots();
  await carryDue();
}

const granted = async (accountId: Id<"account">) =>
  db().select().from(lineGrants).where(eq(lineGrants.accountId, accountId));
const available = async (accountId: Id<"account">) => (await readBalance(db(), accountId)).available;

describe("fourteen months", () => {
  it.each(["month", "year"])(
    "of a plan paid by the %s give its credits every month, once",
    { timeout: 240_000 },
    async (interval) => {
      const { accountId, clock } = await subscribe(`plan:pro:${interval}:usd`);
      expect(await available(accountId)).toBe(1_000n);
      for (let month = 1; month < 14; month++) {
        const at = new Date(start * 1000);
        const due = new Date(at);
        due.setUTCDate(1);
        due.setUTCMonth(at.getUTCMonth() + month);
        const last = new Date(Date.UTC(due.getUTCFullYear(), due.getUTCMonth() + 1, 0)).getUTCDate();
        due.setUTCDate(Math.min(at.getUTCDate(), last));
        // After the renewal is collected and the month before has expired.
        await goTo(clock, Math.floor(due.getTime() / 1000) + 8 * hour);
        expect(await granted(accountId)).toHaveLength(month + 1);
        // What the month before left is carried over, up to as much again.
        expect(await available(accountId)).toBe(2_000n);
        expect((await readAllowed(db(), accountId)).planId).toBe("pro");
      }
      const rows = await granted(accountId);
      expect(rows.every(({ credits, reversed }) => credits === 1_000n && reversed === 0n)).toBe(true);
      expect(await reconcile(db())).toEqual([]);
      await db().execute(sql`update money_clock set shift = interval '0'`);
    },
  );
});

describe("a renewal whose card fails", () => {
  it("keeps the plan for its grace, gives no credits, and falls back to Free", {
    timeout: 120_000,
  }, async () => {
    const { accountId, clock, customer } = await subscribe("plan:pro:month:usd");
    const { id } = await stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer });
    await stripe.customers.update(customer, { invoice_settings: { default_payment_method: id } });
    const [row] = await db().select().from(subscriptions).where(eq(subscriptions.accountId, accountId));
    const end = Math.floor((row?.periodEnd.getTime() ?? 0) / 1000);
    await goTo(clock, end + 8 * hour);
    expect((await readAllowed(db(), accountId)).planId).toBe("pro");
    expect(await available(accountId)).toBe(0n);
    await goTo(clock, end + 8 * 24 * hour);
    expect((await readAllowed(db(), accountId)).planId).toBe("free");
    expect(await granted(accountId)).toHaveLength(1);
    await db().execute(sql`update money_clock set shift = interval '0'`);
  });
});
