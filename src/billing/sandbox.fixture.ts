import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { eq, sql } from "drizzle-orm";
import Stripe from "stripe";
import { afterAll, afterEach, beforeAll, vi } from "vitest";
import { carryDue } from "#credits";
import { expireLots, readBalance, stopLedger } from "#ledger";
import { announced } from "#platform/changes";
import { db } from "#platform/db";
import { type Id, newId } from "#platform/id";
import { type StripeSandbox, startStripeSandbox } from "#sandbox/stripe";
import { accounts, checkouts, customers, lineGrants, users } from "#schema";
import { runJobs } from "#test";
import { readAllowed } from "./entitlements";
import {
  beginCheckout,
  type CheckoutRequest,
  connectStripe,
  readOverview,
  receiveEvent,
  syncCatalogue,
  tasks,
} from "./index";

/**
 * For billing's tests: the product and the sandbox with each other as on a site. The real SDK asks, signed
 * events come back over HTTP, and a customer lives by a test clock that money's clock follows.
 */

const webhookSecret = "whsec_test";
const system = tasks.system ?? {};
const realNow = () => Math.floor(Date.now() / 1000);

export const day = 86_400;
export const hour = 3_600;
export const pack: CheckoutRequest = { kind: "pack", packId: "small", currency: "usd", returnTo: "/tools" };

/** What buys a plan for a month in dollars. */
export function aPlan(planId: "pro" | "premium" | "enterprise", interval: "month" | "year" = "month") {
  return { kind: "plan", planId, interval, currency: "usd", returnTo: "/tools" } as const;
}

/** Starts the sandbox and connects billing to it; sets money's clock right after each test. */
export function sandboxSite({ synced = true } = {}) {
  // Each test is dozens of requests, and the machine may be busy.
  vi.setConfig({ testTimeout: 60_000 });
  let running: StripeSandbox | null = null;
  let client: Stripe | null = null;
  const receiver = createServer(async (request, response) => {
    await receiveEvent(await text(request), `${request.headers["stripe-signature"]}`);
    response.end("{}");
  });
  // As the sandbox: an event whose connection was closed comes a second later, and nobody waits for it.
  receiver.keepAliveTimeout = 0;
  beforeAll(async () => {
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
    running = await startStripeSandbox({ webhook: { url, secret: webhookSecret } });
    const { hostname: host, port } = new URL(running.url);
    client = new Stripe(running.secretKey, { protocol: "http", host, port });
    connectStripe({ url: running.url, secretKey: running.secretKey, webhookSecret });
    if (synced) await syncCatalogue();
  });
  afterEach(() => db().execute(sql`update money_clock set shift = interval '0'`));
  afterAll(async () => {
    await announced();
    await running?.stop();
    receiver.closeAllConnections();
    receiver.close();
    await stopLedger();
  });
  const site = {
    get sandbox(): StripeSandbox {
      if (!running) throw new Error("the sandbox has not started");
      return running;
    },
    get stripe(): Stripe {
      if (!client) throw new Error("the sandbox has not started");
      return client;
    },
    /** Everything sent so far arrives, and the worker does what there is to do. */
    async catchUp(): Promise<void> {
      await site.sandbox.settled();
      // What the worker does may have more told.
      while (await hasWork()) {
        await runJobs(system);
        await site.sandbox.settled();
      }
    },
    aCustomer: () => aCustomer(site),
    aSubscriber: (lookupKey: string, card?: string) => aSubscriber(site, lookupKey, card),
  };
  return site;
}
async function hasWork(): Promise<boolean> {
  const { rows } = await db().execute(
    sql`select 1 from graphile_worker.jobs
      where task_identifier like 'billing.%' and run_at <= now() and attempts < max_attempts limit 1`,
  );
  return rows.length > 0;
}

type Site = ReturnType<typeof sandboxSite>;
export type Customer = Awaited<ReturnType<typeof aCustomer>>;

