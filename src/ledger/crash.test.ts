import { expect, onTestFinished, test } from "vitest";
import { crashableDatabase } from "#test";
import { readBalance } from "./balance";
import { createBatcher } from "./batcher";
import { reconcile } from "./reconcile";
import { aCharge, aGrant, anAccount } from "./testing";

const { db, url, crash } = crashableDatabase();

test("PostgreSQL killed in the middle of commits, thrice: each command is applied once", async () => {
  const accounts = await Promise.all(Array.from({ length: 3 }, anAccount));
  for (const accountId of accounts) await aGrant(accountId, { credits: 10_000n });
  const { submit, stop } = createBatcher({ url: url(), maxBatch: 25 });
  onTestFinished(stop);
  let acknowledged = 0;
  const lanes = accounts.map(async (accountId, lane) => {
    const keys = Array.from({ length: 800 }, (_, index) => `${lane}:${index}`);
    await Promise.all(
      keys.map(async (key) => {
        await submit(aCharge(accountId, { key }));
        acknowledged += 1;
      }),
    );
  });
  const done = Promise.all(lanes);
  for (const count of [300, 1_000, 1_700]) {
    while (acknowledged < count) await new Promise((resolve) => setImmediate(resolve));
    await crash();
  }
  await done;
  for (const accountId of accounts) {
    expect((await readBalance(db(), accountId)).available).toBe(9_200n);
  }
  expect(await reconcile(db())).toEqual([]);
}, 60_000);
