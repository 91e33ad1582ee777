import type { ServerResponse } from "node:http";
import { eq, sql } from "drizzle-orm";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { applyCommands, openAccount, reconcile, stopLedger } from "#ledger";
import { terminal } from "#platform/audit";
import { announced, stopHearing } from "#platform/changes";
import { type Id, newId } from "#platform/id";
import { runs, toolCalls } from "#schema";
import { testDatabase, testFolder } from "#test";
import {
  cancelRun,
  executeRun,
  openOutput,
  purgeFiles,
  type Run,
  type RunView,
  reapRuns,
  viewRun,
} from "#tools";
import { receiveCallback } from "./http-call";
import { aMessage, aRemoteTool, aResult, aRunOf, moneyOf, type RemoteTool } from "./http-run.fixture";
import { findSecrets, makeSecret, readSecret } from "./http-secret";
import { allowPrivate, aServer } from "./http-server.fixture";
import { verifyMessage } from "./http-signature";

const { db } = testDatabase();
testFolder();

let accountId: Id<"account">;

beforeEach(async () => {
  allowPrivate();
  accountId = await db().transaction(async (tx) => {
    const opened = await openAccount(tx, { ownerType: "user", ownerId: newId("user") });
    const why = { cause: "adjustment", source: "promo", expiresAt: null } as const;
    await applyCommands(tx, [{ verb: "grant", accountId: opened, key: "g", credits: 100n, ...why }]);
    return opened;
  });
});

// Whatever a server does, no hold stays open and the books are right.
afterEach(async () => {
  expect(await moneyOf(accountId)).toMatchObject({ held: 0n, open: [] });
  expect(await reconcile(db())).toEqual([]);
});

afterAll(async () => {
  await announced();
  await stopLedger();
  await stopHearing();
});

type Say = (response: ServerResponse, count: number) => unknown;

const json = (response: ServerResponse, status: number, body: object) =>
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

/** A server and a tool that asks it; what it is told of a cancel it takes. */
async function remote(say: Say, work: Parameters<typeof aRemoteTool>[1] = {}, timeoutSeconds = 30) {
  let asked = 0;
  const server = await aServer(({ body }, response) => {
    if (body.includes('"run.canceled"')) return response.end();
    asked += 1;
    return say(response, asked);
  });
  return { ...(await aRemoteTool(`${server.url}/run`, work, timeoutSeconds)), server };
}

const accepting: Say = (response) => response.writeHead(202).end();
const seen = (run: Run): Promise<RunView> => viewRun({ accountId }, run.id);
const job = (run: Run, jobId = "job-1") => executeRun(run.id, { jobId });

/** Runs it to its end. */
async function ended({ tool }: RemoteTool, more: object = {}): Promise<RunView> {
  const run = await aRunOf(tool, accountId, more);
  await job(run);
  return seen(run);
}

async function bytesOf(view: RunView): Promise<string[]> {
  const texts: string[] = [];
  for (const output of view.outputs) texts.push((await (await openOutput(output)).toArray()).join(""));
  return texts;
}

/** Sends a message of the server's. */
const call = (run: Run, secret: string, type: string, data: object, id?: string) => {
  const { body, headers } = aMessage(secret, type, data, id);
  return receiveCallback(run.id, (name) => headers[name], body);
};

/** Until the server has been asked and has accepted the run. */
const accepted = (run: Run) =>
  expect
    .poll(async () => (await db().select().from(toolCalls).where(eq(toolCalls.runId, run.id)))[0]?.acceptedAt)
    .toBeInstanceOf(Date);

