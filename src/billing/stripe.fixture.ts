import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { eq } from "drizzle-orm";
import Stripe from "stripe";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { stopLedger } from "#ledger";
import { announced } from "#platform/changes";
import { db } from "#platform/db";
import { type Id, newId } from "#platform/id";
import { accounts, customers, prices, users } from "#schema";
import { connectStripe, seedPrices } from "./index";

/**
 * For billing's tests: a Stripe that says what the test tells it to say, so that a test can put the world
 * into any state and have it told in any order. It answers questions, and ends subscriptions; the sandbox does the rest.
 */

export const secret = "whsec_test";
type Fields = Record<string, unknown>;

export type FakeStripe = {
  /** What Stripe would answer now, by customer. */
  world: Map<string, World>;
  /** Run before each answer: to delay one, or to change the world behind a question's back. */
  beforeAnswer: (path: string) => Promise<void> | void;
};

export type World = {
  card: Fields | null;
  subscriptions: Fields[];
  invoices: Fields[];
  charges: Fields[];
  disputes: Fields[];
};

export function emptyWorld(): World {
  return { card: aCard("fp_1"), subscriptions: [], invoices: [], charges: [], disputes: [] };
}

/**
 * The Stripe of a file's tests: before them it starts, billing is connected to it, and the catalogue is on sale
 * under Stripe ids of the lookup keys; each finds it answering at once.
 */
export function fakeStripe(): FakeStripe {
  const fake: FakeStripe = { world: new Map(), beforeAnswer: () => undefined };
  const server: Server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    // What is true when the question comes; the answer may be slow.
    const body = JSON.stringify(answer(fake, request.method ?? "GET", url));
    await fake.beforeAnswer(url.pathname);
    response.setHeader("content-type", "application/json");
    response.end(body);
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    connectStripe({ url: `http://127.0.0.1:${port}`, secretKey: "sk_test_fake", webhookSecret: secret });
    await seedPrices();
    for (const { id, lookupKey } of await db().select().from(prices)) await sync(id, lookupKey);
  });
  beforeEach(() => {
    fake.beforeAnswer = () => undefined;
  });
  afterAll(async () => {
    await announced();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await stopLedger();
  });
  return fake;
}

async function sync(id: Id<"price">, lookupKey: string): Promise<void> {
  await db().update(prices).set({ stripePriceId: lookupKey }).where(eq(prices.id, id));
}

function answer({ world }: FakeStripe, method: string, url: URL): unknown {
  const customer = url.searchParams.get("customer") ?? url.pathname.split("/").at(-1) ?? "";
  const here = world.get(customer) ?? emptyWorld();
  const id = url.pathname.split("/").at(-1);
  const list = (data: Fields[]) => ({ object: "list", data, has_more: false, url: url.pathname });
  if (url.pathname.startsWith("/v1/customers/")) {
    return { id: customer, object: "customer", invoice_settings: { default_payment_method: here.card } };
  }
  if (url.pathname === "/v1/payment_methods") return list([]);
  if (url.pathname === "/v1/subscriptions") return list(here.subscriptions);
  if (url.pathname === "/v1/invoices") return list(here.invoices);
  if (url.pathname === "/v1/charges") return list(here.charges);
  const subscription = [...world.values()].flatMap((one) => one.subscriptions).find((one) => one.id === id);
  if (subscription && method === "DELETE") {
    Object.assign(subscription, { status: "canceled", ended_at: Math.floor(Date.now() / 1000) });
  }
  if (subscription) return subscription;
  const invoice = [...world.values()].flatMap((one) => one.invoices).find((one) => one.id === id);
  if (invoice) return invoice;
  if (url.pathname === "/v1/refunds") return method === "POST" ? { id: "re_1", object: "refund" } : list([]);
  const charge = url.searchParams.get("charge");
  const disputes = [...world.values()].flatMap((one) => one.disputes);
  return list(disputes.filter((dispute) => dispute.charge === charge));
}

export type Customer = Awaited<ReturnType<typeof aCustomer>>;

/** Somebody who is a customer of Stripe's. */
export async function aCustomer(fake: FakeStripe) {
  const userId = newId("user");
  const accountId = newId("account");
  const stripeId = `cus_${accountId.slice(-12)}`;
  await db()
    .insert(users)
    .values({ id: userId, name: "Ada", email: `${userId}@example.com` });
  await db().insert(accounts).values({ id: accountId, ownerType: "user", ownerId: userId });
  await db().insert(customers).values({ accountId, stripeId });
  const world = emptyWorld();
  fake.world.set(stripeId, world);
  return { accountId, stripeId, world };
}

export function aCard(fingerprint: string, id = `pm_${fingerprint}`): Fields {
  const card = { brand: "visa", last4: "4242", exp_month: 12, exp_year: 2030, fingerprint };
  return { id, object: "payment_method", card };
}

const seconds = (at: Date) => Math.floor(at.getTime() / 1000);

