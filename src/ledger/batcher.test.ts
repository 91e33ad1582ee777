import { sql } from "drizzle-orm";
import { afterEach, describe, expect, test } from "vitest";
import { databaseUrl } from "#platform/db";
import { testDatabase } from "#test";
import { readBalance } from "./balance";
import { type Batcher, type BatcherOptions, createBatcher } from "./batcher";
import { LedgerFault } from "./book";
import type { AccountId, Command, Outcome } from "./command";
import { aCharge, aGrant, aHold, anAccount, apply } from "./testing";

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

const refused = (code: string) => expect.objectContaining({ name: "Refusal", code });
const available = async (accountId: AccountId) => (await readBalance(db(), accountId)).available;

async function aRichAccount(credits = 1_000n): Promise<AccountId> {
  const accountId = await anAccount();
  await aGrant(accountId, { credits });
  return accountId;
}

async function entryCount(accountId: AccountId, kind: string): Promise<number> {
  const { rows } = await db().execute<{ count: number }>(
    sql`select count(*)::int as count from entries where account_id = ${accountId} and kind = ${kind}`,
  );
  return rows[0]?.count ?? 0;
}

describe("a crowd", () => {
  test("is served in the order it came, and only as far as the credits go", async () => {
    const accountId = await aRichAccount(100n);
    const { submit } = aBatcher();
    const asked = await Promise.allSettled(Array.from({ length: 150 }, () => submit(aCharge(accountId))));
    expect(asked.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 100 }, () => "fulfilled"),
      ...Array.from({ length: 50 }, () => "rejected"),
    ]);
    expect(await available(accountId)).toBe(0n);
    expect(await entryCount(accountId, "consumed")).toBe(100);
  });

  test("of a refused, a conflicting and a poisonous command leaves the others untouched", async () => {
    const [rich, poor, broken] = [await aRichAccount(), await anAccount(), await aRichAccount()];
    // No caller of ours could: a column that takes no such text stands for any fault at the write.
    const poison: Command = { ...aCharge(broken), verb: "charge", credits: 1n, cause: "\0" };
    const { submit } = aBatcher();
    const results = await Promise.allSettled([
      submit(aCharge(rich, { key: "same" })),
      submit(aCharge(poor)),
      submit(poison),
      submit(aCharge(rich, { key: "same", credits: 2n })),
      submit(aCharge("acct_nobody")),
      submit(aCharge(rich)),
      submit(aCharge(broken)),
    ]);
    expect(results).toEqual([
      { status: "fulfilled", value: expect.objectContaining({ credits: 1n }) },
      { status: "rejected", reason: refused("insufficient_credits") },
      { status: "rejected", reason: expect.objectContaining({ code: "22021" }) },
      { status: "rejected", reason: refused("idempotency_conflict") },
      { status: "rejected", reason: refused("not_found") },
      { status: "fulfilled", value: expect.objectContaining({ credits: 1n }) },
      { status: "fulfilled", value: expect.objectContaining({ credits: 1n }) },
    ]);
    expect(await available(rich)).toBe(998n);
    expect(await available(broken)).toBe(999n);
  });

  test("leaves an account whose balance was edited alone, and serves the others (L2)", async () => {
    const [edited, sound] = [await aRichAccount(), await aRichAccount()];
    const { submit } = aBatcher();
    await db().execute(sql`update accounts set available = available + 1 where id = ${edited}`);
    const results = await Promise.allSettled([submit(aCharge(edited)), submit(aCharge(sound))]);
    await db().execute(sql`update accounts set available = available - 1 where id = ${edited}`);
    expect(results).toEqual([
      { status: "rejected", reason: expect.any(LedgerFault) },
      { status: "fulfilled", value: expect.objectContaining({ available: 999n }) },
    ]);
    expect(await entryCount(edited, "consumed")).toBe(0);
    expect((await submit(aCharge(edited))).available).toBe(999n);
  });

  test("with repeated keys, some from before, is charged once for each", async () => {
    const accountId = await aRichAccount();
    const { submit } = aBatcher({ maxBatch: 50 });
    const commands = Array.from({ length: 100 }, (_, index) => aCharge(accountId, { key: `k${index % 40}` }));
    const first = await Promise.all(commands.map(submit));
    const again = await Promise.all(commands.map(submit));
    expect(first.filter(({ repeated }) => !repeated)).toHaveLength(40);
    expect(again.every(({ repeated }) => repeated)).toBe(true);
    expect(again.slice(0, 40)).toEqual(first.slice(0, 40).map((one) => ({ ...one, repeated: true })));
    expect(await available(accountId)).toBe(960n);
  });

  test("larger than the queue is refused at once instead of waiting without bound", async () => {
    const accountId = await aRichAccount();
    const { submit } = aBatcher({ maxPending: 10 });
    const results = await Promise.allSettled(Array.from({ length: 15 }, () => submit(aCharge(accountId))));
    expect(results.slice(10)).toEqual(
      Array.from({ length: 5 }, () => ({ status: "rejected", reason: refused("busy") })),
    );
    expect(await available(accountId)).toBe(990n);
  });
});

