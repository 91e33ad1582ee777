import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { expireOverdueHolds, grant, reconcile, stopLedger } from "#ledger";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { testDatabase } from "#test";
import { api } from "./app";
import { aKey, anOwner, aUser, type TestKey, type TestUser } from "./test-caller";

testDatabase();

let owner: TestUser;
let ada: TestUser;
let service: TestKey;

beforeAll(async () => {
  owner = await anOwner();
  ada = await aCustomer("ada");
  service = await aKey(owner);
  return stopLedger;
});

async function aCustomer(name: string, credits = 1_000n): Promise<TestUser> {
  const user = await aUser(name);
  const { accountId } = user.session;
  await grant({ accountId, key: "w", credits, source: "pack", expiresAt: null, cause: "pack" });
  return user;
}

type Sent = {
  key?: TestKey | null;
  customer?: TestUser | string | null;
  idempotencyKey?: string | null;
  headers?: Record<string, string>;
};

function post(path: string, body: unknown, sent: Sent = {}): Promise<Response> {
  const { key = service, customer = ada, idempotencyKey = newId("request"), headers } = sent;
  return Promise.resolve(
    api.request(`/api/v1${path}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...key?.headers,
        ...(idempotencyKey && { "idempotency-key": idempotencyKey }),
        ...(customer && {
          "toolmint-account": typeof customer === "string" ? customer : customer.session.accountId,
        }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }),
  );
}

function get(path: string, { key = service, customer = ada }: Sent = {}): Promise<Response> {
  const account = typeof customer === "string" ? customer : customer?.session.accountId;
  const headers = { ...key?.headers, ...(account && { "toolmint-account": account }) };
  return Promise.resolve(api.request(`/api/v1${path}`, { headers }));
}

const four = { credits: 4, tool: "upscaler", reference: "job-1" };

async function aHeld(credits = 10): Promise<{ holdId: string }> {
  const answer = await post("/holds", { credits, tool: "upscaler" });
  expect(answer.status).toBe(201);
  return await answer.json();
}

describe("a charge", () => {
  it("takes a customer's credits and says what is left", async () => {
    const bob = await aCustomer("bob", 10n);
    const answer = await post("/charges", four, { customer: bob });
    expect(answer.status).toBe(201);
    expect(await answer.json()).toEqual({
      account: bob.session.accountId,
      credits: 4,
      available: 6,
      held: 0,
      repeated: false,
    });
    const { data } = await (await get(`/entries?key=${service.id}`, { customer: bob })).json();
    expect(data).toMatchObject([
      { credits: -4, cause: "tool:upscaler", reference: { type: "charge", id: "job-1" }, key: service.id },
    ]);
    expect(await (await get("/balance", { customer: bob })).json()).toMatchObject({ available: 6 });
  });

  it("with the same key answers as the first time, also by another API key; otherwise it conflicts", async () => {
    const idempotencyKey = "order-1";
    const first = await (await post("/charges", four, { idempotencyKey })).json();
    const again = await post("/charges", four, { idempotencyKey, key: await aKey(owner) });
    expect(again.status).toBe(200);
    expect(await again.json()).toEqual({ ...first, repeated: true });
    const other = await post("/charges", { ...four, credits: 5 }, { idempotencyKey });
    expect(other.status).toBe(409);
    expect(await other.json()).toMatchObject({ code: "idempotency_conflict" });
  });

  it("of more than there is takes nothing and says need, have, whose limit and where to get more", async () => {
    const poor = await aCustomer("poor", 3n);
    const answer = await post("/charges", four, { customer: poor });
    expect(answer.status).toBe(402);
    expect(await answer.json()).toMatchObject({
      ...{ code: "insufficient_credits", need: 4, have: 3, short: 1, limitOf: "account" },
      topUpUrl: "http://localhost:3000/pricing",
    });
  });

  it.each([
    ["half a credit", { ...four, credits: 0.5 }, "credits", "It must be a whole number."],
    ["nothing", { ...four, credits: 0 }, "credits", "It must be at least 1."],
    ["an amount in words", { ...four, credits: "4" }, "credits", "It must be a number."],
    ["no tool", { credits: 4 }, "tool", "It is missing."],
    [
      "a field that does not exist",
      { ...four, price: 4 },
      "price",
      "Nobody knows a field of this name: price.",
    ],
  ])("with %s is refused at the field, in words", async (_, body, path, message) => {
    const answer = await post("/charges", body);
    expect(answer.status).toBe(422);
    expect((await answer.json()).errors).toEqual([{ path, message }]);
  });

  it("needs an Idempotency-Key", async () => {
    const answer = await post("/charges", four, { idempotencyKey: null });
    expect(answer.status).toBe(422);
    const [{ path, message }] = (await answer.json()).errors;
    expect([path.toLowerCase(), message]).toEqual(["idempotency-key", "It is missing."]);
  });
});

describe("a hold", () => {
  it("is captured once, with the rest given back", async () => {
    const bob = await aCustomer("bob", 10n);
    const placed = await post("/holds", { credits: 8, tool: "upscaler" }, { customer: bob });
    expect(placed.status).toBe(201);
    const { holdId, expiresAt, ...money } = await placed.json();
    expect(money).toMatchObject({ credits: 8, available: 2, held: 8 });
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now());
    const captured = await post(`/holds/${holdId}/capture`, { credits: 3 }, { customer: bob });
    expect(captured.status).toBe(200);
    expect(await captured.json()).toMatchObject({ holdId, credits: 3, available: 7, held: 0 });
    const { data } = await (await get("/entries?kind=consumed", { customer: bob })).json();
    expect(data).toMatchObject([{ credits: -3, cause: "tool:upscaler", key: service.id }]);
    const late = await post(`/holds/${holdId}/capture`, { credits: 3 }, { customer: bob });
    expect(late.status).toBe(409);
    expect(await late.json()).toMatchObject({ code: "hold_closed", status: 409 });
  });

  it("is released whole", async () => {
    const { holdId } = await aHeld();
    const before = await (await get("/balance")).json();
    const released = await post(`/holds/${holdId}/release`, undefined);
    expect(released.status).toBe(200);
    const after = await released.json();
    expect(after.available).toBe(before.available + 10);
  });

  it("that expires is shown to its customer: given back, and nothing charged", async () => {
    const cleo = await aCustomer("cleo", 10n);
    const sent = { customer: cleo };
    const placed = await post("/holds", { credits: 8, tool: "upscaler", expiresInSeconds: 60 }, sent);
    const { holdId } = await placed.json();
    const holds = async (query = "") => {
      const answer = await api.request(`/api/v1/holds${query}`, { headers: cleo.headers });
      return (await answer.json()).data;
    };
    const shown = { holdId, credits: 8, cause: "tool:upscaler" };
    expect(await holds()).toMatchObject([{ ...shown, status: "open", endedAt: null }]);
    expect(await holds("?status=expired")).toEqual([]);
    await db().execute(sql`update money_clock set shift = interval '61 s'`);
    await expireOverdueHolds();
    await db().execute(sql`update money_clock set shift = interval '0'`);
    expect(await holds()).toEqual([]);
    const [expired] = await holds("?status=expired");
    expect(expired).toMatchObject({ ...shown, status: "expired" });
    expect(expired.endedAt >= expired.expiresAt).toBe(true);
    expect(await (await get("/balance", sent)).json()).toMatchObject({ available: 10, held: 0 });
  });

  it("moves its deadline on, never back", async () => {
    const { holdId } = await aHeld();
    const on = await (await post(`/holds/${holdId}/extend`, { expiresInSeconds: 3_600 })).json();
    const back = await (await post(`/holds/${holdId}/extend`, { expiresInSeconds: 1 })).json();
    expect(back.expiresAt).toBe(on.expiresAt);
  });

  it("is not captured beyond what it holds", async () => {
    const { holdId } = await aHeld();
    const answer = await post(`/holds/${holdId}/capture`, { credits: 11 });
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ code: "hold_exceeded" });
  });

  it("of another key, another customer or nobody is not found", async () => {
    const { holdId } = await aHeld();
    const eve = await aCustomer("eve");
    const asked = [
      post(`/holds/${holdId}/capture`, { credits: 1 }, { key: await aKey(owner) }),
      post(`/holds/${holdId}/release`, undefined, { key: await aKey(owner) }),
      post(`/holds/${holdId}/extend`, { expiresInSeconds: 60 }, { key: await aKey(owner) }),
      post(`/holds/${holdId}/capture`, { credits: 1 }, { customer: eve }),
      post(`/holds/${newId("hold")}/capture`, { credits: 1 }),
    ];
    for (const answer of await Promise.all(asked)) expect(answer.status).toBe(404);
  });
});

const writes = [
  { path: "/charges", body: four },
  { path: "/holds", body: { credits: 4, tool: "upscaler" } },
  { path: `/holds/${newId("hold")}/capture`, body: { credits: 1 } },
  { path: `/holds/${newId("hold")}/release`, body: undefined },
  { path: `/holds/${newId("hold")}/extend`, body: { expiresInSeconds: 60 } },
];

describe.each(writes)("POST $path", ({ path, body }) => {
  it("is for service keys that may charge: nobody 401, a session 403, others 403", async () => {
    expect((await post(path, body, { key: null })).status).toBe(401);
    const stranger = { headers: { authorization: `Bearer tm_test_${"0".repeat(50)}` } };
    expect(await (await post(path, body, { key: null, ...stranger })).json()).toMatchObject({
      ...{ status: 401, code: "key_invalid" },
    });
    expect((await post(path, body, { key: null, headers: ada.headers })).status).toBe(403);
    const reader = await aKey(owner, { scopes: ["credits.read"] });
    expect(await (await post(path, body, { key: reader })).json()).toMatchObject({
      ...{ status: 403, code: "scope_missing", scope: "charges.write" },
    });
    const own = await aKey(ada, { kind: "own" });
    expect((await post(path, body, { key: own })).status).toBe(403);
  });

  it("needs a customer who is there", async () => {
    const nameless = await post(path, body, { customer: null });
    expect(nameless.status).toBe(422);
    expect((await nameless.json()).errors[0].path).toBe("Toolmint-Account");
    for (const customer of [newId("account"), "nobody", "acct_x"]) {
      expect((await post(path, body, { customer })).status).toBe(404);
    }
  });
});

describe("a hard cap", () => {
  it("lets exactly so many through, of a crowd, over several customers", async () => {
    const customers = [ada, await aCustomer("bea"), await aCustomer("cy")];
    const capped = await aKey(owner, { cap: 50n });
    const asked = Array.from({ length: 100 }, (_, index) =>
      post("/charges", { credits: 1, tool: "t" }, { key: capped, customer: customers[index % 3] ?? ada }),
    );
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(50);
    expect(statuses.filter((status) => status === 402)).toHaveLength(50);
    const refused = await post("/charges", { credits: 1, tool: "t" }, { key: capped });
    expect(await refused.json()).toMatchObject({
      ...{ need: 1, have: 0, limitOf: "key", topUpUrl: "http://localhost:3000/keys" },
    });
    const sums = await Promise.all(
      customers.map(async (customer) => (await get(`/entries/sum?key=${capped.id}`, { customer })).json()),
    );
    expect(sums.reduce((sum, { consumed }) => sum + consumed, 0)).toBe(-50);
    expect(await reconcile(db())).toEqual([]);
  });

  it("counts what is held, and gives back what was not used", async () => {
    const capped = await aKey(owner, { cap: 10n });
    const { holdId } = await (await post("/holds", { credits: 8, tool: "t" }, { key: capped })).json();
    expect((await post("/charges", { credits: 3, tool: "t" }, { key: capped })).status).toBe(402);
    await post(`/holds/${holdId}/capture`, { credits: 5 }, { key: capped });
    expect((await post("/charges", { credits: 5, tool: "t" }, { key: capped })).status).toBe(201);
    expect((await post("/charges", { credits: 1, tool: "t" }, { key: capped })).status).toBe(402);
    expect(await reconcile(db())).toEqual([]);
  });

  it("is refused by the database itself", async () => {
    const capped = await aKey(owner, { cap: 10n });
    const pushed = db().execute(sql`update key_budgets set spent = 11 where api_key_id = ${capped.id}`);
    await expect(pushed).rejects.toMatchObject({ cause: { constraint: "key_budgets_cap" } });
  });
});

describe("a request with a key", () => {
  it("ignores cookies: the origin rule does not concern it, the session is not read", async () => {
    const headers = { cookie: ada.headers.cookie ?? "", origin: "https://elsewhere.example" };
    expect((await post("/charges", four, { headers })).status).toBe(201);
    const me = await api.request("/api/v1/me", { headers: { ...service.headers, ...ada.headers } });
    expect(me.status).toBe(403);
  });

  it("may come from other sites' pages, one with a cookie may not", async () => {
    const preflight = (names: string) =>
      api.request("/api/v1/charges", {
        method: "OPTIONS",
        headers: {
          origin: "https://elsewhere.example",
          "access-control-request-method": "POST",
          "access-control-request-headers": names,
        },
      });
    const allowed = await preflight("authorization,content-type,idempotency-key");
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get("access-control-allow-origin")).toBe("*");
    expect(allowed.headers.get("access-control-allow-credentials")).toBeNull();
    const refused = await preflight("content-type");
    expect(refused.headers.get("access-control-allow-origin")).toBeNull();
    const charged = await post("/charges", four);
    expect(charged.headers.get("access-control-allow-origin")).toBe("*");
    const session = await api.request("/api/v1/balance", { headers: ada.headers });
    expect(session.headers.get("access-control-allow-origin")).toBeNull();
  });

  it("is told its limit, counted in memory", async () => {
    const answer = await post("/charges", four);
    expect(Number(answer.headers.get("ratelimit-remaining"))).toBeLessThan(
      Number(answer.headers.get("ratelimit-limit")),
    );
    const { rows } = await db().execute(sql`select 1 from rate_limits where key like ${`%${service.id}%`}`);
    expect(rows).toEqual([]);
  });
});
