import { eq } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { applyCommands, listHolds, openAccount, readBalance, reconcile, stopLedger } from "#ledger";
import { terminal } from "#platform/audit";
import { announced, stopHearing } from "#platform/changes";
import { type Config, config } from "#platform/config";
import { type Id, newId } from "#platform/id";
import { singleton } from "#platform/singleton";
import { type SandboxModel, startSandboxModel } from "#sandbox/model";
import { entries } from "#schema";
import { testDatabase, testFolder } from "#test";
import { makeTool } from "./draft";
import { aPrompt } from "./made/made.fixture";
import { findTool } from "./published";
import { publishDraft } from "./revision";
import { findRun, isOver, type Run } from "./run";
import { takeRun } from "./run-attempt";
import { cancelRun } from "./run-cancel";
import { executeRun } from "./run-execute";
import { startRun } from "./run-start";

/**
 * Whatever providers, customers and workers do to runs of made tools, in any mixture: every hold is closed, every
 * run is over and says why, and what was charged is what the ledger took.
 */

const { db } = testDatabase();
testFolder();
const settings = singleton<Config>("config");
let model: SandboxModel;

const columns = [{ name: "word", label: { en: "Word", zh: "词" }, type: "text" as const }];
const tokens = { kind: "tokens", inputTokens: 1, outputTokens: 50, minimum: 1, maximum: 30 } as const;
/** So few that a slow answer is soon over. */
const maxOutputTokens = 12;
const offered = {
  "a-fixed": aPrompt({ work: { maxOutputTokens } }),
  "a-metered": aPrompt({ work: { price: tokens, maxOutputTokens } }),
  "a-table": aPrompt({ work: { output: { kind: "table", columns }, maxOutputTokens } }),
};
const slugs = ["a-fixed", "a-metered", "a-table"] as const;

beforeAll(async () => {
  model = await startSandboxModel();
  settings.set({ ...config(), AI_BASE_URL: model.url, AI_MODEL: "sandbox" });
  const by = { by: terminal, reason: "for a test" };
  for (const slug of slugs) {
    const savedAt = await makeTool(slug, offered[slug], by);
    await publishDraft(slug, { base: 0, savedAt }, by);
  }
});

afterAll(async () => {
  await model.stop();
  await announced();
  await stopHearing();
  await stopLedger();
});

const behaviours = [
  ...["", "", "slow", "error-401", "error-429", "error-500"],
  ...["broken", "no-usage", "wrong-usage", "filtered", "silent", "malformed"],
];
const events = [
  ...["nothing", "cancelled before", "cancelled during", "worker stops"],
  ...["worker lost", "worker lost twice", "two workers"],
] as const;

const mishap = fc.record({
  slug: fc.constantFrom(...slugs),
  behaviour: fc.constantFrom(...behaviours),
  event: fc.constantFrom(...events),
});
type Mishap = typeof mishap extends fc.Arbitrary<infer M> ? M : never;

it("leaves every hold closed and every run explained", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(mishap, { minLength: 1, maxLength: 5 }), async (mishaps) => {
      const accountId = await anAccount();
      const begun = await Promise.all(mishaps.map((each) => suffer(accountId, each)));
      const ended = await Promise.all(begun.map(async ({ id }) => requireEnd(id)));
      for (const run of ended) {
        expect(isOver(run), run.status).toBe(true);
        expect(run.status === "failed", `${run.errorCode}`).toBe(run.errorCode !== null);
        expect(run.charged <= run.held).toBe(true);
        if (run.status === "failed") expect(run.charged).toBe(0n);
      }
      const charged = ended.reduce((sum, run) => sum + run.charged, 0n);
      const { available, held } = await readBalance(db(), accountId);
      expect([available, held]).toEqual([1_000n - charged, 0n]);
      const holds = await listHolds(db(), accountId);
      expect(holds.filter(({ status }) => status === "open")).toEqual([]);
      const lines = await db().select().from(entries).where(eq(entries.accountId, accountId));
      const consumed = lines.filter(({ kind }) => kind === "consumed");
      expect(consumed.reduce((sum, { credits }) => sum - credits, 0n)).toBe(charged);
    }),
    { numRuns: 10 },
  );
  expect(await reconcile(db())).toEqual([]);
}, 90_000);

async function anAccount(): Promise<Id<"account">> {
  return db().transaction(async (tx) => {
    const opened = await openAccount(tx, { ownerType: "user", ownerId: newId("user") });
    const why = { cause: "adjustment", source: "promo", expiresAt: null } as const;
    await applyCommands(tx, [{ verb: "grant", accountId: opened, key: "g", credits: 1_000n, ...why }]);
    return opened;
  });
}

/** Begins a run and lets it happen. */
async function suffer(accountId: Id<"account">, { slug, behaviour, event }: Mishap): Promise<Run> {
  const tool = await findTool(slug);
  if (!tool) throw new Error(`no ${slug}`);
  const topic = behaviour ? `Bread sandbox:${behaviour}` : "Bread";
  const { run } = await startRun({
    ...{ owner: { accountId }, user: { id: newId("user"), emailVerified: true }, tool },
    ...{ input: { topic }, idempotencyKey: newId("request") },
  });
  const jobId = newId("worker");
  const cancel = () => cancelRun({ accountId }, run.id).catch(() => undefined);
  switch (event) {
    case "nothing":
      await executeRun(run.id, { jobId });
      break;
    case "cancelled before":
      await cancel();
      await executeRun(run.id, { jobId });
      break;
    case "cancelled during":
      await Promise.all([executeRun(run.id, { jobId }), cancel()]);
      break;
    case "worker stops": {
      const stop = new AbortController();
      const working = executeRun(run.id, { jobId, signal: stop.signal }).catch(() => undefined);
      stop.abort();
      await working;
      await executeRun(run.id, { jobId });
      break;
    }
    case "worker lost":
      await takeRun(run.id, jobId, 60);
      await executeRun(run.id, { jobId });
      break;
    case "worker lost twice":
      await takeRun(run.id, jobId, 60);
      await takeRun(run.id, jobId, 60);
      await executeRun(run.id, { jobId });
      break;
    case "two workers":
      await Promise.all([executeRun(run.id, { jobId }), executeRun(run.id, { jobId: newId("worker") })]);
  }
  return run;
}

async function requireEnd(id: string): Promise<Run> {
  const run = await findRun(id);
  if (!run) throw new Error(`run ${id} is gone`);
  return run;
}
