import type { ServerResponse } from "node:http";
import { eq } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { applyCommands, openAccount, reconcile, stopLedger } from "#ledger";
import { announced, stopHearing } from "#platform/changes";
import { type Id, newId } from "#platform/id";
import { entries } from "#schema";
import { testDatabase, testFolder } from "#test";
import { receiveCallback } from "./made/http-call";
import { aMessage, aRemoteTool, aResult, aRunOf, moneyOf } from "./made/http-run.fixture";
import { allowPrivate, aServer } from "./made/http-server.fixture";
import { findRun, isOver, type Run } from "./run";
import { takeRun } from "./run-attempt";
import { cancelRun } from "./run-cancel";
import { executeRun } from "./run-execute";

/**
 * Whatever the operator's own server, customers and workers do, in any mixture: every hold is closed, every run is
 * over and says why, and what was charged is what the ledger took.
 */

const { db } = testDatabase();
testFolder();

afterAll(async () => {
  await announced();
  await stopHearing();
  await stopLedger();
});

const json = (response: ServerResponse, status: number, body: object) =>
  response.writeHead(status).end(JSON.stringify(body));
/** Sends a message of the server's, for the site to take or refuse. */
type Tell = (type: string, data: object, id?: string) => Promise<unknown>;
type Behaviour = (response: ServerResponse, tell: Tell) => unknown;
const accept = (response: ServerResponse) =>
  new Promise<void>((resolve) => {
    response.writeHead(202).end(resolve);
  });
const result = (seconds: unknown) => aResult("x", { usage: { seconds } });

const behaviours: Record<string, Behaviour> = {
  answers: (response) => json(response, 200, result(3)),
  "used too much": (response) => json(response, 200, result(1e12)),
  lies: (response) => json(response, 200, result(-1)),
  "is down": (response) => response.writeHead(503).end(),
  "breaks off": (response) => response.destroy(),
  refuses: (response) => json(response, 422, { error: { code: "no", message: "No." } }),
  "talks nonsense": (response) => response.writeHead(200).end("<html>"),
  "moves away": (response) => response.writeHead(302, { location: "http://169.254.169.254/" }).end(),
  "calls back": async (response, tell) => {
    await accept(response);
    await tell("run.progress", { fraction: 0.5, text: "half" });
    await tell("run.succeeded", result(2));
  },
  "calls back twice": async (response, tell) => {
    await accept(response);
    await Promise.all([tell("run.succeeded", result(2), "m"), tell("run.succeeded", result(2), "m")]);
    await tell("run.succeeded", result(5));
  },
  "calls back with a no": async (response, tell) => {
    await accept(response);
    await tell("run.failed", { error: { message: "No." } });
  },
  "calls back before it breaks down": async (response, tell) => {
    await tell("run.succeeded", result(4));
    response.writeHead(500).end();
  },
  "never calls back": accept,
};

const events = [
  ...["nothing", "nothing", "cancelled before", "cancelled during"],
  ...["worker stops", "worker lost", "worker lost twice", "two workers"],
] as const;
const mishap = fc.record({
  behaviour: fc.constantFrom(...Object.keys(behaviours)),
  event: fc.constantFrom(...events),
});
type Mishap = typeof mishap extends fc.Arbitrary<infer M> ? M : never;

it("leaves every hold closed and every run explained", async () => {
  allowPrivate();
  const { tool, secret } = await remoteTool();
  await fc.assert(
    fc.asyncProperty(fc.array(mishap, { minLength: 1, maxLength: 5 }), async (mishaps) => {
      const accountId = await anAccount();
      const ended = await Promise.all(
        mishaps.map(async ({ behaviour, event }) => {
          const run = await aRunOf(tool, accountId, { text: `${behaviour}|${secret}` });
          await suffer(run, accountId, event);
          return requireEnd(run.id);
        }),
      );
      for (const run of ended) {
        expect(isOver(run), run.status).toBe(true);
        expect(run.status === "failed", `${run.errorCode}`).toBe(run.errorCode !== null);
        expect(run.charged <= run.held).toBe(true);
        if (run.status !== "succeeded") expect(run.charged).toBe(0n);
      }
      const charged = ended.reduce((sum, run) => sum + run.charged, 0n);
      expect(await moneyOf(accountId)).toEqual({ available: 1_000n - charged, held: 0n, open: [] });
      const lines = await db().select().from(entries).where(eq(entries.accountId, accountId));
      const consumed = lines.filter(({ kind }) => kind === "consumed");
      expect(consumed.reduce((sum, { credits }) => sum - credits, 0n)).toBe(charged);
    }),
    { numRuns: 6 },
  );
  expect(await reconcile(db())).toEqual([]);
}, 120_000);

/** A tool whose server does what the run's text says. */
async function remoteTool() {
  const server = await aServer(async ({ body }, response) => {
    const { type, data } = JSON.parse(body);
    if (type !== "run.started") return response.end();
    const [behaviour = "", secret = ""] = data.input.text.split("|");
    const tell: Tell = (kind, about, id) => {
      const message = aMessage(secret, kind, about, id);
      // Refused where the run has ended meanwhile.
      return receiveCallback(data.run, (name) => message.headers[name], message.body).catch(() => undefined);
    };
    return behaviours[behaviour]?.(response, tell);
  });
  return aRemoteTool(server.url, { retries: 1 }, 1.5);
}

async function anAccount(): Promise<Id<"account">> {
  return db().transaction(async (tx) => {
    const opened = await openAccount(tx, { ownerType: "user", ownerId: newId("user") });
    const why = { cause: "adjustment", source: "promo", expiresAt: null } as const;
    await applyCommands(tx, [{ verb: "grant", accountId: opened, key: "g", credits: 1_000n, ...why }]);
    return opened;
  });
}

/** Lets it happen to a run that has begun. */
async function suffer({ id }: Run, accountId: Id<"account">, event: Mishap["event"]): Promise<void> {
  const jobId = newId("worker");
  const cancel = () => cancelRun({ accountId }, id).catch(() => undefined);
  const lost = event === "worker lost" ? 1 : event === "worker lost twice" ? 2 : 0;
  for (let times = 0; times < lost; times++) await takeRun(id, jobId, 60);
  if (event === "cancelled before") await cancel();
  if (event === "worker stops") {
    const stop = new AbortController();
    const working = executeRun(id, { jobId, signal: stop.signal }).catch(() => undefined);
    setImmediate(() => stop.abort());
    await working;
  }
  await Promise.all([
    executeRun(id, { jobId }),
    event === "cancelled during" && cancel(),
    event === "two workers" && executeRun(id, { jobId: newId("worker") }),
  ]);
}

async function requireEnd(id: string): Promise<Run> {
  const run = await findRun(id);
  if (!run) throw new Error(`run ${id} is gone`);
  return run;
}
