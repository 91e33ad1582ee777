import Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectStripe, syncCatalogue } from "#billing";
import { stopLedger } from "#ledger";
import { announced } from "#platform/changes";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { type StripeSandbox, startStripeSandbox } from "#sandbox/stripe";
import { checkouts, customers, freeRefills, invoices, prices } from "#schema";
import { testDatabase } from "#test";
import { api } from "./app";
import { aKey, aUser, type TestUser } from "./test-caller";

testDatabase();

let sandbox: StripeSandbox;
let ada: TestUser;
let eve: TestUser;
const webhookSecret = "whsec_test";

beforeAll(async () => {
  sandbox = await startStripeSandbox();
  connectStripe({ url: sandbox.url, secretKey: sandbox.secretKey, webhookSecret });
  ada = await aUser("ada");
  eve = await aUser("eve");
});
afterAll(async () => {
  await announced();
  await stopLedger();
  await sandbox.stop();
});

type Headers = Record<string, string>;

async function ask(method: string, path: string, body?: unknown, headers: Headers = ada.headers) {
  const answer = await api.request(`/api/v1${path}`, {
    method,
    headers: { ...headers, "content-type": "application/json", "idempotency-key": newId("request") },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, json: await answer.json() };
}

describe("the catalogue in Stripe", () => {
  it("is made once, by lookup key", async () => {
    const first = await syncCatalogue();
    expect(first.created.length).toBeGreaterThan(40);
    expect(first.created).toContain("plan:pro:year:jpy");
    expect(await syncCatalogue()).toMatchObject({ replaced: [], created: [], kept: first.created.length });
    const { hostname: host, port } = new URL(sandbox.url);
    const stripe = new Stripe(sandbox.secretKey, { protocol: "http", host, port });
    const { data } = await stripe.prices.list({ lookup_keys: ["plan:pro:month:usd"] });
    expect(data).toMatchObject([{ unit_amount: 1_200, currency: "usd", recurring: { interval: "month" } }]);
  });
});

describe("GET /billing", () => {
  it("says what Free allows, and that a trial can be had", async () => {
    const { status, json } = await ask("GET", "/billing");
    expect(status).toBe(200);
    expect(json).toMatchObject({
      ...{ sells: true, subscription: null, pendingChange: null, nextCharge: null, card: null, next: [] },
      plan: { id: "free" },
      trial: { state: "available", planId: "pro", days: 7 },
      topUp: { enabled: false, paused: null, spentThisMonthCents: 0 },
    });
  });

  it("says when Free's credits come next and how many, and that nothing is charged for them", async () => {
    const nextAt = new Date("2027-01-31T09:30:00.000Z");
    await db().insert(freeRefills).values({ accountId: ada.session.accountId, anchor: nextAt, nextAt });
    const { json } = await ask("GET", "/billing");
    expect(json.next).toEqual([
      {
        ...{ kind: "refill", at: nextAt.toISOString(), planId: "free", credits: 50 },
        ...{ amountCents: null, currency: null },
      },
    ]);
  });

  it.each([
    ["GET", "/billing"],
    ["GET", "/billing/invoices"],
    ["POST", "/billing/cancel"],
    ["POST", "/billing/resume"],
  ])("%s %s is for whoever is signed in: 401 for nobody, 403 for a key", async (method, path) => {
    const { headers } = await aKey(ada, { kind: "own" });
    expect((await ask(method, path, undefined, {})).status).toBe(401);
    expect((await ask(method, path, undefined, headers)).status).toBe(403);
  });
});

describe("without a subscription", () => {
  const change = { planId: "premium", interval: "month" };

  it.each([
    ["/billing/cancel", undefined],
    ["/billing/resume", undefined],
    ["/billing/plan-change", change],
    ["/billing/plan-change/preview", change],
  ])("%s answers not_subscribed", async (path, body) => {
    const { status, json } = await ask("POST", path, body);
    expect([status, json.code]).toEqual([409, "not_subscribed"]);
  });
});

describe("auto top-up", () => {
  const settings = { enabled: true, thresholdCredits: 50, packId: "small", currency: "usd" };

  it("cannot be saved without a monthly limit, nor with one below a pack's price", async () => {
    expect((await ask("PATCH", "/billing/top-up", settings)).status).toBe(422);
    const low = await ask("PATCH", "/billing/top-up", { ...settings, monthlyLimitCents: 899 });
    expect(low.json.errors).toMatchObject([{ path: "monthlyLimitCents" }]);
    expect((await ask("GET", "/billing")).json.topUp.enabled).toBe(false);
  });

  it("is turned on, changed and off", async () => {
    const on = await ask("PATCH", "/billing/top-up", { ...settings, monthlyLimitCents: 2_000 });
    expect(on.status).toBe(200);
    expect(on.json.topUp).toMatchObject({ enabled: true, thresholdCredits: 50, monthlyLimitCents: 2_000 });
    const off = await ask("PATCH", "/billing/top-up", { enabled: false });
    expect(off.json.topUp).toMatchObject({ enabled: false, monthlyLimitCents: 2_000 });
  });
});

describe("a checkout", () => {
  it("takes a path of this site to go back to, and no other address", async () => {
    for (const returnTo of ["//evil.example", "https://evil.example", "/\\evil.example", "tools"]) {
      const order = { kind: "pack", packId: "small", currency: "usd", returnTo };
      expect((await ask("POST", "/billing/checkout", order)).status).toBe(422);
    }
  });

  it("is its buyer's alone: knowing a session's id gives nobody anything", async () => {
    const { accountId } = ada.session;
    await db().insert(customers).values({ accountId }).onConflictDoNothing();
    const [price] = await db().select().from(prices).limit(1);
    await db()
      .insert(checkouts)
      .values({
        ...{ id: newId("checkout"), accountId, sessionId: "cs_test_ada", returnTo: "/tools" },
        ...{ priceId: price?.id ?? "prc_", idempotencyKey: "k", requestHash: "h", status: "expired" },
      });
    const own = await ask("GET", "/billing/checkout/cs_test_ada");
    expect(own.json).toMatchObject({ state: "expired", creditsAdded: 0, returnTo: "/tools" });
    const other = await ask("GET", "/billing/checkout/cs_test_ada", undefined, eve.headers);
    expect([other.status, other.json.code]).toEqual([404, "not_found"]);
    expect((await ask("GET", "/billing/checkout/cs_test_ada", undefined, {})).status).toBe(401);
  });
});

describe("invoices", () => {
  it("are paged newest first, and nobody else's", async () => {
    const { accountId } = ada.session;
    await db().insert(customers).values({ accountId }).onConflictDoNothing();
    const row = (index: number) => ({
      ...{ id: `in_${index}`, accountId, reason: "pack" as const, status: "open" as const },
      ...{ currency: "usd", totalCents: 900, createdAt: new Date(2026, 0, 1 + (index >> 1)) },
    });
    await db().insert(invoices).values([0, 1, 2, 3, 4].map(row));
    const first = await ask("GET", "/billing/invoices?limit=2");
    const second = await ask("GET", `/billing/invoices?limit=3&cursor=${first.json.nextCursor}`);
    const ids = [...first.json.data, ...second.json.data].map(({ id }: { id: string }) => id);
    expect(ids).toEqual(["in_4", "in_3", "in_2", "in_1", "in_0"]);
    expect(second.json.nextCursor).toBeNull();
    expect((await ask("GET", "/billing/invoices", undefined, eve.headers)).json.data).toEqual([]);
  });
});

describe("POST /api/webhooks/stripe", () => {
  const payload = JSON.stringify({
    ...{ id: "evt_1", object: "event", type: "customer.updated", created: 1_760_000_000, livemode: false },
    data: { object: { id: "cus_unknown", object: "customer" } },
  });
  const send = (body: string, headers: Headers = {}) =>
    api.request("/api/webhooks/stripe", { method: "POST", body, headers });

  it("takes a signed event once", async () => {
    const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: webhookSecret });
    const first = await send(payload, { "stripe-signature": signature });
    expect([first.status, await first.json()]).toEqual([200, { received: true, repeated: false }]);
    const second = await send(payload, { "stripe-signature": signature });
    expect(await second.json()).toEqual({ received: true, repeated: true });
  });

  it("refuses what is not signed, or was altered on the way", async () => {
    const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: webhookSecret });
    expect((await send(payload)).status).toBe(400);
    expect((await send(`${payload} `, { "stripe-signature": signature })).status).toBe(400);
    const other = Stripe.webhooks.generateTestHeaderString({ payload, secret: "whsec_other" });
    expect((await send(payload, { "stripe-signature": other })).status).toBe(400);
  });
});
