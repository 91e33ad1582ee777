import { sql } from "drizzle-orm";
import { afterAll, expect, test } from "vitest";
import { testDatabase } from "#test";
import { readBalance } from "./balance";
import { sumEntries } from "./entries";
import { expireLots, expireOverdueHolds } from "./expiry";
import { listHolds } from "./hold-list";
import { reconcile } from "./reconcile";
import { stopLedger } from "./submit";
import { aCharge, aGrant, aHold, aKey, anAccount, apply, applyOne } from "./testing";

const { db } = testDatabase();
afterAll(stopLedger);

async function pass(interval: string): Promise<void> {
  await db().execute(sql`update money_clock set shift = shift + ${interval}::interval`);
}

async function inSeconds(seconds: number): Promise<Date> {
  const { rows } = await db().execute<{ at: string }>(
    sql`select money_now() + ${seconds} * interval '1 s' as at`,
  );
  return new Date(rows[0]?.at ?? "");
}

test("a balance shows what expires next, and leaves out what is past it before any job has run", async () => {
  const accountId = await anAccount();
  const soon = await inSeconds(60);
  await aGrant(accountId, { credits: 5n, expiresAt: await inSeconds(3600), source: "pack" });
  await aGrant(accountId, { credits: 2n, expiresAt: soon });
  await aGrant(accountId, { credits: 3n, expiresAt: soon });
  await aGrant(accountId, { credits: 7n });
  const before = await readBalance(db(), accountId);
  expect(before).toMatchObject({ available: 17n, total: 17n, nextExpiry: { at: soon, credits: 5n } });
  expect(before.lots.map(({ remaining }) => remaining)).toEqual([2n, 3n, 5n, 7n]);
  await pass("61 s");
  const after = await readBalance(db(), accountId);
  expect(after).toMatchObject({ available: 12n, nextExpiry: { credits: 5n } });
  expect(after.lots).toHaveLength(2);
});

test("a balance of an account that is not there is not_found", async () => {
  await expect(readBalance(db(), "acct_nobody")).rejects.toEqual(
    expect.objectContaining({ code: "not_found" }),
  );
});

test("the job books the expiry of every lot that is due, in small batches, once", async () => {
  const accounts = await Promise.all(Array.from({ length: 5 }, anAccount));
  const expiresAt = await inSeconds(60);
  for (const accountId of accounts) {
    await aGrant(accountId, { credits: 5n, expiresAt });
    await aGrant(accountId, { credits: 4n });
  }
  await pass("2 min");
  expect((await expireLots({ batchSize: 2 })).settled).toBeGreaterThanOrEqual(5);
  for (const accountId of accounts) {
    expect(await sumEntries(db(), accountId, { kinds: ["expired"] })).toMatchObject({
      count: 1,
      expired: -5n,
    });
  }
  expect(await expireLots()).toEqual({ settled: 0, done: true });
  expect(await reconcile(db())).toEqual([]);
});

test("an overdue hold is closed by the reaper, and a late capture is refused", async () => {
  const accountId = await anAccount();
  await aGrant(accountId, { credits: 10n });
  const holdId = await aHold(accountId, { credits: 4n, lifetimeSeconds: 60 });
  const longer = await aHold(accountId, { credits: 3n, lifetimeSeconds: 60 });
  await applyOne({ verb: "extend", accountId, key: aKey(), holdId: longer, lifetimeSeconds: 600 });
  expect((await expireOverdueHolds()).settled).toBe(0);
  await pass("61 s");
  expect((await expireOverdueHolds()).settled).toBe(1);
  expect(await readBalance(db(), accountId)).toMatchObject({ available: 7n, held: 3n });
  expect((await listHolds(db(), accountId, { status: "expired" })).map((hold) => hold.holdId)).toEqual([
    holdId,
  ]);
  expect((await listHolds(db(), accountId, { status: "open" })).map((hold) => hold.holdId)).toEqual([longer]);
  await expect(
    apply({ verb: "capture", accountId, key: aKey(), holdId, credits: 1n, cause: "tool:ocr" }),
  ).rejects.toEqual(expect.objectContaining({ code: "hold_closed", facts: { status: "expired" } }));
});

test("a hold past its deadline that nobody has closed yet can still be captured", async () => {
  const accountId = await anAccount();
  await aGrant(accountId, { credits: 10n });
  const holdId = await aHold(accountId, { credits: 4n, lifetimeSeconds: 60 });
  await pass("61 s");
  await apply({ verb: "capture", accountId, key: aKey(), holdId, credits: 4n, cause: "tool:ocr" });
  expect((await expireOverdueHolds()).settled).toBe(0);
});

test("an account's time does not go back when the clock does (L9)", async () => {
  const accountId = await anAccount();
  await aGrant(accountId, { credits: 5n, expiresAt: await inSeconds(60) });
  await aGrant(accountId, { credits: 5n });
  await pass("2 min");
  await apply(aCharge(accountId));
  await pass("-2 min");
  await apply(aCharge(accountId));
  expect(await readBalance(db(), accountId)).toMatchObject({ available: 3n, nextExpiry: null });
  expect(await reconcile(db())).toEqual([]);
});
