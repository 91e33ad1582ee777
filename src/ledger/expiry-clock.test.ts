import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { testDatabase } from "#test";
import { readBalance } from "./balance";
import { listEntries } from "./entries";
import { expireLots, expireOverdueHolds } from "./expiry";
import { reconcile } from "./reconcile";
import { stopLedger } from "./submit";
import { aCharge, aGrant, aHold, anAccount, apply } from "./testing";

/**
 * Money's clock alone says when credits and holds end: here this process's clock stands in 2001, its zone and
 * the database's are two that change to summer time, at other moments than each other.
 */

const { db } = testDatabase();
const zone = process.env.TZ;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2001-09-09T01:46:40Z") });
  process.env.TZ = "Australia/Lord_Howe";
  const { rows } = await db().execute<{ name: string }>(sql`select current_database() as name`);
  await db().execute(sql.raw(`alter database ${rows[0]?.name} set timezone to 'America/New_York'`));
  await db().execute(sql`set timezone to 'America/New_York'`);
});
afterAll(async () => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
  await stopLedger();
  vi.useRealTimers();
});

/**
 * In seconds: an interval of days is longer or shorter where clocks change.
 * @param ms so much later, or earlier if negative
 */
async function itIs(time: string, ms = 0): Promise<void> {
  const seconds = (Date.parse(time) + ms) / 1000;
  await db().execute(
    sql`update money_clock set shift = make_interval(secs => ${seconds} - date_part('epoch', clock_timestamp()))`,
  );
}

test.each([
  ["with the first moment of a leap day", "2028-02-29T00:00:00.000Z"],
  ["with the last moment of a leap day", "2028-02-29T23:59:59.999Z"],
  ["with the last moment of a February that has 28 days", "2029-02-28T23:59:59.999Z"],
  ["at noon of a 31st", "2029-05-31T12:00:00.000Z"],
  ["with the year", "2029-12-31T23:59:59.999Z"],
  ["at midnight in Shanghai, on the 31st here and the 1st there", "2030-01-31T16:00:00.000Z"],
  ["when New York's clocks go from 2 to 3", "2030-03-10T07:00:00.000Z"],
  ["at half past 1 in New York, before the clocks go back", "2030-11-03T05:30:00.000Z"],
  ["at half past 1 in New York, after the clocks went back", "2030-11-03T06:30:00.000Z"],
])("a lot that ends %s is worth all until then, and nothing from then on", async (_, end) => {
  const accountId = await anAccount();
  await itIs(end, -86_400_000);
  await aGrant(accountId, { credits: 5n, expiresAt: new Date(end) });
  await itIs(end, -20_000);
  await expireLots();
  expect(await readBalance(db(), accountId)).toMatchObject({
    available: 5n,
    nextExpiry: { at: new Date(end), credits: 5n },
  });
  await apply(aCharge(accountId, { credits: 2n }));
  await itIs(end);
  expect(await readBalance(db(), accountId)).toMatchObject({ available: 0n, nextExpiry: null });
  await expect(apply(aCharge(accountId, { credits: 1n }))).rejects.toMatchObject({
    code: "insufficient_credits",
    facts: { have: 0 },
  });
  await expireLots();
  const [last] = (await listEntries(db(), accountId, { limit: 1 })).entries;
  expect(last).toMatchObject({ kind: "expired", credits: -3n });
  expect(last?.createdAt.getTime()).toBeGreaterThanOrEqual(Date.parse(end));
  expect(await reconcile(db())).toEqual([]);
});

describe("a hold of an hour lasts an hour", () => {
  test.each([
    ["over the hour that New York's clocks leave out", "2031-03-09T06:30:00.000Z"],
    ["over the hour that they have twice", "2031-11-02T05:30:00.000Z"],
    ["over the end of a leap day", "2032-02-29T23:30:00.000Z"],
  ])("%s", async (_, start) => {
    const accountId = await anAccount();
    await itIs(start, -20_000);
    await aGrant(accountId, { credits: 5n });
    const before = await readBalance(db(), accountId);
    await aHold(accountId, { credits: 4n, lifetimeSeconds: 3600 });
    await itIs(start, 3_570_000);
    expect((await expireOverdueHolds()).settled).toBe(0);
    await itIs(start, 3_600_000);
    expect((await expireOverdueHolds()).settled).toBe(1);
    expect(await readBalance(db(), accountId)).toMatchObject({ available: before.available, held: 0n });
  });
});
