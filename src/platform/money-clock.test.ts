import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { testDatabase } from "#test";
import { keepRealTime, moneyNow } from "./money-clock";

const { db } = testDatabase();

/** How far money's clock is ahead of the database's, in seconds. */
async function aheadSeconds(): Promise<number> {
  const { rows } = await db().execute<{ ahead: number }>(
    sql`select extract(epoch from money_now() - clock_timestamp())::float8 as ahead`,
  );
  return rows[0]?.ahead ?? Number.NaN;
}

test("money's clock is the database's, and a test may move it", async () => {
  expect(await moneyNow(db())).toBeInstanceOf(Date);
  expect(await aheadSeconds()).toBeCloseTo(0, 1);
  await db().execute(sql`update money_clock set shift = interval '2 days'`);
  expect(await aheadSeconds()).toBeCloseTo(2 * 86_400, 1);
});

test("once the database is the real site's, its clock goes back to the real time and stays there", async () => {
  await keepRealTime(db());
  expect(await aheadSeconds()).toBeCloseTo(0, 1);
  await expect(db().execute(sql`update money_clock set shift = interval '1 s'`)).rejects.toThrow(
    expect.objectContaining({ cause: expect.objectContaining({ constraint: "money_clock_live" }) }),
  );
  await keepRealTime(db());
  expect(await aheadSeconds()).toBeCloseTo(0, 1);
});
