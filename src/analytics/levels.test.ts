import { sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { testDatabase } from "#test";
import type { Filters, MetricName } from "./catalogue";
import { readMetric } from "./read";
import { rollUp } from "./rollup";
import { rollups } from "./rollups";

/** Revenue of more countries than have a line of their own, and of a customer whose play money is forgotten. */

const { db } = testDatabase();

const countries = ["AT", "BE", "CH", "DE", "ES", "FR", "GB", "HU", "IT", "NL"];

async function pays(name: string, day: string, cents: number, country: string): Promise<void> {
  await db().execute(sql`
    insert into subscription_changes (subscription_id, account_id, status, plan_id, "interval", currency, monthly_cents, country, at)
    values (${`sub_${name}`}, ${`acct_${name}`}, 'active', 'pro', 'month', 'usd', ${cents}, ${country}, ${`${day}T12:00:00Z`})`);
}

beforeAll(async () => {
  await db().execute(sql`
    update money_clock set shift = '2026-03-31T12:00:00Z'::timestamptz - clock_timestamp()`);
  await db().execute(sql`
    insert into accounts (id, owner_type, owner_id) values ('acct_play', 'user', 'usr_play')`);
  await db().execute(sql`insert into customers (account_id) values ('acct_play')`);
  await pays("play", "2026-01-10", 50_000, "US");
  // 100 a month from the first country, 200 from the second, …
  for (const [place, country] of countries.entries())
    await pays(country, "2026-02-10", 100 * (place + 1), country);
  await rollUp(rollups);
}, 120_000);

async function months(name: MetricName, filters: Filters = {}) {
  const range = { first: "2026-01-01", last: "2026-03-31", grain: "month", compare: false } as const;
  const { points } = await readMetric(name, { ...range, filters: { currency: "usd", ...filters } });
  return points.map(({ values }) => values);
}

test("the eight largest have a line each, the others share one, and together they are all", async () => {
  const [january, february] = await months("mrrByCountry");
  expect(january).toMatchObject({ US: 50_000, NL: 0, other: 0 });
  expect(february).toEqual({
    ...{ US: 50_000, NL: 1000, IT: 900, HU: 800, GB: 700, FR: 600, ES: 500, DE: 400 },
    other: 100 + 200 + 300,
  });
  expect((await months("mrr"))[1]).toEqual({ all: 50_000 + 5500 });
  expect((await months("mrrByCountry", { country: "AT" }))[2]).toEqual({ AT: 100 });
});

test("a range with the one before it reads the same as either alone", async () => {
  const range = { grain: "day", compare: false, filters: { currency: "usd" } } as const;
  const [before, after] = [
    { first: "2026-02-01", last: "2026-02-14" },
    { first: "2026-02-15", last: "2026-02-28" },
  ];
  for (const name of ["mrr", "mrrMovements", "customerChurn", "mrrByPlan", "moneyIn"] as const) {
    const both = await readMetric(name, { ...range, ...after, compare: true });
    const alone = await readMetric(name, { ...range, ...before });
    expect(both.points, name).toEqual((await readMetric(name, { ...range, ...after })).points);
    expect(both.previous).toEqual({
      ...before,
      points: alone.points,
      total: alone.total,
      cases: alone.cases,
    });
  }
});

test("what was earned in play money is in no figure once it is forgotten", { timeout: 60_000 }, async () => {
  await db().execute(sql`delete from subscription_changes where account_id = 'acct_play'`);
  await db().execute(sql`delete from rollups`);
  await rollUp(rollups);
  expect(await months("mrr")).toEqual([{ all: 0 }, { all: 5500 }, { all: 5500 }]);
  expect((await months("mrrMovements")).map((values) => values.new)).toEqual([0, 5500, 0]);
});
