import { sql } from "drizzle-orm";
import { afterEach, describe, expect, test } from "vitest";
import { databaseUrl } from "#platform/db";
import { cutConnection, testDatabase } from "#test";
import { readBalance } from "./balance";
import { type Batcher, type BatcherOptions, createBatcher } from "./batcher";
import type { AccountId } from "./command";
import { reconcile } from "./reconcile";
import { aCharge, aGrant, anAccount } from "./testing";

/** The way to the database breaks: every command is applied once or reported as not applied, never both. */

const { db } = testDatabase();

const running: Batcher[] = [];
function aBatcher(options: Partial<BatcherOptions> = {}): Batcher {
  const batcher = createBatcher({ url: databaseUrl(), ...options });
  running.push(batcher);
  return batcher;
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((batcher) => batcher.stop()));
});

const busy = (outcome: string) => expect.objectContaining({ code: "busy", facts: { outcome } });
const available = async (accountId: AccountId) => (await readBalance(db(), accountId)).available;

async function aRichAccount(): Promise<AccountId> {
  const accountId = await anAccount();
  await aGrant(accountId, { credits: 1_000n });
  return accountId;
}

test("a connection lost again and again in the middle of batches: each command is applied once", async () => {
  const accounts = await Promise.all(Array.from({ length: 5 }, aRichAccount));
  const { submit } = aBatcher({ maxBatch: 20 });
  let settled = 0;
  const all = Array.from({ length: 1_000 }, async (_, index) => {
    await submit(aCharge(accounts[index % 5] ?? "acct_nobody", { key: `k${index}` }));
    settled += 1;
  });
  let kills = 0;
  while (kills < 10 && settled < 1_000) {
    const { rows } = await db().execute(sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'toolmint ledger' and datname = current_database() and state <> 'idle'`);
    kills += rows.length;
  }
  await Promise.all(all);
  expect(kills).toBeGreaterThan(0);
  for (const accountId of accounts) expect(await available(accountId)).toBe(800n);
  expect(await reconcile(db())).toEqual([]);
});

describe("a connection lost at the commit", () => {
  test("after it was sent and before it was answered: the batch stands once", async () => {
    const accountId = await aRichAccount();
    const cut = await cutConnection(databaseUrl(), "commit\0");
    const { submit } = aBatcher({ url: cut.url });
    const outcomes = await Promise.all([submit(aCharge(accountId)), submit(aCharge(accountId))]);
    expect(cut.times()).toBe(1);
    expect(outcomes.map(({ repeated, available }) => [repeated, available])).toEqual([
      [true, 999n],
      [true, 998n],
    ]);
    expect(await available(accountId)).toBe(998n);
  });

  test("before it arrived: the batch is applied by the second try", async () => {
    const accountId = await aRichAccount();
    const cut = await cutConnection(databaseUrl(), "commit\0", { fate: "drop" });
    const outcome = await aBatcher({ url: cut.url }).submit(aCharge(accountId));
    expect(cut.times()).toBe(1);
    expect(outcome).toMatchObject({ repeated: false, available: 999n });
  });

  test("while it is still on its way: nobody is told that a command failed that comes to stand", async () => {
    const accountId = await aRichAccount();
    const command = aCharge(accountId, { credits: 400n });
    const cut = await cutConnection(databaseUrl(), "commit\0", { fate: "hold" });
    const { submit } = aBatcher({ url: cut.url, lockTimeoutMs: 50, maxWaitMs: 5_000 });
    // The old transaction keeps the account locked, so that no second try can be decided beside it.
    await expect(submit(command)).rejects.toEqual(busy("unknown"));
    expect(await available(accountId)).toBe(1_000n);
    cut.deliver();
    expect(await submit(command)).toMatchObject({ repeated: true, available: 600n });
    expect(await available(accountId)).toBe(600n);
  });
});

describe("a database that stays away", () => {
  test("before any commit was sent: reported as not applied, which stays true", async () => {
    const accountId = await aRichAccount();
    const cut = await cutConnection(databaseUrl(), "begin", { fate: "drop", always: true });
    const batcher = aBatcher({ url: cut.url, maxWaitMs: 300 });
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => batcher.submit(aCharge(accountId))));
    expect(outcomes).toEqual([1, 2, 3].map(() => ({ status: "rejected", reason: busy("not_applied") })));
    await batcher.stop();
    expect(await available(accountId)).toBe(1_000n);
  });

  test("from the moment of a commit on: reported as unknown", async () => {
    const accountId = await aRichAccount();
    const cut = await cutConnection(databaseUrl(), "commit\0", { fate: "drop", always: true });
    const { submit } = aBatcher({ url: cut.url, maxWaitMs: 300 });
    await expect(submit(aCharge(accountId))).rejects.toEqual(busy("unknown"));
  });
});
