import { inArray, sql } from "drizzle-orm";
import { expect, it, onTestFinished } from "vitest";
import { applyCommands, openAccount, reconcile, stopLedger } from "#ledger";
import { addModel, addProvider } from "#models";
import { terminal } from "#platform/audit";
import { announced, stopHearing } from "#platform/changes";
import { type Config, config } from "#platform/config";
import { type Id, newId } from "#platform/id";
import { enqueue } from "#platform/queue";
import { singleton } from "#platform/singleton";
import { startSandboxModel } from "#sandbox/model";
import { providerSeats, runs } from "#schema";
import { testDatabase, testFolder } from "#test";
import { findTool, makeTool, publishDraft, startRun, toolTasks } from "#tools";
import { aPrompt } from "#tools/made/fixture";
import { startWorker } from "./worker";

const { db, url } = testDatabase();
testFolder();

async function anAccount(): Promise<Id<"account">> {
  return db().transaction(async (tx) => {
    const accountId = await openAccount(tx, { ownerType: "user", ownerId: newId("user") });
    const why = { cause: "adjustment", source: "promo", expiresAt: null } as const;
    await applyCommands(tx, [{ verb: "grant", accountId, key: "g", credits: 100n, ...why }]);
    return accountId;
  });
}

it("runs of a provider that has no time keep no place from other work, and are all done once it has", async () => {
  const sandbox = await startSandboxModel();
  const settings = singleton<Config>("config");
  const before = config();
  settings.set({ ...before, AI_BASE_URL: undefined, AI_MODEL: undefined, WORKER_WAITING: 2 });
  onTestFinished(async () => {
    settings.set(before);
    await sandbox.stop();
    await announced();
    await stopHearing();
    await stopLedger();
  });
  const limits = { maxConcurrent: 1, maxPerMinute: null };
  const server = { name: "p", protocol: "openai", baseUrl: sandbox.url, key: null, enabled: true } as const;
  const provider = await addProvider({ ...server, ...limits }, terminal);
  const costs = { inputCost: null, outputCost: null, imageCost: null, contextTokens: null };
  const model = { name: "sandbox", label: "m", kind: "text", enabled: true, ...costs } as const;
  await addModel(provider, model, terminal);
  const savedAt = await makeTool("slogans", aPrompt(), { by: terminal });
  await publishDraft("slogans", { base: 0, savedAt }, { by: terminal });
  const tool = await findTool("slogans");
  if (!tool) throw new Error("no tool");
  // Somebody else has the only seat.
  const until = sql`now() + interval '1 minute'`;
  await db().insert(providerSeats).values({ providerId: provider, holder: "other", until });

  const begun = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const order = { tool, input: { topic: "Bread", tone: "dry" }, idempotencyKey: newId("request") };
      const user = { id: newId("user"), emailVerified: true };
      return (await startRun({ owner: { accountId: await anAccount() }, user, ...order })).run;
    }),
  );
  let others = 0;
  const waiting = {
    "test.other": async () => {
      others += 1;
    },
  };
  const worker = await startWorker({ databaseUrl: url(), domains: [toolTasks, { waiting }] });
  const ids = begun.map(({ id }) => id);
  const statuses = async () => {
    const rows = await db().select().from(runs).where(inArray(runs.id, ids));
    return [...new Set(rows.map(({ status }) => status))];
  };
  for (let asked = 1; asked <= 3; asked++) {
    await enqueue(db(), "test.other", {});
    await expect.poll(() => others, { timeout: 2_000 }).toBe(asked);
    expect(await statuses()).toEqual(["queued"]);
  }
  await db().delete(providerSeats);
  await expect.poll(statuses, { timeout: 30_000 }).toEqual(["succeeded"]);
  const ended = await db().select().from(runs).where(inArray(runs.id, ids));
  expect(ended.map(({ losses, charged }) => [losses, charged])).toEqual(ids.map(() => [0, 3n]));
  const left = sql`select from graphile_worker.jobs where task_identifier = 'run.await'`;
  await expect.poll(async () => (await db().execute(left)).rowCount).toBe(0);
  await worker.stop();
  expect(await reconcile(db())).toEqual([]);
}, 60_000);
