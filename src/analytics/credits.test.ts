import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { testDatabase } from "#test";
import type { Filters, MetricName } from "./catalogue";
import { readMetric } from "./read";
import { rollUp } from "./rollup";
import { expectSameAnew } from "./rollup.fixture";
import { rollups } from "./rollups";

/** Credits of two customers in March, what they had paid for them and what models cost: few enough to reckon by hand. */

const { db } = testDatabase();

/** What the journal books: ACCOUNT DAY KIND CREDITS SOURCE, of a lot named so, and why; a run's charge names the run. */
const journal = `
  Ada 01 issued     100 signup welcome
  Ada 01 consumed   -20 signup tool:ocr   run_1
  Ben 01 issued      50 promo  code
  Ada 02 issued    1000 plan   refill
  Ada 03 consumed   -80 signup tool:write run_2
  Ada 03 consumed   -40 plan   tool:write run_2
  Ben 04 issued     200 pack   pack
  Ben 05 consumed   -30 pack   tool:ocr   run_3
  Ben 10 expired    -50 promo  expiry
  Ada 30 expired   -500 plan   expiry
  Ada 30 issued     300 plan   rollover`;

/** RUN ACCOUNT DAY TOOL STATUS CHARGED MODEL COST, the cost in millionths of a dollar. */
const begun = `
  run_1 Ada     01 ocr   succeeded  20 -     0
  run_2 Ada     03 write succeeded 120 mini  24000
  run_3 Ben     05 ocr   succeeded  30 -     0
  run_4 Ben     06 write failed      0 mini  6000
  run_5 visitor 07 write succeeded   0 mini  1000
  run_6 Ben     08 write succeeded   0 other null`;

/** ACCOUNT SOURCE CREDITS and what was paid for them, in cents. */
const lots = `
  Ada signup  100 -
  Ada plan   1000 1200 USD
  Ben promo    50 -
  Ben pack    200 500 EUR`;

const rowsOf = (table: string) =>
  table
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));

async function write(statements: readonly string[]): Promise<void> {
  await db().$client.query(statements.join(";\n"));
}

const accountOf = (name = "") => (name === "visitor" ? "null" : `'acct_${name}'`);
const noon = (day = "") => `'2026-03-${day}T12:00:00Z'`;

/** What happened from one day up to another. */
function happenings(from: string, until: string): string[] {
  const within = (day = "") => day >= from && day < until;
  return [
    ...rowsOf(journal).flatMap(([name, day, kind, credits, source, cause, run], place) =>
      within(day)
        ? [
            `insert into entries (account_id, seq, kind, credits, total_after, grant_id, source, cause, reference_type, reference_id, created_at)
             values (${accountOf(name)}, ${place + 1}, '${kind}', ${credits}, 0, 'grt_${name}_${source}', '${source}', '${cause}',
               ${run ? `'run', '${run}'` : "null, null"}, ${noon(day)})`,
          ]
        : [],
    ),
    ...rowsOf(begun).flatMap(([id, name, day, tool, status, charged, model, cost]) =>
      within(day)
        ? [
            `insert into runs (id, account_id, visitor_id, tool, status, input, idempotency_key, input_hash, charged, model, cost_micros, created_at, expires_at)
             values ('${id}', ${accountOf(name)}, ${name === "visitor" ? "'v'" : "null"}, '${tool}', '${status}', '{}', '${id}', '',
               ${charged}, nullif('${model}', '-'), ${cost}, ${noon(day)}, ${noon(day)})`,
          ]
        : [],
    ),
  ];
}

const clockAt = (day: string) =>
  `update money_clock set shift = '2026-03-${day}T13:00:00Z'::timestamptz - clock_timestamp()`;