export function aSubscription(id: string, price: string, given: Fields & { start: Date; end: Date }): Fields {
  const { start, end, ...rest } = given;
  return {
    ...{ id, object: "subscription", status: "active", created: seconds(start), schedule: null },
    ...{ cancel_at: null, cancel_at_period_end: false, ended_at: null, pending_update: null },
    ...{ trial_start: null, trial_end: null, default_payment_method: null },
    items: {
      data: [
        {
          ...{ id: `si_${id}`, price: { id: price } },
          ...{ current_period_start: seconds(start), current_period_end: seconds(end) },
        },
      ],
    },
    ...rest,
  };
}

export type LineGiven = {
  id: string;
  price: string;
  cents: number;
  start: Date;
  end: Date;
  proration?: boolean;
  currency?: string;
};

export function anInvoice(
  id: string,
  lines: readonly LineGiven[],
  given: { at: Date; subscription?: string; status?: string; currency?: string; metadata?: Fields },
): Fields {
  const { at, subscription, status = "paid", currency = "usd", metadata = {} } = given;
  const total = lines.reduce((sum, { cents }) => sum + cents, 0);
  return {
    ...{ id, object: "invoice", status, currency, total, metadata, created: seconds(at), number: id },
    ...{ attempted: true, hosted_invoice_url: `https://pay/${id}`, invoice_pdf: `https://pdf/${id}` },
    status_transitions: { paid_at: status === "paid" ? seconds(at) : null },
    parent: subscription ? { subscription_details: { subscription } } : null,
    payments: { data: [{ payment: { type: "payment_intent", payment_intent: `pi_${id}` } }] },
    lines: {
      has_more: false,
      data: lines.map((line) => ({
        ...{ id: line.id, amount: line.cents, currency: line.currency ?? currency, quantity: 1 },
        ...{ description: line.price, period: { start: seconds(line.start), end: seconds(line.end) } },
        pricing: { price_details: { price: line.price } },
        parent: { subscription_item_details: { proration: line.proration ?? false } },
      })),
    },
  };
}

export function aCharge(invoice: string, cents: number, given: Fields = {}): Fields {
  return {
    ...{ id: `ch_${invoice}`, object: "charge", amount: cents, amount_refunded: 0, disputed: false },
    ...{ payment_intent: `pi_${invoice}`, ...given },
  };
}

let events = 0;

/** A signed delivery, as Stripe sends it. */
export function aDelivery(type: string, object: Fields, given: { id?: string; signedAt?: number } = {}) {
  const id = given.id ?? `evt_${++events}`;
  const created = Math.floor(Date.now() / 1000);
  const body = JSON.stringify({
    ...{ id, object: "event", type, created, livemode: false, api_version: Stripe.API_VERSION },
    data: { object },
  });
  const signature = Stripe.webhooks.generateTestHeaderString({
    ...{ payload: body, secret, ...(given.signedAt && { timestamp: given.signedAt }) },
  });
  return { id, body, signature };
}

const day = 86_400_000;
/** Whole seconds, as Stripe's times are. */
export const now = new Date(Math.floor(Date.now() / 1000) * 1000);
export const inDays = (days: number) => new Date(now.getTime() + days * day);
/** What is paid for at present. */
export const month = { start: inDays(-10), end: inDays(20) };

/** Whom an event is about; the rest of it nobody believes. */
export const about = ({ stripeId }: Customer, id = "in_1") => ({ object: "invoice", id, customer: stripeId });

/** Pays for Pro, monthly. */
export function subscribe({ world, stripeId }: Customer, name = stripeId) {
  const line = { id: `il_${name}`, price: "plan:pro:month:usd", cents: 1_200, ...month };
  world.subscriptions.push(aSubscription(`sub_${name}`, line.price, month));
  world.invoices.push(anInvoice(`in_${name}`, [line], { at: month.start, subscription: `sub_${name}` }));
}

export function buyPack({ world, stripeId }: Customer, status = "paid") {
  const line = { id: `ilp_${stripeId}`, price: "pack:small:usd", cents: 900, start: now, end: now };
  world.invoices.push(anInvoice(`inp_${stripeId}`, [line], { at: now, status }));
}

/** From Pro to Premium, half a month later. */
export function upgradeInMidst({ world, stripeId: name }: Customer): void {
  const rest = { start: inDays(5), end: month.end };
  const half = { start: inDays(-10), end: month.end };
  const lines = [
    { id: `ila_${name}`, price: "plan:pro:month:usd", cents: -600, ...rest, proration: true },
    { id: `ilb_${name}`, price: "plan:premium:month:usd", cents: 1_950, ...half, proration: true },
  ];
  world.subscriptions = [aSubscription(`sub_${name}`, "plan:premium:month:usd", month)];
  world.invoices.unshift(anInvoice(`inu_${name}`, lines, { at: now, subscription: `sub_${name}` }));
}
