import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { applyCommands, openAccount, readBalance, stopLedger } from "#ledger";
import { addModel, addProvider } from "#models";
import { terminal } from "#platform/audit";
import { announced, stopHearing } from "#platform/changes";
import { type Config, config } from "#platform/config";
import { type Id, newId } from "#platform/id";
import { singleton } from "#platform/singleton";
import { type SandboxModel, startSandboxModel } from "#sandbox/model";
import { models, providerSeats, providers, runs } from "#schema";
import { testDatabase, testFolder } from "#test";
import { makeTool } from "./draft";
import { aPrompt } from "./made/made.fixture";
import { findTool } from "./published";
import { publishDraft } from "./revision";
import { findRun } from "./run";
import { cancelRun } from "./run-cancel";
import { executeRun } from "./run-execute";
import { reapRuns } from "./run-reap";
import { startRun } from "./run-start";

const { db } = testDatabase();
testFolder();
let sandbox: SandboxModel;
let accountId: Id<"account">;

beforeAll(async () => {
  sandbox = await startSandboxModel();
  singleton<Config>("config").set({ ...config(), AI_BASE_URL: undefined, AI_MODEL: undefined });
  const by = { by: terminal, reason: "for a test" };
  const savedAt = await makeTool("a-text", aPrompt({ work: { maxOutputTokens: 12 } }), by);
  await publishDraft("a-text", { base: 0, savedAt }, by);
});

beforeEach(async () => {
  await db().execute(sql`delete from graphile_worker._private_jobs`);
  for (const table of [providerSeats, models, providers]) await db().delete(table);
  accountId = await db().transaction(async (tx) => {
    const opened = await openAccount(tx, { ownerType: "user", ownerId: newId("user") });
    const why = { cause: "adjustment", source: "promo", expiresAt: null } as const;
    await applyCommands(tx, [{ verb: "grant", accountId: opened, key: "g", credits: 100n, ...why }]);
    return opened;
  });
});

afterAll(async () => {
  await sandbox.stop();
  await announced();
  await stopHearing();
  await stopLedger();
});

async function serve(name: string, limits: { maxConcurrent?: number; maxPerMinute?: number } = {}) {
  const provider = await addProvider(
    {
      ...{ name, protocol: "openai", baseUrl: sandbox.url, key: null, enabled: true },
      ...{ maxConcurrent: limits.maxConcurrent ?? null, maxPerMinute: limits.maxPerMinute ?? null },
    },
    terminal,
  );
  const costs = { inputCost: null, outputCost: null, imageCost: null, contextTokens: null };
  await addModel(provider, { name, label: name, kind: "text", enabled: true, ...costs }, terminal);
  return provider;
}

/** Somebody else has a seat of the provider's. */
async function sit(providerId: Id<"provider">): Promise<void> {
  const until = sql`now() + interval '1 minute'`;
  await db()
    .insert(providerSeats)
    .values({ providerId, holder: newId("request"), until });
}

async function aRun() {
  const tool = await findTool("a-text");
  if (!tool) throw new Error("no tool");
  const user = { id: newId("user"), emailVerified: true };
  const order = { tool, input: { topic: "Bread" }, idempotencyKey: newId("request") };
  return (await startRun({ owner: { accountId }, user, ...order })).run;
}

const execute = (id: string) => executeRun(id, { jobId: newId("worker") });

async function jobOf(id: string) {
  const { rows } = await db().execute<{ attempts: number; seconds: number }>(sql`
    select attempts, date_part('epoch', run_at - now()) as seconds from graphile_worker.jobs where key = ${id}`);
  return rows[0];
}

