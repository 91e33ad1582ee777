import { sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { applyCommands, openAccount } from "#ledger";
import { newId } from "#platform/id";
import { enqueue } from "#platform/queue";
import { runJobs, testDatabase } from "#test";
import {
  lastReconciliations,
  reconcileNow,
  requestReconciliation,
  reconciliationTasks as tasks,
} from "./reconciliation";

const { db } = testDatabase();

const owner = {
  ...{ id: newId("user"), role: "owner", address: null },
  requestId: newId("request"),
};

beforeAll(async () => {
  await db().transaction(async (tx) => {
    const accountId = await openAccount(tx, { ownerType: "user", ownerId: newId("user") });
    const lot = { source: "signup", expiresAt: null, cause: "welcome" } as const;
    await applyCommands(tx, [{ verb: "grant", accountId, key: "w", credits: 100n, ...lot }]);
  });
});

test("one that was asked for is done by a job, and remembered with the money of the same moment", async () => {
  const asked = await requestReconciliation(owner);
  expect((await requestReconciliation(owner)).id).toBe(asked.id);
  expect((await lastReconciliations()).done).toBeNull();
  await runJobs(tasks.system ?? {});
  const { latest, done } = await lastReconciliations();
  expect(latest).toEqual(done);
  expect(done).toMatchObject({
    ...{ id: asked.id, requestedBy: owner.id, status: "done", findingCount: 0, findings: [] },
    ...{ accounts: 1, entries: 1 },
    money: { moved: [{ source: "signup", issued: 100 }], owed: [{ credits: 100 }], revenue: [] },
  });
  expect(done?.asOf?.getTime()).toBeGreaterThanOrEqual(asked.createdAt.getTime());
});

test("what differs is kept, account by account", async () => {
  await db().execute(sql`update accounts set available = 90`);
  const proof = await reconcileNow();
  expect(proof.count).toBe(3);
  const { done } = await lastReconciliations();
  expect(done).toMatchObject({ requestedBy: null, findingCount: 3 });
  expect(done?.findings.map(({ invariant, found, expected }) => [invariant, found, expected])).toEqual([
    ["L2", 100, 90],
    ["L2", 100, 90],
    ["L10", 90, 100],
  ]);
  await db().execute(sql`update accounts set available = 100`);
  expect((await reconcileNow()).count).toBe(0);
});

test("the nightly job asks for one", async () => {
  await enqueue(db(), "insight.reconcile-nightly", {});
  await runJobs({
    "insight.reconcile-nightly": async (payload, helpers) =>
      tasks.system?.["insight.reconcile-nightly"]?.(payload, helpers),
  });
  const { latest } = await lastReconciliations();
  expect(latest).toMatchObject({ status: "waiting", requestedBy: null });
});