beforeAll(async () => {
  await write([
    ...["Ada", "Ben"].map(
      (name) =>
        `insert into accounts (id, owner_type, owner_id) values ('acct_${name}', 'user', 'usr_${name}')`,
    ),
    ...rowsOf(lots).flatMap(([name, source, credits, paid, currency]) => [
      `insert into grants (account_id, id, source, credits, remaining, created_at)
       values (${accountOf(name)}, 'grt_${name}_${source}', '${source}', ${credits}, 0, ${noon("01")})`,
      ...(currency
        ? [
            `insert into lot_payments (account_id, grant_id, currency, amount)
             values (${accountOf(name)}, 'grt_${name}_${source}', '${currency}', ${paid})`,
          ]
        : []),
    ]),
    `insert into subscription_changes (subscription_id, account_id, status, plan_id, "interval", currency, monthly_cents, at)
     values ('sub_1', 'acct_Ada', 'active', 'pro', 'month', 'usd', 1200, ${noon("02")})`,
  ]);
  await write([...happenings("01", "04"), clockAt("04")]);
  await rollUp(rollups);
  await write([...happenings("04", "32"), clockAt("31")]);
  await rollUp(rollups);
}, 120_000);

async function total(name: MetricName, filters: Filters = {}) {
  const range = { first: "2026-03-01", last: "2026-03-31", grain: "month", compare: false } as const;
  return (await readMetric(name, { ...range, filters })).total;
}

describe("credits", () => {
  test.each<[MetricName, Filters, Record<string, number>]>([
    ["creditsByTool", {}, { ocr: 20 + 30, write: 80 + 40 }],
    // Ada was on the free plan on the 1st.
    ["creditsByPlan", {}, { free: 20 + 30, pro: 80 + 40 }],
    ["creditsByPlan", { tool: "ocr" }, { free: 20 + 30 }],
    ["creditsBySource", {}, { welcome: 20 + 80, planCredits: 40, pack: 30 }],
    ["creditsBySource", { plan: "pro" }, { welcome: 80, planCredits: 40 }],
    // 300 of the 500 that expired were carried over.
    ["breakage", {}, { welcome: 0, planCredits: (500 - 300) / 1000, promo: 50 / 50, pack: 0 }],
  ])("%s of %o", async (name, filters, expected) => {
    expect(await total(name, filters)).toEqual(expected);
  });
});

describe("what runs bring in and cost, in cents", () => {
  test.each<[MetricName, Record<string, number>]>([
    // 24000 + 6000 + 1000 millionths of a dollar; nobody knows what the other model costs.
    ["costByTool", { write: 3.1 }],
    ["costByModel", { mini: 3.1 }],
    // 40 credits of a lot of 1000 for 12.00; what Ben paid in euros is not in it, nor what was given.
    ["revenueByTool", { ocr: 0, write: 48 }],
    ["marginByTool", { ocr: 0, write: 48 - 3.1 }],
    ["marginByModel", { noModel: 0, mini: 48 - 3.1 }],
    ["marginByCustomer", { usr_Ada: 48 - 2.4, usr_Ben: -0.6 }],
  ])("%s", async (name, expected) => {
    const read = await total(name);
    expect(Object.keys(read).toSorted()).toEqual(Object.keys(expected).toSorted());
    for (const [series, cents] of Object.entries(expected))
      expect(read[series], series).toBeCloseTo(cents, 6);
  });
});

test("what was rolled up as time went by is what is made anew", { timeout: 60_000 }, async () => {
  await expectSameAnew(["credit_days", "margin_days", "margin_months", "wait_days"]);
});

test("a plan that we hear of late counts since its day", { timeout: 60_000 }, async () => {
  await db().execute(sql`
    insert into subscription_changes (subscription_id, account_id, status, plan_id, "interval", currency, monthly_cents, at)
    values ('sub_2', 'acct_Ben', 'active', 'premium', 'month', 'usd', 3900, '2026-03-05T20:00:00Z')`);
  await rollUp(rollups);
  expect(await total("creditsByPlan")).toEqual({ free: 20, pro: 120, premium: 30 });
});
