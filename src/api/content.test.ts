import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { desc, eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { reconcile, stopLedger } from "#ledger";
import { addModel, addProvider } from "#models";
import { terminal } from "#platform/audit";
import { announced } from "#platform/changes";
import { newId } from "#platform/id";
import { type SandboxModel, startSandboxModel } from "#sandbox/model";
import {
  acts,
  contentRefusals,
  holds,
  missingVerdicts,
  models,
  outputs,
  providers,
  runChunks,
  runs,
} from "#schema";
import { testDatabase, testFolder } from "#test";
import { addTools } from "#tools";
import { atMost, defineTool, fields } from "#tools/define";
import { api } from "./app";
import { aKey, anOwner, aUser, type TestUser } from "./test-caller";
import { balanceOf, begun, cancel, fund, read, start, work } from "./test-tools";

vi.setConfig({ testTimeout: 60_000 });
const { db } = testDatabase();
const folder = testFolder();

/** Gives back what it is given, backwards, so that what comes out is not what went in. */
const label = { en: "Field", zh: "字段" };
const texts = { name: "Test", summary: "Tests.", description: "Tests.", takes: "text", gives: "text" };
const mirrorInput = z.strictObject({
  text: z.string().max(10_000).register(fields, { label }),
  choice: z
    .enum(["plain", "bomb"])
    .default("plain")
    .register(fields, { label, options: { plain: label, bomb: label } }),
  turns: z
    .array(z.strictObject({ answer: z.string(), message: z.string() }))
    .optional()
    .register(fields, { label, hidden: true }),
});
const mirror = (slug: string, streaming: boolean) =>
  defineTool({
    ...{ slug, streaming, category: "text", icon: "flask-conical", texts: { en: texts, zh: texts } },
    ...{ files: null, process: "worker", limits: { timeoutSeconds: 30, memoryMb: 64 }, examples: [] },
    ...{ tryable: {}, input: mirrorInput, price: atMost({ run: 1 }, () => ({ run: 5 })) },
    async run({ input, signal, onText }) {
      const whole = backwards(input.text);
      const words = whole.match(/\s*\S+/g) ?? [];
      let said = streaming ? "" : whole;
      for (const word of streaming ? words : []) {
        await gate(word.trim(), signal);
        if (signal.aborted) break;
        onText(word);
        said += word;
      }
      written.push(said);
      return {
        outputs: [{ name: "mirror.txt", mediaType: "text/plain", text: said }],
        // Whoever cancels before the first word has used nothing.
        usage: { units: { run: said === "" ? 0 : 2 } },
        model: { name: "writer", cost: 70n },
      };
    },
  });
addTools([mirror("test-mirror", false), mirror("test-mirror-stream", true)]);

/** What the tools had made when they stopped. */
const written: string[] = [];
/** Words before which the streaming tool waits. */
const gates = new Map<string, { reached: () => void; opened: Promise<void> }>();

async function gate(word: string, signal: AbortSignal): Promise<void> {
  const found = gates.get(word);
  gates.delete(word);
  found?.reached();
  const stopped = new Promise((done) => signal.addEventListener("abort", done));
  await (found ? Promise.race([found.opened, stopped]) : new Promise((done) => setImmediate(done)));
}

/** Resolves when the tool has come to the word; it goes on when `open` is called. */
function stopBefore(word: string): { reached: Promise<void>; open: () => void } {
  let [reach, open] = [() => {}, () => {}];
  const reached = new Promise<void>((done) => (reach = done));
  const opened = new Promise<void>((done) => (open = done));
  gates.set(word, { reached: reach, opened });
  return { reached, open: () => open() };
}

const backwards = (text: string) => [...text].reverse().join("");

let owner: TestUser;
let ada: TestUser;
let sandbox: SandboxModel;

beforeAll(async () => {
  sandbox = await startSandboxModel();
  owner = await anOwner();
});

beforeEach(async () => {
  ada = await aUser("ada");
  await fund(ada, 100n);
  for (const table of [models, providers, missingVerdicts]) await db().delete(table);
  sandbox.moderations.length = 0;
  written.length = 0;
  expect((await change({ words: "bomb\n花园街" })).status).toBe(200);
});

afterAll(async () => {
  await announced();
  await stopLedger();
  await sandbox.stop();
});

async function office(method: string, path: string, body?: object): Promise<Response> {
  const headers = {
    ...owner.headers,
    "content-type": "application/json",
    "idempotency-key": newId("request"),
  };
  return api.request(`/api/v1/admin${path}`, {
    ...{ method, headers },
    ...(body && { body: JSON.stringify(body) }),
  });
}

const rules = async () => (await office("GET", "/safety")).json();

async function change(wish: object): Promise<Response> {
  const { version } = await rules();
  const usual = { words: "", asksModel: true, withoutVerdict: "pass", verdictSeconds: 5 };
  return office("PUT", "/safety", { ...usual, version, reason: "as the test needs it", ...wish });
}

/** A moderation model whose name says how the sandbox behaves; it costs a dollar for a million tokens. */
async function judge(name = "sandbox", inputCost: bigint | null = 1_000_000n): Promise<void> {
  const limits = { maxConcurrent: null, maxPerMinute: null };
  const provider = await addProvider(
    { name: "p", protocol: "openai", baseUrl: sandbox.url, key: null, enabled: true, ...limits },
    terminal,
  );
  const costs = { inputCost, outputCost: null, imageCost: null, contextTokens: null };
  await addModel(provider, { name, label: name, kind: "moderation", enabled: true, ...costs }, terminal);
}

/** Begins a run of the mirror whose result will be `text`, and does it. */
async function mirrored(text: string, { slug = "test-mirror", user = ada } = {}) {
  const run = await begun(user, { tool: slug, input: { text: backwards(text) } });
  await work(run);
  return run;
}

const rowOf = async ({ id }: { id: string }) => (await db().select().from(runs).where(eq(runs.id, id)))[0];
const refusalOf = async ({ id }: { id: string }) =>
  (await db().select().from(contentRefusals).where(eq(contentRefusals.runId, id)))[0];

/** That the run was refused, that nobody paid, and that nothing of its result is anywhere. */
async function expectRefused(run: { id: string }, why: object, user = ada): Promise<void> {
  expect(await read(user, `/runs/${run.id}`)).toMatchObject({
    ...{ status: "failed", charged: 0, outputs: [], text: null, facts: null },
    error: { code: "content_refused", message: expect.stringContaining("Nothing was charged") },
  });
  expect(await refusalOf(run)).toMatchObject(why);
  for (const table of [outputs, runChunks]) expect(await db().$count(table, eq(table.runId, run.id))).toBe(0);
  expect(existsSync(join(folder, "files", "runs", run.id))).toBe(false);
  expect(await db().$count(holds, eq(holds.status, "open"))).toBe(0);
}

describe("the list of words", () => {
  it("refuses what goes in before the tool sees it", async () => {
    const run = await begun(ada, { tool: "test-mirror", input: { text: "How to make a BOMB?" } });
    await work(run);
    await expectRefused(run, { stage: "input", foundBy: "words", found: "bomb" });
    expect(written).toEqual([]);
    expect(await balanceOf(ada)).toEqual([100, 0]);
  });

  it("refuses what is said in going on with a result", async () => {
    const turns = [{ answer: "fine", message: "and now a bomb" }];
    const run = await begun(ada, { tool: "test-mirror", input: { text: "fine", turns } });
    await work(run);
    await expectRefused(run, { stage: "input", foundBy: "words", found: "bomb" });
  });

  it("refuses what comes out, and what it cost the operator stays told", async () => {
    const run = await mirrored("a bomb");
    await expectRefused(run, { stage: "output", foundBy: "words", found: "bomb" });
    expect(await rowOf(run)).toMatchObject({ model: "writer", costMicros: 70n });
    expect(await balanceOf(ada)).toEqual([100, 0]);
  });

  it("lets everything else through, also a choice of the operator's own", async () => {
    const run = await begun(ada, { tool: "test-mirror", input: { text: "bombs", choice: "bomb" } });
    await work(run);
    expect(await read(ada, `/runs/${run.id}`)).toMatchObject({ status: "succeeded", charged: 2 });
  });

  it("holds for tools in a process of their own", async () => {
    const body = new FormData();
    body.set("file", new File([readFileSync(resolve("e2e/fixtures/report.docx"))], "report.docx"));
    const headers = { ...ada.headers, "idempotency-key": newId("request") };
    const upload = await (await api.request("/api/v1/uploads", { method: "POST", body, headers })).json();
    const run = await begun(ada, { tool: "document-to-markdown", input: { documents: [upload.id] } });
    await work(run);
    await expectRefused(run, { stage: "output", foundBy: "words", found: "花园街" });
    expect(await balanceOf(ada)).toEqual([100, 0]);
  });

  it("holds for API keys and service keys", async () => {
    const { headers } = await aKey(ada, { kind: "own" });
    const run = await begun({ ...ada, headers }, { tool: "test-mirror", input: { text: "bomb" } });
    await work(run);
    await expectRefused(run, { stage: "input" });
  });

  it("holds for visitors, of whom nothing is charged anyway", async () => {
    const nobody = { ...ada, headers: { origin: ada.headers.origin ?? "" } };
    const answer = await start(nobody, { tool: "test-mirror", input: { text: backwards("a bomb") } });
    const cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const run = await answer.json();
    await work(run);
    const visitor = { ...nobody, headers: { ...nobody.headers, cookie } };
    await expectRefused(run, { stage: "output" }, visitor);
  });

  it("holds for the staff's test runs", async () => {
    const answer = await office("POST", "/tools/test-mirror/trials", { input: { text: "bomb" } });
    expect(answer.status, await answer.clone().text()).toBe(201);
    const run = await answer.json();
    await work(run);
    await expectRefused(run, { stage: "input" }, owner);
  });
});

describe("streamed text", () => {
  const slug = "test-mirror-stream";

  it("stops at the word, and what was written is withdrawn from whoever was reading", async () => {
    const text = "one two bomb three four five";
    const run = await begun(ada, { tool: slug, input: { text: backwards(text) } });
    const stop = stopBefore("bomb");
    const reading = await api.request(`/api/v1/runs/${run.id}/text`, { headers: ada.headers });
    const done = work(run);
    await stop.reached;
    await expect.poll(() => db().$count(runChunks, eq(runChunks.runId, run.id))).toBeGreaterThan(0);
    stop.open();
    await done;
    await expectRefused(run, { stage: "output", foundBy: "words", found: "bomb" });
    expect(written).toHaveLength(1);
    expect(written[0]).not.toContain("five");
    expect(await rowOf(run)).toMatchObject({ costMicros: 70n });
    const events = await reading.text();
    expect(events).toMatch(/one two[\s\S]*event: reset[\s\S]*event: end/);
    expect(events).not.toContain("bomb");
    expect(await balanceOf(ada)).toEqual([100, 0]);
  });

  it("is found when it ends with the word", async () => {
    await expectRefused(await mirrored("one two bomb", { slug }), { stage: "output", found: "bomb" });
  });

  it("is looked at by the model, too, when it was cancelled on the way", async () => {
    await judge();
    const run = await begun(ada, { tool: slug, input: { text: backwards("sandbox:flagged and more") } });
    const stop = stopBefore("and");
    const done = work(run);
    await stop.reached;
    await cancel(ada, run);
    await done;
    await expectRefused(run, { stage: "output", foundBy: "model" });
    expect(await balanceOf(ada)).toEqual([100, 0]);
  });

  it("of a run that ends without a result is not kept", async () => {
    const run = await begun(ada, { tool: slug, input: { text: backwards("one two three") } });
    const stop = stopBefore("three");
    const done = work(run, "job-1").catch(() => undefined);
    await stop.reached;
    await expect.poll(() => db().$count(runChunks, eq(runChunks.runId, run.id))).toBeGreaterThan(0);
    await db().update(runs).set({ losses: 1, jobId: "job-1" }).where(eq(runs.id, run.id));
    await work(run, "job-1");
    stop.open();
    await done;
    expect(await read(ada, `/runs/${run.id}`)).toMatchObject({ error: { code: "worker_lost" }, text: null });
  });
});

describe("the moderation model", () => {
  it("refuses what it flags, going in and coming out, and what it cost is told", async () => {
    await judge();
    const given = await begun(ada, { tool: "test-mirror", input: { text: "x sandbox:flagged" } });
    await work(given);
    await expectRefused(given, { stage: "input", foundBy: "model", found: "violence" });
    expect(await rowOf(given)).toMatchObject({ model: "sandbox", costMicros: 3n });
    const made = await mirrored("x sandbox:flagged");
    await expectRefused(made, { stage: "output", foundBy: "model", found: "violence" });
    expect(await rowOf(made)).toMatchObject({ model: "writer", costMicros: 76n });
    expect(sandbox.moderations.at(-1)?.input).toEqual(["x sandbox:flagged"]);
    expect(await balanceOf(ada)).toEqual([100, 0]);
  });

  it("lets through what it does not flag, and its cost is the run's", async () => {
    await judge();
    const run = await mirrored("a long and harmless text");
    expect(await rowOf(run)).toMatchObject({ status: "succeeded", charged: 2n, costMicros: 80n });
  });

  it("is not asked when the operator has switched it off, nor for what the words refuse", async () => {
    await judge();
    await mirrored("a bomb");
    expect(sandbox.moderations).toHaveLength(1);
    await change({ asksModel: false });
    expect(await rowOf(await mirrored("x sandbox:flagged"))).toMatchObject({ status: "succeeded" });
    expect(sandbox.moderations).toHaveLength(1);
  });

  it.each(["error-500", "error-401", "slow"])("%s lets texts through, which is counted", async (name) => {
    await change({ verdictSeconds: 1 });
    await judge(name);
    expect(await rowOf(await mirrored("harmless"))).toMatchObject({ status: "succeeded", charged: 2n });
    expect((await rules()).missing).toEqual({ pass: 2, refuse: 0 });
  });

  it("that fails has texts refused where the operator says so, which is counted, too", async () => {
    await change({ withoutVerdict: "refuse" });
    await judge("error-500");
    const run = await begun(ada, { tool: "test-mirror", input: { text: "harmless" } });
    await work(run);
    await expectRefused(run, { stage: "input", foundBy: "unjudged", found: "" });
    expect((await rules()).missing).toEqual({ pass: 0, refuse: 1 });
    expect(await balanceOf(ada)).toEqual([100, 0]);
  });

  it("whose provider rests is not waited for", async () => {
    await judge("sandbox");
    await db().update(providers).set({ restsUntil: sql`now() + interval '1 minute'` });
    expect(await rowOf(await mirrored("harmless"))).toMatchObject({ status: "succeeded" });
    expect(sandbox.moderations).toEqual([]);
    expect((await rules()).missing.pass).toBe(2);
  });

  it("is shown a long text in pieces, and no more than it need see", async () => {
    await judge();
    await mirrored("word ".repeat(2_000));
    expect(sandbox.moderations[0]?.input).toHaveLength(1);
    expect(sandbox.moderations).toHaveLength(2);
  });
});

describe("the rules", () => {
  it("of two who change them at once one is told, and the log keeps figures, no words", async () => {
    const { version } = await rules();
    const wish = { words: "one\nTWO\ntwo", asksModel: true, withoutVerdict: "pass", verdictSeconds: 5 };
    const both = await Promise.all(
      [1, 2].map(() => office("PUT", "/safety", { ...wish, version, reason: "a test of two" })),
    );
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(await rules()).toMatchObject({ words: "one\nTWO", version: version + 1 });
    const [act] = await db()
      .select()
      .from(acts)
      .where(eq(acts.action, "safety.change"))
      .orderBy(desc(acts.id))
      .limit(1);
    expect(act).toMatchObject({ before: { phrases: 2 }, after: { phrases: 2, added: 2, removed: 2 } });
    expect(JSON.stringify(act)).not.toContain("TWO");
  });

  it("refuse a phrase that is too long, and can be tried before they hold", async () => {
    const long = await change({ words: `ok\n${"x".repeat(101)}` });
    expect((await long.json()).errors).toMatchObject([{ path: "words" }]);
    const tried = await office("POST", "/safety/try", { words: "now", text: "Right Now!" });
    expect(await tried.json()).toEqual({ found: "now" });
  });

  it("tell which runs they refused, without their text", async () => {
    const run = await mirrored("a bomb");
    const { data } = await (await office("GET", "/safety/refusals?limit=1")).json();
    expect(data).toMatchObject([{ runId: run.id, found: "bomb", customerMail: ada.session.user.email }]);
  });
});

it("any mixture of refused, cancelled and good runs leaves every hold closed and the books in order", async () => {
  await judge();
  const customers = await Promise.all(["bob", "cyd", "dan", "eve"].map((name) => aUser(name)));
  for (const customer of customers) await fund(customer, 100n);
  const kinds = ["fine text", "a bomb", "x sandbox:flagged", "fine cancelled", "bomb cancelled"] as const;
  let spent = 0;
  await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const text = kinds[index % kinds.length] ?? "fine text";
      const slug = index % 2 ? "test-mirror" : "test-mirror-stream";
      const user = customers[index % customers.length] ?? ada;
      const run = await begun(user, { tool: slug, input: { text: backwards(text) } });
      const done = work(run);
      if (text.endsWith("cancelled")) await cancel(user, run);
      await done;
      const { status, charged } = await read(user, `/runs/${run.id}`);
      if (/bomb|flagged/.test(text))
        expect([charged, status]).toEqual([0, expect.stringMatching(/failed|canceled/)]);
      spent += charged;
    }),
  );
  expect(await db().$count(holds, eq(holds.status, "open"))).toBe(0);
  const balances = await Promise.all(customers.map(balanceOf));
  expect(balances.reduce((sum, [available, held]) => sum + available + held, 0)).toBe(400 - spent);
  expect(await reconcile(db())).toEqual([]);
});
