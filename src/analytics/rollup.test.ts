import { sql } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { type Id, newId } from "#platform/id";
import { accounts, runs, users } from "#schema";
import { testDatabase } from "#test";
import { readMetric } from "./read";
import { rebuild, rollUp } from "./rollup";
import { registrationDays } from "./user-rollups";

const { db } = testDatabase();

beforeEach(async () => {
  await db().execute(sql`truncate users, accounts, runs, rollups, registration_days cascade`);
});

async function aUser(at: string): Promise<Id<"account">> {
  const [id, accountId] = [newId("user"), newId("account")];
  await db()
    .insert(users)
    .values({ id, name: id, email: `${id}@example.com`, createdAt: new Date(at) });
  await db().insert(accounts).values({ id: accountId, ownerType: "user", ownerId: id });
  return accountId;
}

async function aRun(accountId: Id<"account">, at: string): Promise<void> {
  const id = newId("run");
  await db()
    .insert(runs)
    .values({
      ...{ id, accountId, tool: "ocr", status: "succeeded", input: {}, idempotencyKey: id, inputHash: id },
      ...{ createdAt: new Date(at), expiresAt: new Date(at) },
    });
}

/** Moves the clock, as time would. */
async function itIs(at: string): Promise<void> {
  await db().execute(sql`update money_clock set shift = ${at}::timestamptz - clock_timestamp()`);
}

async function all(): Promise<unknown> {
  const { rows } = await db().execute(sql`select * from registration_days order by 1, 2`);
  return rows;
}

test("what is made from day to day is what is made anew, and making it twice changes nothing", {
  timeout: 60_000,
}, async () => {
  await itIs("2026-03-01T12:00:00Z");
  const ada = await aUser("2026-03-01T09:00:00Z");
  await rollUp([registrationDays]);
  await itIs("2026-03-06T12:00:00Z");
  await aUser("2026-03-02T23:59:59Z");
  // Five days after signing up, and one who was there before the last time.
  await aRun(ada, "2026-03-06T11:00:00Z");
  await rollUp([registrationDays]);
  await itIs("2026-04-02T00:00:01Z");
  await aRun(await aUser("2026-04-01T10:00:00Z"), "2026-04-01T10:01:00Z");
  // Too late to count as activation.
  await aRun(await aUser("2026-03-20T10:00:00Z"), "2026-03-28T10:01:00Z");
  await rollUp([registrationDays]);
  const daily = await all();
  expect(daily).toMatchObject([
    { day: "2026-03-01", signups: 1, activated: 1 },
    { day: "2026-03-02", signups: 1, activated: 0 },
    { day: "2026-03-20", signups: 1, activated: 0 },
    { day: "2026-04-01", signups: 1, activated: 1 },
  ]);
  await rollUp([registrationDays]);
  expect(await all()).toEqual(daily);
  await db().execute(sql`update registration_days set signups = 99`);
  await rebuild([registrationDays]);
  expect(await all()).toEqual(daily);
});

test("a metric is read in whole periods, with as many before, and today's is not complete", async () => {
  await itIs("2026-04-02T12:00:00Z");
  for (const at of ["2026-02-27", "2026-03-30", "2026-03-31", "2026-04-01"]) await aUser(`${at}T12:00:00Z`);
  await rollUp([registrationDays]);
  const reading = await readMetric("signups", {
    ...{ first: "2026-03-15", last: "2026-04-02", grain: "month", filters: {}, compare: true },
  });
  expect(reading.points).toEqual([
    { period: "2026-03-01", incomplete: false, values: { unknown: 2 }, cases: null },
    { period: "2026-04-01", incomplete: true, values: { unknown: 1 }, cases: null },
  ]);
  expect(reading.total).toEqual({ unknown: 3 });
  expect(reading.previous?.points.map(({ period, values }) => [period, values.unknown])).toEqual([
    ...[["2026-01-01", 0] as const, ["2026-02-01", 1] as const],
  ]);
});
