import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { testDatabase } from "#test";
import type { AccountId } from "./command";
import { listEntries, sumEntries, usageByDay } from "./entries";
import { aGrant, aKey, anAccount, applyOne } from "./testing";

const { db } = testDatabase();

/** Money's clock at a moment, as far as the account has not been later already. */
async function at(time: string): Promise<void> {
  await db().execute(sql`update money_clock set shift = ${time}::timestamptz - clock_timestamp()`);
}

async function used(accountId: AccountId, cause: string, credits: bigint, run = "run_1"): Promise<void> {
  const reference = { type: "run", id: run } as const;
  await applyOne({ verb: "charge", accountId, key: aKey(), credits, cause, reference });
}

/** 100 credits, then 1 on the 1st, 2 and 4 on the 2nd, 8 on the 3rd (UTC), with two tools. */
async function aHistory(): Promise<AccountId> {
  const accountId = await anAccount();
  await at("2028-03-01T00:00:00Z");
  await aGrant(accountId, { credits: 100n });
  await at("2028-03-01T23:30:00Z");
  await used(accountId, "tool:ocr", 1n);
  await at("2028-03-02T00:30:00Z");
  await used(accountId, "tool:ocr", 2n, "run_2");
  await at("2028-03-02T12:00:00Z");
  await used(accountId, "tool:ocr-fast", 4n);
  await at("2028-03-03T12:00:00Z");
  await used(accountId, "tool:upscale", 8n);
  return accountId;
}

const shown = (page: { entries: { credits: bigint }[] }) => page.entries.map(({ credits }) => credits);

test("pages go from the newest entry to the first without gap or overlap", async () => {
  const accountId = await aHistory();
  const first = await listEntries(db(), accountId, { limit: 2 });
  expect(shown(first)).toEqual([-8n, -4n]);
  expect(first.entries[0]).toMatchObject({
    seq: 5n,
    kind: "consumed",
    totalAfter: 85n,
    source: "signup",
    cause: "tool:upscale",
    reference: { type: "run", id: "run_1" },
  });
  const second = await listEntries(db(), accountId, { limit: 2, before: first.nextBefore ?? 0n });
  const third = await listEntries(db(), accountId, { limit: 2, before: second.nextBefore ?? 0n });
  expect([shown(second), shown(third)]).toEqual([[-2n, -1n], [100n]]);
  expect(third.nextBefore).toBeNull();
});

test("another account's entries are not in it", async () => {
  await aHistory();
  expect(await listEntries(db(), await anAccount(), { limit: 10 })).toEqual({
    entries: [],
    nextBefore: null,
  });
});

test.each([
  ["a kind", { kinds: ["issued"] as const }, [100n]],
  ["a cause, and not another that begins alike", { cause: "tool:ocr" }, [-2n, -1n]],
  ["all tools", { cause: "tool" }, [-8n, -4n, -2n, -1n]],
  ["a reference", { reference: { type: "run", id: "run_2" } as const }, [-2n]],
  [
    "times, the first within and the last without",
    {
      from: new Date("2028-03-02T00:30:00Z"),
      to: new Date("2028-03-03T12:00:00Z"),
    },
    [-4n, -2n],
  ],
  ["times before everything", { to: new Date("2027-01-01") }, []],
  ["times after everything", { from: new Date("2029-01-01") }, []],
])("filters by %s, and sums what it lists", async (_what, filter, expected) => {
  const accountId = await aHistory();
  expect(shown(await listEntries(db(), accountId, { limit: 10, ...filter }))).toEqual(expected);
  expect(await sumEntries(db(), accountId, filter)).toMatchObject({
    count: expected.length,
    net: expected.reduce((sum, credits) => sum + credits, 0n),
  });
});

test("usage is counted by day in the customer's time zone, and by cause", async () => {
  const accountId = await aHistory();
  const within = { from: new Date("2028-03-01T00:00:00Z"), to: new Date("2028-03-04T00:00:00Z") };
  expect(await usageByDay(db(), accountId, { ...within, timeZone: "UTC" })).toEqual([
    { day: "2028-03-01", cause: "tool:ocr", credits: 1n },
    { day: "2028-03-02", cause: "tool:ocr", credits: 2n },
    { day: "2028-03-02", cause: "tool:ocr-fast", credits: 4n },
    { day: "2028-03-03", cause: "tool:upscale", credits: 8n },
  ]);
  // In Shanghai the first was already used on the second.
  const [first] = await usageByDay(db(), accountId, { ...within, timeZone: "Asia/Shanghai" });
  expect(first).toEqual({ day: "2028-03-02", cause: "tool:ocr", credits: 3n });
});

test("a page and a range of time read one range of the primary key, on fresh tables too", async () => {
  const accountId = await aHistory();
  const { rows } = await db().execute<{ "QUERY PLAN": string }>(sql`
    explain select * from entries
    where account_id = ${accountId} and seq < 5
      and seq >= (select first_entry_at(${accountId}, '2028-03-02T00:00:00Z'))
    order by seq desc limit 3`);
  const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
  expect(plan).toContain("Index Scan Backward using entries_pkey");
  expect(plan).not.toContain("Filter");
});