describe("a server that answers at once", () => {
  it("gets a signed order with the run's input, and nothing of whose it is", async () => {
    const { server, ...tool } = await remote((response) => json(response, 200, aResult("HELLO")));
    const run = await ended(tool);
    const [got] = server.got;
    const header = (name: string) => [got?.headers[name] ?? ""].flat()[0];
    expect(verifyMessage([tool.secret], header, got?.body ?? "")).toBe(run.id);
    const order = JSON.parse(got?.body ?? "");
    expect(order).toMatchObject({
      type: "run.started",
      data: {
        ...{ run: run.id, tool: tool.tool.slug, input: { text: "hello" }, files: [], timeoutSeconds: 30 },
        callbackUrl: expect.stringMatching(new RegExp(`/api/tool-callbacks/${run.id}$`)),
      },
    });
    expect(got?.body).not.toContain(accountId);
  });

  it("gives text, bytes and what is under a URL; what it used is charged and the rest returned", async () => {
    const files = await aServer((_, response) => response.end("from a URL"));
    const about = { mediaType: "text/plain" };
    const outputs = [
      { ...about, name: "a.txt", text: "text" },
      { ...about, name: "../b\u0000.txt", base64: Buffer.from("bytes").toString("base64") },
      { ...about, name: "c.png", mediaType: "image/png", url: `${files.url}/c`, width: 3, height: 2 },
    ];
    const answer = { outputs, usage: { seconds: 1.2 }, facts: { characters: 4, voice: "An\u0000na" } };
    const run = await ended(await remote((response) => json(response, 200, answer)));
    expect(run).toMatchObject({
      ...{ status: "succeeded", held: 10n, charged: 3n, units: { seconds: 1.2 } },
      facts: { characters: 4, voice: "Anna" },
    });
    expect(await bytesOf(run)).toEqual(["text", "bytes", "from a URL"]);
    expect(run.outputs.map(({ name }) => name)).toEqual(["a.txt", ".._b.txt", "c.png"]);
    expect(run.outputs[2]).toMatchObject({ mediaType: "image/png", width: 3, height: 2 });
  });

  it("is paid a fixed price whatever it says that it used", async () => {
    const price = { kind: "fixed", run: 4 } as const;
    const tool = await remote((response) => json(response, 200, aResult("x", { usage: { seconds: 1 } })), {
      price,
    });
    expect(await ended(tool)).toMatchObject({ status: "succeeded", held: 4n, charged: 4n });
  });
});

describe("of what a server says that it used", () => {
  it.each([
    ["more than was held", { seconds: 6 }, 10n],
    ["more than there is", { seconds: Number.MAX_VALUE }, 10n],
    ["nothing", { seconds: 0 }, 0n],
  ])("%s is charged up to the hold", async (_, usage, charged) => {
    const run = await ended(await remote((response) => json(response, 200, aResult("x", { usage }))));
    expect(run).toMatchObject({ status: "succeeded", charged });
  });

  it.each([
    ["a negative count", { seconds: -1 }],
    ["no number", { seconds: "NaN" }],
    ["null, which is what becomes of NaN", { seconds: Number.NaN }],
    ["another unit", { images: 1 }],
    ["a bound of the price", { maximum: 1 }],
    ["no unit", {}],
    ["no usage", undefined],
  ])("%s cannot be priced: the run fails and costs nothing", async (_, usage) => {
    const run = await ended(await remote((response) => json(response, 200, aResult("x", { usage }))));
    expect(run).toMatchObject({ status: "failed", errorCode: "tool_bad_answer", charged: 0n, outputs: [] });
  });
});

describe("a server that does not answer", () => {
  it("is asked again, with the same id and a signature of its own each time", async () => {
    const { server, ...tool } = await remote((response, count) => {
      if (count === 1) return response.writeHead(503).end();
      if (count === 2) return response.destroy();
      return json(response, 200, aResult("x"));
    });
    expect(await ended(tool)).toMatchObject({ status: "succeeded", charged: 6n });
    const ids = server.got.map(({ headers, body }) =>
      verifyMessage([tool.secret], (name) => [headers[name] ?? ""].flat()[0], body),
    );
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
  });

  it("is waited for as long as it asks with 429", async () => {
    const { server, ...tool } = await remote((response, count) =>
      count === 1 ? response.writeHead(429, { "retry-after": "1" }).end() : json(response, 200, aResult("x")),
    );
    expect(await ended(tool)).toMatchObject({ status: "succeeded" });
    const times = server.got.map(({ headers }) => Number(headers["webhook-timestamp"]));
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(1);
  });

  it("is given up after its retries", async () => {
    const { server, ...tool } = await remote((response) => response.writeHead(500).end(), { retries: 1 });
    expect(await ended(tool)).toMatchObject({
      ...{ status: "failed", errorCode: "tool_unavailable", charged: 0n },
      errorMessage: "The run could not be finished.",
    });
    expect(server.got).toHaveLength(2);
  });

  it("in the tool's time is told that the run is over", async () => {
    const { server, ...tool } = await remote(() => undefined, {}, 1);
    const run = await ended(tool);
    expect(run).toMatchObject({ status: "failed", errorCode: "timed_out", charged: 0n });
    await expect.poll(() => server.got.at(-1)?.body).toContain('"run.canceled"');
    expect(server.got.at(-1)?.headers["webhook-id"]).toBe(`${run.id}_canceled`);
  });
});

