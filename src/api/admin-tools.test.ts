import { eq, inArray, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stopLedger } from "#ledger";
import { announced, stopHearing } from "#platform/changes";
import { db } from "#platform/db";
import { onHappening } from "#platform/happening";
import { newId } from "#platform/id";
import { acts, runs } from "#schema";
import { testDatabase, testFolder } from "#test";
import { listTools, simulatePrice } from "#tools";
import { api } from "./app";
import { anOwner, aUser, type TestUser } from "./test-caller";
import { balanceOf, begun, fund, read, refused, start, work } from "./test-tools";

testDatabase();
testFolder();

let owner: TestUser;
let ada: TestUser;
const reason = "for a test";

beforeAll(async () => {
  owner = await anOwner();
  ada = await aUser("ada");
  await fund(ada, 1_000n);
  await listTools();
});

afterAll(async () => {
  await announced();
  await stopHearing();
  await stopLedger();
});

async function send(method: string, path: string, body?: unknown, headers = {}) {
  const json = body !== undefined && { "content-type": "application/json" };
  return await api.request(`/api/v1/admin/tools/${path}`, {
    method,
    headers: { ...owner.headers, ...json, ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

const pages = { input: { text: "x", price: 10 } };

it("a tool that is switched off takes no new run, and says so wherever it is listed", async () => {
  const { revision } = await (await send("POST", "test-echo/switch", { enabled: false, reason })).json();
  expect(await refused(start(ada))).toEqual([403, "tool_off"]);
  expect(await read(ada, "/tools/test-echo")).toMatchObject({ enabled: false });
  const [act] = await db().select().from(acts).where(eq(acts.action, "tool.switch"));
  expect(act).toMatchObject({ reason, before: { enabled: true }, after: { enabled: false, revision } });
  expect((await send("POST", "test-echo/switch", { enabled: true, reason })).status).toBe(200);
  expect((await start(ada)).status).toBe(201);
});

it("a draft is nobody's but the office's until it is published, and then counts for all", async () => {
  const texts = { zh: { name: "回声" } };
  const kept = await send("PUT", "test-echo/draft", { rates: { run: 3 }, texts, seen: null });
  expect(kept.status).toBe(200);
  const { savedAt } = await kept.json();
  const echo = () => read(ada, "/tools/test-echo?locale=zh");
  expect(await echo()).toMatchObject({ name: "Test" });
  expect((await begun(ada, pages)).held).toBe(10);
  const seen = await (await send("POST", "test-echo/publish", { base: 99, seen: savedAt, reason })).json();
  expect(seen).toMatchObject({ status: 409, code: "tool_changed" });
  const answer = await send("POST", "test-echo/publish", { base: seen.revision, seen: savedAt, reason });
  expect(answer.status, await answer.clone().text()).toBe(200);
  expect(await echo()).toMatchObject({ name: "回声" });
  expect((await begun(ada, pages)).held).toBe(30);
  const { revision } = await answer.json();
  const back = { revision: 0, base: revision, reason };
  expect((await send("POST", "test-echo/restore", back)).status).toBe(200);
  expect((await begun(ada, pages)).held).toBe(10);
});

it("a draft that does not fit is refused by its field", async () => {
  const answer = await send("PUT", "test-picture/draft", {
    limits: { maxBytes: 2_000_000 },
    rates: { pages: 1 },
    seen: null,
  });
  expect(answer.status).toBe(422);
  expect((await answer.json()).errors).toMatchObject([{ path: "rates.pages" }, { path: "limits.maxBytes" }]);
  expect((await send("PUT", "test-picture/draft", { rates: { images: 1.5 }, seen: null })).status).toBe(422);
});

it("a test run is staff's own, by the draft, charged to nobody and counted nowhere, also while the tool is off", async () => {
  const draft = { rates: { run: 7 }, limits: { timeoutSeconds: 20 }, seen: null };
  const { savedAt } = await (await send("PUT", "test-stream/draft", draft)).json();
  await send("POST", "test-stream/switch", { enabled: false, reason });
  const input = { text: "one two three", price: 5 };
  const quote = await send("POST", "test-stream/trials/quote", { input });
  expect(await quote.json()).toMatchObject({ kind: "upTo", credits: 35 });
  const key = { "idempotency-key": newId("request") };
  const answer = await send("POST", "test-stream/trials", { input }, key);
  expect(answer.status, await answer.clone().text()).toBe(201);
  const run = await answer.json();
  const told: string[] = [];
  const stop = onHappening(({ name }) => told.push(name));
  await work(run);
  stop();
  expect(told).toEqual([]);
  const [row] = await db().select().from(runs).where(eq(runs.id, run.id));
  expect(row).toMatchObject({
    ...{ status: "succeeded", held: 0n, charged: 0n, holdId: null, units: { run: 3 } },
    ...{ accountId: owner.session.accountId, trial: { rates: { run: 7 } } },
  });
  expect(await balanceOf(owner)).toEqual([0, 0]);
  await send("POST", "test-stream/switch", { enabled: true, reason });
  expect((await send("DELETE", `test-stream/draft?seen=${savedAt}`)).status).toBe(204);
});

describe("a price tried on runs of the past", () => {
  const simulate = async (rates: Record<string, number>, slug = "test-picture", period = "lastMonth") =>
    (await send("POST", `${slug}/simulation`, { rates, period })).json();
  const lastMonth = new Date(
    Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() - 1, 15),
  ).getTime();

  async function aRun(units: Record<string, number> | null, charged: number, more: object = {}) {
    const id = newId("run", lastMonth);
    await db()
      .insert(runs)
      .values({
        ...{ id, accountId: ada.session.accountId, tool: "test-picture", status: "succeeded", input: {} },
        ...{ idempotencyKey: id, inputHash: "x", units, charged: BigInt(charged), expiresAt: new Date() },
        ...more,
      });
  }

  beforeAll(async () => {
    for (const images of [1, 1, 2, 3]) await aRun({ images }, images * 2);
    await aRun(null, 4);
    await aRun({ images: 9 }, 0, { status: "failed" });
    await aRun({ images: 9 }, 0, { trial: {} });
    await aRun(null, 0, { accountId: null, visitorId: newId("visitor") });
  });

  it("says what they would have earned, which change, and how many could not be counted", async () => {
    expect(await simulate({ images: 2 })).toMatchObject({
      runs: 4,
      uncounted: 1,
      earned: 14,
      would: 14,
      same: 4,
    });
    expect(await simulate({ images: 3, maximum: 5 })).toMatchObject({
      ...{ runs: 4, earned: 14, would: 16, dearer: 3, same: 0, cheaper: 1, sample: null },
      changes: [
        { charged: 2, would: 3, runs: 2 },
        { charged: 4, would: 5, runs: 1 },
        { charged: 6, would: 5, runs: 1 },
      ],
    });
    expect(await simulate({ images: 3 }, "test-picture", "last30Days")).toHaveProperty("runs");
    expect(await refused(send("POST", "nothing/simulation", { rates: {}, period: "lastMonth" }))).toEqual([
      ...[404, "not_found"],
    ]);
  });

  it("prices each run as the price rule does, whatever it counts", async () => {
    const tools = await listTools();
    const counted = [
      { megapixels: 0.07 },
      { megapixels: 1.92 },
      { megapixels: 3.33 },
      { pages: 3, files: 1 },
      { pages: 40, documents: 1, files: 2 },
      { inputTokens: 333, outputTokens: 1_001 },
      { outputTokens: 1 },
      { inputTokens: 12_345, outputTokens: 678 },
      { images: 5 },
      { files: 2 },
    ];
    const ids: string[] = [];
    for (const tool of tools.filter(({ slug }) => !slug.startsWith("test-"))) {
      for (const units of counted) {
        const { credits } = tool.priceOf(units);
        const id = newId("run", lastMonth);
        ids.push(id);
        await aRun(units, Number(credits), { id, idempotencyKey: id, tool: tool.slug });
      }
      const simulated = await simulate({ ...tool.pricing.rates }, tool.slug);
      expect({ [tool.slug]: simulated }).toMatchObject({
        [tool.slug]: { dearer: 0, cheaper: 0, earned: simulated.would },
      });
    }
    await db().delete(runs).where(inArray(runs.id, ids));
  });

  it("looks at a sample of very many, and says so", async () => {
    await db().execute(sql`
      insert into runs (id, account_id, tool, status, input, idempotency_key, input_hash, units, charged, expires_at)
      select ${newId("run", lastMonth).slice(0, 14)} || lpad(n::text, 16, '0'), ${ada.session.accountId},
        'test-unset', 'succeeded', '{}', 'many:' || n, '', '{"run": 1}', 1, now()
      from generate_series(1, 2000) n`);
    const simulated = await simulatePrice("test-unset", { run: 2 }, "lastMonth", { mostRuns: 1_000 });
    expect(simulated.sample).toMatchObject({ of: 2_000 });
    expect(simulated.sample?.size).toBeLessThan(700);
    expect(simulated.sample?.size).toBeGreaterThan(300);
    expect(simulated).toMatchObject({ runs: 2_000, dearer: 2_000, cheaper: 0 });
    expect(simulated.would).toBeCloseTo(simulated.earned * 2);
  });
});