test("two requests at once on one credit: one is served, the other refused, by whatever paths", async () => {
  const [one, other] = [aBatcher(), aBatcher()];
  for (let round = 0; round < 20; round += 1) {
    const accountId = await aRichAccount(1n);
    const results = await Promise.allSettled([
      one.submit(aCharge(accountId)),
      other.submit(aCharge(accountId)),
      apply(aCharge(accountId)),
    ]);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(results.filter(({ status }) => status === "rejected")).toEqual(
      Array.from({ length: 2 }, () => ({ status: "rejected", reason: refused("insufficient_credits") })),
    );
    expect(await available(accountId)).toBe(0n);
  }
});

describe("an account that somebody else has locked", () => {
  test("does not hold up the others, and is served when it is free", async () => {
    const [locked, free] = [await aRichAccount(), await aRichAccount()];
    const { submit } = aBatcher();
    let waiting: Promise<Outcome[]> = Promise.resolve([]);
    await db().transaction(async (tx) => {
      await tx.execute(sql`select from accounts where id = ${locked} for update`);
      waiting = Promise.all([submit(aCharge(locked, { key: "a" })), submit(aCharge(locked, { key: "b" }))]);
      await submit(aCharge(free));
    });
    expect((await waiting).map(({ key, available }) => [key, available])).toEqual([
      ["a", 999n],
      ["b", 998n],
    ]);
  });

  test("for too long makes its commands busy, not the others", async () => {
    const [locked, free] = [await aRichAccount(), await aRichAccount()];
    const { submit } = aBatcher({ lockTimeoutMs: 50 });
    await db().transaction(async (tx) => {
      await tx.execute(sql`select from accounts where id = ${locked} for update`);
      const [stuck, served] = await Promise.allSettled([submit(aCharge(locked)), submit(aCharge(free))]);
      expect(stuck).toEqual({ status: "rejected", reason: refused("busy") });
      expect(served.status).toBe("fulfilled");
    });
  });
});

describe("a caller who waits longer than the limit", () => {
  test("is answered, and what he is told is not applied never will be", async () => {
    const [locked, behind] = [await aRichAccount(), await aRichAccount()];
    const [underWay, queued] = [aCharge(locked), aCharge(behind)];
    // It stands in line for the lock far longer than anybody waits.
    const batcher = aBatcher({ maxBatch: 1, lockTimeoutMs: 60_000, maxWaitMs: 200 });
    const outcomes = await db().transaction(async (tx) => {
      await tx.execute(sql`select from accounts where id in (${locked}, ${behind}) for update`);
      return Promise.allSettled([batcher.submit(underWay), batcher.submit(queued)]);
    });
    const answer = expect.objectContaining({ code: "busy", facts: { outcome: "not_applied" } });
    expect(outcomes).toEqual([1, 2].map(() => ({ status: "rejected", reason: answer })));
    // The one that was under way gets its lock after all, and gives it back.
    await batcher.stop();
    expect(await available(locked)).toBe(1_000n);
    expect(await available(behind)).toBe(1_000n);
  });
});

test("a batcher that stops settles what it has and takes no more", async () => {
  const accountId = await aRichAccount();
  const holdId = await aHold(accountId);
  const batcher = aBatcher();
  const last = batcher.submit({ verb: "release", accountId, key: "r", holdId, cause: "x" });
  await batcher.stop();
  expect((await last).held).toBe(0n);
  await expect(batcher.submit(aCharge(accountId))).rejects.toEqual(refused("busy"));
});
