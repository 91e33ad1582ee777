import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { databaseUrl } from "#platform/db";
import { cutConnection, testDatabase } from "#test";
import { readBalance } from "./balance";
import { type Batcher, createBatcher } from "./batcher";
import type { AccountId, Command, Outcome } from "./command";
import { sumEntries } from "./entries";
import { expireLots } from "./expiry";
import { reconcile } from "./reconcile";
import { stopLedger } from "./submit";
import { aCharge, aGrant, aHold, aKey, anAccount, apply, applyOne } from "./testing";

/** Failures that others reported of systems which do our job, asked of ours: docs/known-failures.md. */

const { db } = testDatabase();
afterAll(stopLedger);

let batchers: Batcher[] = [];
beforeAll(() => {
  // Two, as two processes have.
  batchers = [createBatcher({ url: databaseUrl() }), createBatcher({ url: databaseUrl() })];
});
afterAll(async () => {
  await Promise.all(batchers.map((batcher) => batcher.stop()));
});
afterEach(async () => {
  expect(await reconcile(db())).toEqual([]);
});

const refused = (code: string, facts = {}) =>
  expect.objectContaining({ code, facts: expect.objectContaining(facts) });
const total = async (accountId: AccountId) => (await readBalance(db(), accountId)).total;

/** Asks for each command at the same moment, by every path there is. */
async function atOnce(...commands: Command[]): Promise<PromiseSettledResult<Outcome>[]> {
  return Promise.allSettled(
    commands.map((command, index) => batchers[index % 3]?.submit(command) ?? applyOne(command)),
  );
}

function applied(results: PromiseSettledResult<Outcome>[]): Outcome[] {
  return results.flatMap((result) =>
    result.status === "fulfilled" && !result.value.repeated ? [result.value] : [],
  );
}

function reasons(results: PromiseSettledResult<Outcome>[]): unknown[] {
  return results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
}

async function inSeconds(seconds: number): Promise<Date> {
  const { rows } = await db().execute<{ at: string }>(
    sql`select money_now() + ${seconds} * interval '1 s' as at`,
  );
  return new Date(rows[0]?.at ?? "");
}

async function pass(interval: string): Promise<void> {
  await db().execute(sql`update money_clock set shift = shift + ${interval}::interval`);
}

/** What a month of a plan grants: keyed by the invoice's line and the month. */
function aMonth(
  accountId: AccountId,
  {
    line = "il_1",
    month = 0,
    credits = 500n,
    expiresAt,
  }: { line?: string; month?: number; credits?: bigint; expiresAt: Date | null },
): Command {
  const reference = { type: "invoice", id: "in_1" } as const;
  return {
    verb: "grant",
    accountId,
    key: `${line}:${month}`,
    source: "plan",
    credits,
    expiresAt,
    cause: "plan",
    reference,
  };
}

describe("a charge", () => {
  test("that loses a race over several lots has taken from none of them", async () => {
    for (let round = 0; round < 10; round += 1) {
      const accountId = await anAccount();
      await aGrant(accountId, { credits: 3n });
      await aGrant(accountId, { credits: 3n });
      const results = await atOnce(...[1, 2, 3].map(() => aCharge(accountId, { credits: 4n })));
      expect(applied(results)).toHaveLength(1);
      expect(reasons(results)).toEqual(
        [1, 2].map(() => refused("insufficient_credits", { need: 4, have: 2 })),
      );
      const { available, lots } = await readBalance(db(), accountId);
      expect([available, lots.map(({ remaining }) => remaining)]).toEqual([2n, [2n]]);
    }
  });

  test("whose last write fails has taken from no lot, and its repetition takes once", async () => {
    const accountId = await anAccount();
    await aGrant(accountId, { credits: 10n });
    const charge = aCharge(accountId, { credits: 4n });
    await db().execute(sql`alter table accounts add constraint no_write check (available <> 6) not valid`);
    await expect(batchers[0]?.submit(charge)).rejects.toThrow("no_write");
    await expect(apply(charge)).rejects.toThrow();
    expect((await readBalance(db(), accountId)).lots).toMatchObject([{ remaining: 10n }]);
    await db().execute(sql`alter table accounts drop constraint no_write`);
    expect(applied(await atOnce(charge, charge, charge))).toHaveLength(1);
    expect(await total(accountId)).toBe(6n);
  });

  test("that a run reserved before its credits expired is still paid with them", async () => {
    const accountId = await anAccount();
    await aGrant(accountId, { credits: 10n, expiresAt: await inSeconds(60) });
    const holdId = await aHold(accountId, { credits: 8n });
    await pass("2 min");
    await expireLots();
    expect(await total(accountId)).toBe(8n);
    const captured = await applyOne({ verb: "capture", accountId, key: aKey(), holdId, credits: 5n });
    expect(captured).toMatchObject({ credits: 5n, available: 0n, held: 0n });
    expect(await sumEntries(db(), accountId, {})).toMatchObject({ consumed: -5n, expired: -5n });
  });
});