describe("a server's no", () => {
  it("ends the run with its words, in one line and not endless", async () => {
    const message = `The text\n is \u202Etoo long. ${"x".repeat(1_000)}`;
    const error = { code: "too_long", message };
    const { server, ...tool } = await remote((response) => json(response, 422, { error }));
    const run = await ended(tool);
    expect(run).toMatchObject({ status: "failed", errorCode: "tool_refused", charged: 0n });
    expect(run.errorMessage).toMatch(/^The text is too long\. x+$/);
    expect(run.errorMessage).toHaveLength(300);
    expect(server.got).toHaveLength(1);
  });

  it.each<[string, Say]>([
    ["no JSON", (response) => response.writeHead(200).end("<html>")],
    ["no result", (response) => json(response, 200, { outputs: [] })],
    [
      "a type that is none",
      (response) => json(response, 200, { outputs: [{ name: "a", mediaType: "x", text: "" }] }),
    ],
    ["a 404 of its own", (response) => response.writeHead(404).end("<html>not found</html>")],
    ["a redirect", (response) => response.writeHead(302, { location: "http://169.254.169.254/" }).end()],
    ["another success", (response) => response.writeHead(204).end()],
    ["too much", (response) => json(response, 200, aResult("x".repeat(10_000_001)))],
  ])("that is %s fails the run without a second try", async (_, say) => {
    const { server, ...tool } = await remote(say);
    const run = await ended(tool);
    expect(run).toMatchObject({ status: "failed", errorCode: "tool_bad_answer", charged: 0n });
    expect(server.got).toHaveLength(1);
  });

  it("to a URL of its own result fails the run", async () => {
    const answer = { outputs: [{ name: "a", mediaType: "text/plain", url: "" }], usage: { seconds: 1 } };
    const { server, ...tool } = await remote((response, count) =>
      count === 1 ? json(response, 200, answer) : response.writeHead(302, { location: "/elsewhere" }).end(),
    );
    Object.assign(answer.outputs[0] ?? {}, { url: server.url });
    expect(await ended(tool)).toMatchObject({ status: "failed", errorCode: "tool_unavailable", outputs: [] });
    expect(server.got).toHaveLength(2);
  });
});

