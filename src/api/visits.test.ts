import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { asc, eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { flushEvents, tasks as insightTasks, startCollecting, trackPayment } from "#insight";
import { stopLedger } from "#ledger";
import { announced } from "#platform/changes";
import { config } from "#platform/config";
import { newId } from "#platform/id";
import { analyticsChoices, productEvents, signUpSources, users, visitorSalts } from "#schema";
import { runJobs, skipPauses, testDatabase, testFolder } from "#test";
import { api } from "./app";
import { aUser, origin, type TestUser } from "./test-caller";
import { begun, fund, start, work } from "./test-tools";

const { db } = testDatabase();
testFolder();
let stop: () => Promise<void>;

const agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const browser = { "user-agent": agent, origin };

beforeAll(() => {
  stop = startCollecting();
});
beforeEach(async () => {
  await flushEvents();
  await db().execute(sql`truncate product_events`);
});
afterAll(async () => {
  await stop();
  await announced();
  await stopLedger();
});

async function view(path: string, headers: Record<string, string> = {}, more: object = {}) {
  const answer = await api.request("/api/visits", {
    method: "POST",
    headers: { "content-type": "application/json", ...browser, ...headers },
    body: JSON.stringify({ name: "page_viewed", path, ...more }),
  });
  expect(answer.status).toBe(204);
}

async function events() {
  await flushEvents();
  return db().select().from(productEvents).orderBy(asc(productEvents.id));
}

describe("a page view", () => {
  it("is kept with its source and a mark of the day, and with no cookie, address or id", async () => {
    await view("/tools/image-convert", {}, { referrer: "https://example.org/a", search: "?utm_source=ads" });
    await view("/runs/run_01kaqtwsvf3h5m8w9z0x1c2v3b");
    const [first, second] = await events();
    expect(first).toMatchObject({
      name: "page_viewed",
      path: "/tools/image-convert",
      referrer: "example.org",
      utmSource: "ads",
      userId: null,
      country: null,
    });
    expect(first?.visitor).toMatch(/^[\w-]{16}$/);
    expect(second).toMatchObject({ path: "/runs/[id]", visitor: first?.visitor });
    expect(JSON.stringify([first?.properties, second?.properties])).toBe("[{},{}]");
  });

  it("of another browser, or of another day, is another visitor", async () => {
    await view("/");
    await view("/", { "user-agent": `${agent} other` });
    const today = await events();
    expect(new Set(today.map(({ visitor }) => visitor)).size).toBe(2);
    expect(await db().$count(visitorSalts)).toBe(1);
  });

  it("is not kept for who asks not to be tracked, for staff, for programs, nor of the back office", async () => {
    const boss = await aUser("boss");
    await db().update(users).set({ role: "support" }).where(eq(users.id, boss.session.user.id));
    await view("/", { dnt: "1" });
    await view("/", { "sec-gpc": "1" });
    await view("/", boss.headers);
    await view("/", { "user-agent": "Mozilla/5.0 (compatible; bingbot/2.0)" });
    await view("/", { "sec-purpose": "prefetch" });
    await view("/admin/customers");
    expect(await events()).toEqual([]);
  });

  it("that says nonsense is answered and dropped", async () => {
    const answer = await api.request("/api/visits", { method: "POST", headers: browser, body: "{" });
    expect(answer.status).toBe(204);
    await view("/", {}, { name: "password_typed" });
    expect(await events()).toEqual([]);
    const choice = { method: "POST", headers: browser, body: "{" };
    expect((await api.request("/api/visits/choice", choice)).status).toBe(400);
  });

  it("with what no database keeps loses that, and takes no other view with it", async () => {
    await view("/pricing");
    await view(`/a\0b/${"x".repeat(59)}😀`, {}, { search: "?utm_source=%00ads" });
    expect((await events()).map(({ path, utmSource }) => [path, utmSource])).toEqual([
      ["/pricing", null],
      [`/ab/${"x".repeat(59)}`, "ads"],
    ]);
  });

  it("told by another site's page is refused, cookie or none", async () => {
    const body = JSON.stringify({ name: "page_viewed", path: "/", granted: true });
    for (const path of ["/api/visits", "/api/visits/choice"]) {
      const headers = { "user-agent": agent, origin: "https://evil.example" };
      expect((await api.request(path, { method: "POST", headers, body })).status).toBe(403);
    }
    expect(await events()).toEqual([]);
  });
});

async function signUp(headers: Record<string, string> = {}): Promise<string> {
  const email = `${newId("user").slice(-8)}@example.com`;
  const answer = await api.request(`${origin}/api/auth/sign-up/email`, {
    method: "POST",
    headers: { "content-type": "application/json", ...browser, ...headers },
    body: JSON.stringify({ name: "Eve", email, password: "correct horse battery" }),
  });
  expect(answer.status).toBe(200);
  await flushEvents();
  const [user] = await db().select().from(users).where(eq(users.email, email));
  return user?.id ?? "";
}

async function sourceOf(userId: string) {
  const [row] = await db().select().from(signUpSources).where(sql`${signUpSources.userId} = ${userId}`);
  return row;
}

describe("a sign-up", () => {
  it("keeps where its browser came from that day", async () => {
    const mine = { "user-agent": `${agent} mine` };
    await view("/pricing", mine, { referrer: "https://www.producthunt.com/posts/1" });
    await view("/sign-up", mine);
    const source = await sourceOf(await signUp(mine));
    expect(source).toMatchObject({
      source: "producthunt.com",
      referrer: "producthunt.com",
      landingPath: "/pricing",
    });
  });

  it("by a customer's link is a referral, without a trace it is direct, and unknown for who opts out", async () => {
    const referred = await signUp({ "user-agent": `${agent} r`, cookie: "toolmint.referral=abcdefghij" });
    expect(await sourceOf(referred)).toMatchObject({ source: "referral" });
    const direct = await signUp({ "user-agent": `${agent} d` });
    expect(await sourceOf(direct)).toMatchObject({ source: "direct", landingPath: null });
    const silent = await signUp({ "user-agent": `${agent} s`, "sec-gpc": "1" });
    expect(await sourceOf(silent)).toBeUndefined();
  });
});

/** A person at a browser, with credits. */
async function aCustomer(name: string, credits: bigint) {
  const user = await aUser(name);
  if (credits > 0n) await fund(user, credits);
  return { ...user, headers: { ...browser, cookie: user.headers.cookie ?? "", origin } };
}

describe("what a customer does", () => {
  it("is counted: runs and how they end, the first that succeeds, features, and credits that fail", async () => {
    const ada = await aCustomer("ada", 7n);
    for (const behave of ["fail", "well"]) {
      await work(await begun(ada, { input: { text: "x", price: 3, behave } }));
    }
    await work(await begun(ada, { input: { text: "x", price: 3 } }));
    for (let i = 0; i < 2; i += 1) expect((await start(ada)).status).toBe(402);
    await api.request("/api/v1/runs.csv", { headers: ada.headers });
    const kept = await events();
    expect(kept.every(({ userId }) => userId === ada.session.user.id)).toBe(true);
    const told = kept.map(({ name, properties }) => ({ name, properties }));
    expect(told).toHaveLength(9);
    const finished = (status: string, credits: number) => ({
      name: "run_finished",
      properties: expect.objectContaining({ tool: "test-echo", status, credits }),
    });
    expect(told).toEqual(
      expect.arrayContaining([
        { name: "run_started", properties: { tool: "test-echo", credits: 3 } },
        finished("failed", 0),
        finished("succeeded", 3),
        { name: "first_run", properties: { tool: "test-echo" } },
        { name: "out_of_credits", properties: {} },
        { name: "feature_used", properties: { feature: "runs_exported" } },
      ]),
    );
    await work(await begun(ada, { input: { text: "x", price: 1 } }));
    expect((await events()).filter(({ name }) => name === "first_run")).toHaveLength(1);
  });

  it("is not counted once their browser has asked not to be tracked, also while none is there", async () => {
    const shy = await aCustomer("shy", 5n);
    const run = await begun({ ...shy, headers: { ...shy.headers, "sec-gpc": "1" } });
    await work(run);
    expect(await events()).toEqual([]);
    expect(await choiceOf(shy)).toMatchObject({ choice: "opted_out" });
    await view("/dashboard", shy.headers);
    expect(await events()).toMatchObject([{ name: "page_viewed", userId: shy.session.user.id }]);
    expect(await choiceOf(shy)).toBeUndefined();
  });
});

async function choiceOf({ session }: TestUser) {
  const [row] = await db()
    .select()
    .from(analyticsChoices)
    .where(eq(analyticsChoices.userId, session.user.id));
  return row;
}

type Heard = { url: string; body: Record<string, unknown> };

/** A service that takes events, and answers as it is told. */
async function aService(): Promise<{ url: string; heard: Heard[]; answer: (status: number) => void }> {
  const heard: Heard[] = [];
  let status = 200;
  const server = createServer(async (request, response) => {
    heard.push({ url: request.url ?? "", body: JSON.parse(await text(request)) });
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    heard,
    answer: (next) => {
      status = next;
    },
  };
}

function connect(url: string): void {
  const before = { ...config() };
  Object.assign(config(), {
    ...{ POSTHOG_KEY: "phc_test", POSTHOG_HOST: url },
    ...{ GA_MEASUREMENT_ID: "G-TEST", GA_API_SECRET: "shh", GA_HOST: url },
  });
  onTestFinished(() => {
    Object.assign(config(), {
      ...before,
      ...{ POSTHOG_KEY: before.POSTHOG_KEY, GA_MEASUREMENT_ID: before.GA_MEASUREMENT_ID },
    });
  });
}

async function choose(granted: boolean): Promise<string> {
  const answer = await api.request("/api/visits/choice", {
    method: "POST",
    headers: { "content-type": "application/json", ...browser },
    body: JSON.stringify({ granted }),
  });
  expect(answer.status).toBe(204);
  return answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

const forwarding = () => runJobs({ "insight.forward": insightTasks.system?.["insight.forward"] });

describe("PostHog and Google Analytics", () => {
  it("hear nothing without keys, whatever a browser has consented to", async () => {
    const { heard } = await aService();
    await view("/", { cookie: await choose(true) });
    await flushEvents();
    await forwarding();
    expect(heard).toEqual([]);
  });

  it("hear of those who consented, and of nobody else", async () => {
    const { url, heard } = await aService();
    connect(url);
    const yes = await choose(true);
    await view("/pricing", { cookie: yes }, { search: "?utm_source=ads" });
    await view("/tools", { cookie: await choose(false) });
    await view("/docs");
    await flushEvents();
    await forwarding();
    const clientId = yes.replace("toolmint.analytics=yes.", "");
    const posthog = heard.find((one) => one.url === "/batch/");
    expect(posthog?.body).toMatchObject({
      api_key: "phc_test",
      batch: [{ event: "$pageview", distinct_id: clientId, properties: { utm_source: "ads" } }],
    });
    const google = heard.find((one) => one.url.startsWith("/mp/collect?"));
    expect(google?.url).toBe("/mp/collect?measurement_id=G-TEST&api_secret=shh");
    expect(google?.body).toMatchObject({
      client_id: clientId,
      events: [{ name: "page_view", params: { page_location: `${origin}/pricing`, source: "ads" } }],
    });
    expect(heard).toHaveLength(2);
    expect(await events()).toHaveLength(3);
  });

  it("hear of a customer's payment when no browser is there, and again when they did not take it", async () => {
    const { url, heard, answer } = await aService();
    connect(url);
    const bea = await aCustomer("bea", 0n);
    await view("/billing", { ...bea.headers, cookie: `${bea.headers.cookie}; ${await choose(true)}` });
    await flushEvents();
    await forwarding();
    heard.length = 0;
    answer(503);
    const { accountId } = bea.session;
    trackPayment({ accountId }, { invoice: "in_1", amountCents: 1900, currency: "usd", reason: "pack" });
    await flushEvents();
    await forwarding();
    expect(heard).toHaveLength(2);
    answer(200);
    await skipPauses();
    await forwarding();
    const google = heard.filter((one) => one.url.startsWith("/mp/collect?"));
    expect(google).toHaveLength(2);
    expect(google[1]?.body).toMatchObject({
      user_id: bea.session.user.id,
      events: [{ name: "purchase", params: { value: 19, currency: "USD", transaction_id: "in_1" } }],
    });
    const [first, second] = heard.filter((one) => one.url === "/batch/").map(({ body }) => body);
    expect(second).toEqual(first);
    await skipPauses();
    await forwarding();
    expect(heard).toHaveLength(4);
  });
});

it("events that are older than they are kept are deleted, and the secrets of past days", async () => {
  await view("/");
  await flushEvents();
  const old = await db().execute(sql`
    insert into product_events (name, occurred_at) select 'page_viewed', now() - interval '761 days'
    from generate_series(1, 3)`);
  expect(old.rowCount).toBe(3);
  await db().execute(sql`insert into visitor_salts values (current_date - 3, 'x')`);
  await db().execute(sql`select graphile_worker.add_job('insight.forget-events', '{}')`);
  await runJobs({ "insight.forget-events": insightTasks.system?.["insight.forget-events"] });
  expect(await events()).toHaveLength(1);
  expect(await db().$count(visitorSalts)).toBe(1);
});