describe("a payment", () => {
  test("whose notice comes eight times at once is credited once", async () => {
    const accountId = await anAccount();
    const notices = Array.from({ length: 8 }, () => aMonth(accountId, { expiresAt: null }));
    const results = await atOnce(...notices);
    expect(applied(results)).toHaveLength(1);
    expect(reasons(results)).toEqual([]);
    expect(await sumEntries(db(), accountId, {})).toMatchObject({ count: 1, issued: 500n });
  });

  test("of which the customer gets twelve months by one invoice is credited once for each month", async () => {
    const accountId = await anAccount();
    for (const month of [0, 1, 1, 2])
      await apply(aMonth(accountId, { month, credits: 10n, expiresAt: null }));
    expect(await total(accountId)).toBe(30n);
  });

  test("named by the key of another amount is a conflict, not a second credit", async () => {
    const accountId = await anAccount();
    await apply(aMonth(accountId, { expiresAt: null }));
    const other = aMonth(accountId, { credits: 501n, expiresAt: null });
    expect(reasons(await atOnce(other, other))).toEqual([1, 2].map(() => refused("idempotency_conflict")));
    expect(await total(accountId)).toBe(500n);
  });
});

describe("a monthly refill", () => {
  test("that two jobs begin at once happens once, and resets nothing", async () => {
    const accountId = await anAccount();
    await aGrant(accountId, { credits: 7n, source: "pack" });
    const expiresAt = await inSeconds(3600);
    const results = await atOnce(...[1, 2, 3].map(() => aMonth(accountId, { credits: 100n, expiresAt })));
    expect(applied(results)).toHaveLength(1);
    expect(await total(accountId)).toBe(107n);
  });

  test("at the moment of a pack and a charge loses none of them", async () => {
    for (let round = 0; round < 10; round += 1) {
      const accountId = await anAccount();
      await aGrant(accountId, { credits: 20n, source: "plan", expiresAt: await inSeconds(1) });
      await pass("2 s");
      const results = await atOnce(
        aMonth(accountId, { credits: 100n, expiresAt: await inSeconds(3600) }),
        aMonth(accountId, { line: "il_pack", credits: 50n, expiresAt: null }),
        { verb: "expire", accountId, key: aKey() },
        aCharge(accountId, { credits: 1n, key: "c" }),
      );
      const charged = results[3]?.status === "fulfilled" ? 1n : 0n;
      expect(await total(accountId)).toBe(150n - charged);
    }
  });

  test("lets last month's credits expire, and packs stay", async () => {
    const accountId = await anAccount();
    await apply(aMonth(accountId, { month: 0, expiresAt: await inSeconds(60) }));
    await aGrant(accountId, { credits: 30n, source: "pack" });
    await apply(aCharge(accountId, { credits: 100n }));
    await pass("2 min");
    await apply(aMonth(accountId, { month: 1, expiresAt: await inSeconds(60) }));
    const { lots, total: all } = await readBalance(db(), accountId);
    expect(lots.map(({ source, remaining }) => [source, remaining])).toEqual([
      ["plan", 500n],
      ["pack", 30n],
    ]);
    expect(all).toBe(530n);
  });
});