describe("a run whose provider has as much to do as it may", () => {
  it("leaves its place at once and comes again, with all its tries and its hold", async () => {
    await sit(await serve("sandbox", { maxConcurrent: 1 }));
    const { id } = await aRun();
    for (let times = 0; times < 15; times++) {
      await db().execute(
        sql`update graphile_worker._private_jobs set locked_at = now(), locked_by = 'worker'`,
      );
      await execute(id);
    }
    expect(await findRun(id)).toMatchObject({ status: "queued", attempt: 0, losses: 0, startedAt: null });
    const job = await jobOf(id);
    expect(job?.attempts).toBe(0);
    expect(job?.seconds).toBeGreaterThan(0.5);
    expect((await readBalance(db(), accountId)).held).toBe(3n);
    await db().delete(providerSeats);
    await execute(id);
    expect(await findRun(id)).toMatchObject({ status: "succeeded", charged: 3n });
  });

  it("waits as well when as many have begun in the minute as may", async () => {
    await serve("sandbox", { maxPerMinute: 1 });
    const [first, second] = [await aRun(), await aRun()];
    await execute(first.id);
    await execute(second.id);
    expect(await findRun(first.id)).toMatchObject({ status: "succeeded" });
    expect(await findRun(second.id)).toMatchObject({ status: "queued", attempt: 0 });
  });

  it("goes before those that came later", async () => {
    await sit(await serve("sandbox", { maxConcurrent: 1 }));
    const [first, second] = [await aRun(), await aRun()];
    await execute(first.id);
    await execute(second.id);
    await db().delete(providerSeats);
    const newcomer = await aRun();
    await execute(newcomer.id);
    await execute(second.id);
    for (const { id } of [newcomer, second]) expect((await findRun(id))?.status).toBe("queued");
    await cancelRun({ accountId }, first.id);
    await execute(newcomer.id);
    await execute(second.id);
    expect((await findRun(newcomer.id))?.status).toBe("queued");
    expect((await findRun(second.id))?.status).toBe("succeeded");
  });

  it("is called as soon as a run ends, the first in line alone", async () => {
    const provider = await serve("sandbox", { maxConcurrent: 2 });
    const [working, first, second] = [await aRun(), await aRun(), await aRun()];
    await sit(provider);
    await sit(provider);
    for (const { id } of [second, first]) await execute(id);
    await db().delete(providerSeats).where(sql`holder in (select holder from provider_seats limit 1)`);
    await execute(working.id);
    const waits = await Promise.all([first, second].map(async ({ id }) => (await jobOf(id))?.seconds ?? 0));
    expect(waits).toEqual([expect.closeTo(0, 0), expect.any(Number)]);
    expect(waits[0]).toBeLessThanOrEqual(0);
    expect(waits[1]).toBeGreaterThan(0);
  });

  it("is cancelled at once", async () => {
    await sit(await serve("sandbox", { maxConcurrent: 1 }));
    const { id } = await aRun();
    await execute(id);
    expect(await cancelRun({ accountId }, id)).toMatchObject({ status: "canceled", charged: 0n });
    await execute(id);
    expect((await readBalance(db(), accountId)).available).toBe(100n);
  });

  it("ends once it has waited for as long as runs may", async () => {
    await sit(await serve("sandbox", { maxConcurrent: 1 }));
    const { id } = await aRun();
    await execute(id);
    await db().update(runs).set({ createdAt: sql`now() - interval '1 day'` }).where(sql`id = ${id}`);
    await reapRuns();
    expect(await findRun(id)).toMatchObject({ status: "failed", errorCode: "waited_too_long", charged: 0n });
  });
});

describe("a run that was let in, and lost the seat to another", () => {
  /** The one that can be asked fails, and the other is busy. */
  const begin = async () => {
    await serve("error-500");
    await sit(await serve("sandbox", { maxConcurrent: 1 }));
    return aRun();
  };

  it("is given back soon, without a loss, and comes again", async () => {
    const { id } = await begin();
    await execute(id);
    expect(await findRun(id)).toMatchObject({ status: "queued", losses: 0, startedAt: null, jobId: null });
    expect((await jobOf(id))?.attempts).toBe(0);
    await db().delete(providerSeats);
    await execute(id);
    expect(await findRun(id)).toMatchObject({ status: "succeeded", charged: 3n });
  });

  it("can be cancelled while it waits", async () => {
    const { id } = await begin();
    const working = execute(id);
    await expect.poll(async () => (await findRun(id))?.status).toBe("running");
    await cancelRun({ accountId }, id);
    await working;
    expect(await findRun(id)).toMatchObject({ status: "canceled", charged: 0n });
    expect((await readBalance(db(), accountId)).available).toBe(100n);
  });
});