/** Somebody who has an account, and a customer with a test clock in Stripe; nothing bought yet. */
async function aCustomer(site: Site) {
  const userId = newId("user");
  const accountId = newId("account");
  await db()
    .insert(users)
    .values({ id: userId, name: "Ada", email: `${userId}@example.com` });
  await db().insert(accounts).values({ id: accountId, ownerType: "user", ownerId: userId });
  const { id: clock } = await site.stripe.testHelpers.testClocks.create({ frozen_time: realNow() });
  const { id: stripeId } = await site.stripe.customers.create({ test_clock: clock });
  await db().insert(customers).values({ accountId, stripeId });
  return {
    ...{ userId, accountId, stripeId },
    /** Moves the customer's clock and money's to a moment, in seconds; then the hourly jobs run. */
    async goTo(seconds: number): Promise<void> {
      await site.stripe.testHelpers.testClocks.advance(clock, { frozen_time: seconds });
      await db().execute(
        sql`update money_clock set shift = make_interval(secs => ${seconds - Date.now() / 1000})`,
      );
      await site.catchUp();
      await system["billing.grant-due"]?.({}, Object.create(null));
      await expireLots();
      await carryDue();
    },
    /** Buys on the hosted page, with this card. */
    async buy(request: CheckoutRequest, number?: string): Promise<Response> {
      const answer = await pay(await beginCheckout(accountId, request, newId("checkout")), { number });
      await site.catchUp();
      return answer;
    },
    /** A card on file that is charged from now on. */
    setCard: (card: string) => setCard(site, stripeId, card),
    available: async () => (await readBalance(db(), accountId)).available,
    planId: async () => (await readAllowed(db(), accountId)).planId,
    overview: () => readOverview(accountId),
    granted: () => db().select().from(lineGrants).where(eq(lineGrants.accountId, accountId)),
    customer: async () => (await db().select().from(customers).where(eq(customers.accountId, accountId)))[0],
    /** The page on which the customer bought last. */
    session: () => lastSession(accountId),
    /** When what is paid for ends, in seconds. */
    periodEnd: async () =>
      Math.floor(((await readOverview(accountId)).subscription?.periodEnd.getTime() ?? 0) / 1000),
  };
}

async function lastSession(accountId: Id<"account">): Promise<string> {
  const rows = await db().select().from(checkouts).where(eq(checkouts.accountId, accountId));
  return rows.at(-1)?.sessionId ?? "";
}

/** Somebody who pays for the price of this lookup key. */
async function aSubscriber(site: Site, lookupKey: string, card = "pm_card_visa") {
  const customer = await aCustomer(site);
  await customer.setCard(card);
  const [price] = (await site.stripe.prices.list({ lookup_keys: [lookupKey] })).data;
  const made = await site.stripe.subscriptions.create({
    customer: customer.stripeId,
    items: [{ price: price?.id ?? "" }],
  });
  await site.catchUp();
  return { ...customer, subscription: made.id };
}

async function setCard({ stripe }: Site, customer: string, card: string): Promise<string> {
  const { id } = await stripe.paymentMethods.attach(card, { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: id } });
  return id;
}

/** Fills a hosted page's card form; what the bank asks for is confirmed, or refused. */
export async function pay(
  url: string,
  {
    number = "4242424242424242",
    confirms = true,
    action = "pay",
  }: { number?: string | undefined; confirms?: boolean; action?: "pay" | "card" } = {},
): Promise<Response> {
  const fields = { action, email: "ada@example.com", expiry: "12 / 34", cvc: "123", number };
  const answer = await post(url, fields);
  const next = answer.headers.get("location") ?? "";
  const result = confirms ? "complete" : "fail";
  if (next.endsWith("/3d-secure")) return post(new URL(next, url).href, { result });
  // The invoice's page asks in place.
  const asked = /name="method" value="(\w+)"/.exec(await answer.clone().text())?.[1];
  return answer.status === 200 && asked ? post(url, { method: asked, result }) : answer;
}

export function post(url: string, fields: Record<string, string>): Promise<Response> {
  return fetch(url, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
}