describe("a refund", () => {
  test("of credits that were spent is refused with how many are left, and takes back just those", async () => {
    const accountId = await anAccount();
    const grantId = await aGrant(accountId, { credits: 100n, source: "pack" });
    await apply(aCharge(accountId, { credits: 70n }));
    await aHold(accountId, { credits: 10n });
    const refund = (credits: bigint): Command => ({
      verb: "reverse",
      accountId,
      key: "re_1",
      grantId,
      credits,
      cause: "refund",
    });
    const reason = refused("insufficient_credits", { need: 100, have: 20 });
    await expect(apply(refund(100n))).rejects.toEqual(reason);
    expect(await total(accountId)).toBe(30n);
    expect(await applyOne(refund(20n))).toMatchObject({ credits: 20n, available: 0n, held: 10n });
  });

  test("keeps total equal to what was issued less what was consumed and taken back", async () => {
    const accountId = await anAccount();
    const grantId = await aGrant(accountId, { credits: 100n });
    await apply(aCharge(accountId, { credits: 40n }));
    await apply({ verb: "reverse", accountId, key: aKey(), grantId, credits: 25n, cause: "refund" });
    const sums = await sumEntries(db(), accountId, {});
    expect(sums).toMatchObject({ issued: 100n, consumed: -40n, reversed: -25n, net: 35n });
    expect(await total(accountId)).toBe(35n);
  });

  test("sent again after its answer was lost takes back once", async () => {
    const accountId = await anAccount();
    const grantId = await aGrant(accountId, { credits: 100n });
    const cut = await cutConnection(databaseUrl(), "commit\0");
    const batcher = createBatcher({ url: cut.url });
    const refund: Command = {
      verb: "reverse",
      accountId,
      key: "re_1",
      grantId,
      credits: 60n,
      cause: "refund",
    };
    expect(await batcher.submit(refund)).toMatchObject({ repeated: true, available: 40n });
    await batcher.stop();
    expect(cut.times()).toBe(1);
    expect(applied(await atOnce(refund, refund, refund))).toEqual([]);
    expect(await total(accountId)).toBe(40n);
  });
});

describe("a hold", () => {
  test("that two pollers give back at once is given back once", async () => {
    const accountId = await anAccount();
    await aGrant(accountId, { credits: 10n });
    const holdId = await aHold(accountId, { credits: 6n });
    const results = await atOnce(
      ...["a", "b", "c"].map(
        (key): Command => ({ verb: "release", accountId, key, holdId, cause: "failed" }),
      ),
    );
    expect(applied(results)).toHaveLength(1);
    expect(reasons(results)).toEqual([1, 2].map(() => refused("hold_closed", { status: "released" })));
    expect(await readBalance(db(), accountId)).toMatchObject({ available: 10n, held: 0n });
  });

  test("that is settled under two keys, or settled and given back, settles once", async () => {
    const accountId = await anAccount();
    await aGrant(accountId, { credits: 10n });
    const holdId = await aHold(accountId, { credits: 6n });
    const results = await atOnce(
      { verb: "capture", accountId, key: "settle", holdId, credits: 2n },
      { verb: "capture", accountId, key: "settle again", holdId, credits: 2n },
      { verb: "release", accountId, key: "give back", holdId, cause: "failed" },
    );
    expect(applied(results)).toHaveLength(1);
    expect(reasons(results)).toEqual([1, 2].map(() => refused("hold_closed")));
    expect(await total(accountId)).toBe(applied(results)[0]?.verb === "capture" ? 8n : 10n);
  });
});

describe("a key", () => {
  test("that is repeated is answered with the first result, also when the credits are long spent", async () => {
    const accountId = await anAccount();
    await aGrant(accountId, { credits: 10n });
    const charge = aCharge(accountId, { credits: 10n, key: "order" });
    const first = await applyOne(charge);
    const results = await atOnce(charge, charge, charge);
    expect(reasons(results)).toEqual([]);
    expect(results).toEqual(
      [1, 2, 3].map(() => ({ status: "fulfilled", value: { ...first, repeated: true } })),
    );
  });

  test("of a command that was refused is decided anew, and then counts once", async () => {
    const accountId = await anAccount();
    const charge = aCharge(accountId, { credits: 5n, key: "order" });
    await expect(apply(charge)).rejects.toEqual(refused("insufficient_credits"));
    await aGrant(accountId, { credits: 10n });
    expect(applied(await atOnce(charge, charge, charge))).toHaveLength(1);
    expect(await total(accountId)).toBe(5n);
  });
});