describe("a server that calls back", () => {
  it("tells how it goes on, and the result, which is charged once", async () => {
    const { server, ...tool } = await remote(accepting);
    const run = await aRunOf(tool.tool, accountId);
    const work = job(run);
    await accepted(run);
    await call(run, tool.secret, "run.progress", { fraction: 0.4, text: "Reading the \u0000second chapter" });
    await expect
      .poll(() => seen(run))
      .toMatchObject({
        status: "running",
        progress: expect.closeTo(0.4),
        progressStep: "Reading the second chapter",
      });
    expect(await call(run, tool.secret, "run.succeeded", aResult("HELLO"), "m1")).toEqual({
      repeated: false,
    });
    await work;
    expect(await seen(run)).toMatchObject({ status: "succeeded", charged: 6n });
    expect(server.got).toHaveLength(1);
    // Its message twice, and another one late.
    expect(await call(run, tool.secret, "run.succeeded", aResult("HELLO"), "m1")).toEqual({ repeated: true });
    await expect(call(run, tool.secret, "run.succeeded", aResult("AGAIN"))).rejects.toMatchObject({
      code: "run_over",
    });
    expect(await bytesOf(await seen(run))).toEqual(["HELLO"]);
    // What it said is kept in the result alone, and of that goes with it.
    const calls = () => db().select().from(toolCalls).where(eq(toolCalls.runId, run.id));
    expect(await calls()).toMatchObject([{ reply: null, step: null }]);
    await db()
      .update(runs)
      .set({ expiresAt: new Date(0) })
      .where(eq(runs.id, run.id));
    expect(await purgeFiles()).toMatchObject({ runs: 1 });
    expect(await calls()).toEqual([]);
    expect(await moneyOf(accountId)).toMatchObject({ available: 94n });
  });

  it("before it has answered has answered", async () => {
    let run: Run | undefined;
    const { secret, tool } = await remote(async (response) => {
      if (run) await call(run, secret, "run.succeeded", aResult("HELLO"));
      response.writeHead(503).end();
    });
    run = await aRunOf(tool, accountId);
    await job(run);
    expect(await seen(run)).toMatchObject({ status: "succeeded", charged: 6n });
  });

  it("with a second result is told that the first stands", async () => {
    const { tool, secret } = await remote(accepting);
    const run = await aRunOf(tool, accountId);
    // Nobody looks yet: the run waits for its worker.
    await db().insert(toolCalls).values({ runId: run.id, acceptedAt: new Date() });
    await call(run, secret, "run.failed", { error: { message: "No words in it." } });
    await expect(call(run, secret, "run.succeeded", aResult("x"))).rejects.toMatchObject({
      code: "run_over",
    });
    await job(run);
    expect(await seen(run)).toMatchObject({
      ...{ status: "failed", errorCode: "tool_refused", errorMessage: "No words in it.", charged: 0n },
    });
  });

  it("for a run that was cancelled is told so, and was told before", async () => {
    const { server, tool, secret } = await remote(accepting);
    const run = await aRunOf(tool, accountId);
    const work = job(run);
    await accepted(run);
    await cancelRun({ accountId }, run.id);
    const late = { code: "run_canceled" };
    await expect(call(run, secret, "run.succeeded", aResult("x"))).rejects.toMatchObject(late);
    await work;
    await expect(call(run, secret, "run.succeeded", aResult("x"))).rejects.toMatchObject(late);
    expect(await seen(run)).toMatchObject({ status: "canceled", charged: 0n, outputs: [] });
    await expect.poll(() => server.got.at(-1)?.body).toContain('"run.canceled"');
  });

  it("while nobody works on the run is heard by the worker that takes it up, and asked once", async () => {
    const { server, tool, secret } = await remote(accepting);
    const run = await aRunOf(tool, accountId);
    const stop = new AbortController();
    const work = executeRun(run.id, { jobId: "job-1", signal: stop.signal });
    await accepted(run);
    stop.abort();
    await expect(work).rejects.toMatchObject({ why: "stopping" });
    await call(run, secret, "run.succeeded", aResult("HELLO"));
    await job(run);
    expect(await seen(run)).toMatchObject({ status: "succeeded", charged: 6n });
    expect(server.got).toHaveLength(1);
  });

  it("after its worker was lost is heard by the next, and charged once", async () => {
    const { server, tool, secret } = await remote(accepting);
    const run = await aRunOf(tool, accountId);
    const lost = job(run);
    await accepted(run);
    await db().update(runs).set({ heartbeatAt: sql`now() - interval '1 minute'` }).where(eq(runs.id, run.id));
    expect(await reapRuns()).toMatchObject({ lost: 1 });
    const next = job(run, "job-2");
    await expect.poll(() => seen(run)).toMatchObject({ status: "running", losses: 1 });
    await call(run, secret, "run.succeeded", aResult("HELLO"));
    await Promise.all([lost, next]);
    expect(await seen(run)).toMatchObject({ status: "succeeded", charged: 6n });
    expect(server.got).toHaveLength(1);
  });

  it("is heard by nobody with another's signature, an old one, or for another run", async () => {
    const { tool, secret } = await remote(accepting);
    const other = await remote(accepting);
    const run = await aRunOf(tool, accountId);
    await expect(call(run, secret, "run.failed", { error: { message: "" } })).rejects.toMatchObject({
      code: "not_found",
    });
    await db().insert(toolCalls).values({ runId: run.id, acceptedAt: new Date() });
    const no = { code: "signature_invalid" };
    await expect(call(run, other.secret, "run.succeeded", aResult("x"))).rejects.toMatchObject(no);
    await expect(receiveCallback(run.id, () => undefined, "{}")).rejects.toMatchObject(no);
    const signed = aMessage(secret, "run.succeeded", aResult("x"));
    const forged = signed.body.replace('"x"', '"y"');
    await expect(receiveCallback(run.id, (name) => signed.headers[name], forged)).rejects.toMatchObject(no);
    await expect(call(run, secret, "run.succeeded", { outputs: [] })).rejects.toMatchObject({
      code: "invalid_request",
    });
    await expect(call(run, secret, "run.exploded", {})).rejects.toMatchObject({ code: "invalid_request" });
    for (const named of ["run_another", null, 1]) {
      const misled = { ...aResult("x"), run: named };
      await expect(call(run, secret, "run.succeeded", misled)).rejects.toMatchObject({
        ...{ code: "invalid_request", facts: { errors: [{ path: "data.run" }] } },
      });
    }
    await expect(call(run, secret, "run.progress", { run: run.id, fraction: 0.1 })).resolves.toEqual({
      repeated: false,
    });
    await cancelRun({ accountId }, run.id);
  });
});

