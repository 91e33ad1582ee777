import { sql } from "drizzle-orm";
import { afterAll, afterEach, expect, it } from "vitest";
import { charge, reconcile, stopLedger } from "#ledger";
import { announced } from "#platform/changes";
import { runs } from "#schema";
import { testDatabase, testFolder } from "#test";
import { api } from "./app";
import { aKey, anOwner, aUser } from "./test-caller";
import { balanceOf, begun, fund, refused, start, untilWorking, work } from "./test-tools";

/** Failures that others reported of systems which do our job, asked of ours: docs/known-failures.md. */

const { db } = testDatabase();
testFolder();

afterEach(async () => {
  expect(await reconcile(db())).toEqual([]);
});
afterAll(async () => {
  await announced();
  await stopLedger();
});

/** How many runs and jobs there are. */
async function written(): Promise<[number, number]> {
  const jobs = await db().execute<{ count: number }>(
    sql`select count(*)::int as count from graphile_worker.jobs where task_identifier in ('run.execute', 'run.await')`,
  );
  return [await db().$count(runs), jobs.rows[0]?.count ?? 0];
}

it("a run that cannot be paid never begins: neither run nor job, and its tool is not called", async () => {
  const ada = await aUser("ada");
  await fund(ada, 4n);
  const before = await written();
  let called = false;
  const watching = untilWorking().then(() => {
    called = true;
  });
  const answers = [1, 2, 3].map(() => refused(start(ada, { input: { text: "x", behave: "forever" } })));
  expect(await Promise.all(answers)).toEqual([1, 2, 3].map(() => [402, "insufficient_credits"]));
  expect(await written()).toEqual(before);
  expect(await balanceOf(ada)).toEqual([4, 0]);
  await Promise.race([watching, Promise.resolve()]);
  expect(called).toBe(false);
});

it.each([
  ["broke", "crash"],
  ["found nothing", "fail"],
])("a run whose tool %s gives back all it had taken in advance", async (_, behave) => {
  const ada = await aUser("ada");
  await fund(ada, 20n);
  const run = await begun(ada, { input: { text: "x", price: 12, behave } });
  expect(await balanceOf(ada)).toEqual([8, 12]);
  await work(run);
  expect(await balanceOf(ada)).toEqual([20, 0]);
});

it("a profile saved from a stale form that also says a balance moves no credit", async () => {
  const ada = await aUser("ada");
  await fund(ada, 20n);
  const { accountId } = ada.session;
  const save = (body: object) =>
    api.request("/api/v1/me", {
      method: "PATCH",
      headers: { ...ada.headers, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  await charge({ accountId, key: "between", credits: 15n, cause: "tool:x" });
  for (const stale of [{ available: 20 }, { balance: 20 }, { account: { available: 20 } }]) {
    expect((await save({ name: "Ada", ...stale })).status).toBe(200);
  }
  expect(await balanceOf(ada)).toEqual([5, 0]);
});

it("a key that is deleted with its cap used up, and a hold open, gives nobody a credit", async () => {
  const owner = await anOwner();
  const ada = await aUser("ada");
  await fund(ada, 20n);
  const key = await aKey(owner, { cap: 10n });
  const post = (path: string, credits: number, idempotencyKey: string) =>
    api.request(`/api/v1/${path}`, {
      method: "POST",
      headers: {
        ...key.headers,
        "content-type": "application/json",
        "idempotency-key": idempotencyKey,
        "toolmint-account": ada.session.accountId,
      },
      body: JSON.stringify({ credits, tool: "upscaler" }),
    });
  expect((await post("charges", 7, "a")).status).toBe(201);
  expect((await post("holds", 3, "b")).status).toBe(201);
  expect(await refused(Promise.resolve(post("charges", 1, "c")))).toEqual([402, "insufficient_credits"]);
  const revoked = await api.request(`/api/v1/keys/${key.id}`, { method: "DELETE", headers: owner.headers });
  expect(revoked.status).toBe(204);
  expect(await balanceOf(ada)).toEqual([10, 3]);
});