describe("a tool's secret", () => {
  it("is kept encrypted, and the one before it is good for a day", async () => {
    const { tool, secret } = await aRemoteTool("https://tools.example.com/");
    const { slug } = tool;
    const first = await readSecret(slug);
    expect(first).toMatchObject({ hint: secret.slice(-4), previousUntil: null, lost: false });
    const seenAt = { seen: first?.createdAt ?? null };
    const next = await makeSecret(slug, { ...seenAt, keepPrevious: true }, terminal);
    expect(await findSecrets(slug)).toEqual([next, secret]);
    expect((await readSecret(slug))?.previousUntil?.getTime()).toBeGreaterThan(Date.now() + 23 * 3_600_000);
    // Whoever has not seen it does not make another: the server would know neither.
    await expect(makeSecret(slug, { ...seenAt, keepPrevious: true }, terminal)).rejects.toMatchObject({
      code: "tool_changed",
    });
    const third = await makeSecret(
      slug,
      { seen: (await readSecret(slug))?.createdAt ?? null, keepPrevious: false },
      terminal,
    );
    expect(await findSecrets(slug)).toEqual([third]);
    const rows = JSON.stringify(await db().execute(sql`select * from tool_secrets, acts`));
    for (const one of [secret, next, third]) expect(rows).not.toContain(one);
  });

  it("that a tool has not leaves it not set up", async () => {
    const { server, tool } = await remote(accepting);
    await db().execute(sql`delete from tool_secrets where slug = ${tool.slug}`);
    const run = await aRunOf(tool, accountId);
    await job(run);
    expect(await seen(run)).toMatchObject({ status: "failed", errorCode: "not_configured", charged: 0n });
    expect(server.got).toEqual([]);
  });

  it("signs with the one before it too, so that the server may have either", async () => {
    const { server, tool, secret } = await remote((response) => json(response, 200, aResult("x")));
    const seenAt = (await readSecret(tool.slug))?.createdAt ?? null;
    const next = await makeSecret(tool.slug, { seen: seenAt, keepPrevious: true }, terminal);
    const run = await aRunOf(tool, accountId);
    await job(run);
    const [got] = server.got;
    const header = (name: string) => [got?.headers[name] ?? ""].flat()[0];
    for (const one of [secret, next]) expect(verifyMessage([one], header, got?.body ?? "")).toBe(run.id);
  });
});

describe("on a site that keeps tools out of its network", () => {
  it("a server of its own is not asked, and its run fails", async () => {
    const { server, ...tool } = await remote((response) => json(response, 200, aResult("x")));
    allowPrivate(false);
    expect(await ended(tool)).toMatchObject({ status: "failed", errorCode: "tool_unavailable", charged: 0n });
    expect(server.got).toEqual([]);
  });
});
