import { sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { testDatabase } from "#test";
import { readCohorts } from "./cohorts";
import { readMetric } from "./read";
import { rebuild, rollUp } from "./rollup";
import { rollups } from "./rollups";

/**
 * Who signed up on which day of 2026, and on which days they ran which tool: few enough to count by hand. The
 * expected figures stand beside the tests.
 */
const people: readonly (readonly [
  name: string,
  signedUp: string,
  source: string | null,
  ...runs: string[],
])[] = [
  ["Ada", "2026-01-05", "direct", "01-05 ocr", "01-06 ocr", "01-06 upscale", "02-10 ocr", "03-02 ocr"],
  ["Ben", "2026-01-20", "news", "01-26 ocr", "02-10 upscale"],
  // Eight days after signing up is no activation.
  ["Cai", "2026-01-31", "news", "02-08 ocr", "03-30 ocr"],
  ["Dee", "2026-02-10", null, "02-10 ocr", "02-11 ocr", "03-01 ocr"],
  ["Eve", "2026-02-28", "direct"],
];

const { db } = testDatabase();

const statements = (from: string, until: string) =>
  people.flatMap(([name, signedUp, source, ...runs]) => [
    ...(signedUp >= from && signedUp < until
      ? [
          `insert into users (id, name, email, created_at) values ('usr_${name}', '${name}', '${name}@example.com', '${signedUp}T10:00:00Z')`,
          `insert into accounts (id, owner_type, owner_id) values ('acct_${name}', 'user', 'usr_${name}')`,
          ...(source
            ? [`insert into sign_up_sources (user_id, source) values ('usr_${name}', '${source}')`]
            : []),
        ]
      : []),
    ...runs
      .map((run) => `2026-${run}`.split(" "))
      .filter(([day = ""]) => day >= from && day < until)
      .map(
        ([day, tool]) =>
          `insert into runs (id, account_id, tool, status, input, idempotency_key, input_hash, created_at, expires_at)
           values ('run_${name}_${day}_${tool}', 'acct_${name}', '${tool}', 'succeeded', '{}', '${day}${tool}', '', '${day}T11:00:00Z', '${day}T11:00:00Z')`,
      ),
  ]);

beforeAll(async () => {
  const pauses = ["2026-01-01", "2026-02-09", "2026-02-20", "2026-03-31"];
  for (const [place, until] of pauses.entries()) {
    const own = statements(pauses[place - 1] ?? "", until);
    const clock = `update money_clock set shift = '${until}T12:00:00Z'::timestamptz - clock_timestamp()`;
    await db().$client.query([...own, clock].join(";\n"));
    await rollUp(rollups);
  }
}, 120_000);

const range = { first: "2026-01-01", last: "2026-03-30", filters: {}, compare: false } as const;

test("sign-ups are counted by source, and activation by who ran something within seven days", async () => {
  const signups = await readMetric("signups", { ...range, grain: "month" });
  expect(signups.points.map(({ values }) => values)).toEqual([
    { direct: 1, news: 2, unknown: 0 },
    { direct: 1, news: 0, unknown: 1 },
    { direct: 0, news: 0, unknown: 0 },
  ]);
  const activation = await readMetric("activation", { ...range, grain: "month" });
  expect(activation.points[0]).toMatchObject({ values: { all: 2 / 3 }, cases: 3 });
  expect(activation.total).toEqual({ all: 3 / 5 });
});

test("active customers are counted on a day, in 7 and in 30 days", async () => {
  const { points } = await readMetric("active", { ...range, grain: "day" });
  const on = (day: string) => points.find(({ period }) => period === day)?.values;
  expect(on("2026-01-06")).toEqual({ daily: 1, weekly: 1, monthly: 1 });
  // Ada ran on the 6th: on the 12th that is seven days, on the 13th no more.
  expect(on("2026-01-12")).toEqual({ daily: 0, weekly: 1, monthly: 1 });
  expect(on("2026-01-13")).toEqual({ daily: 0, weekly: 0, monthly: 1 });
  expect(on("2026-02-04")).toEqual({ daily: 0, weekly: 0, monthly: 2 });
  expect(on("2026-02-05")).toEqual({ daily: 0, weekly: 0, monthly: 1 });
  expect(on("2026-02-10")).toEqual({ daily: 3, weekly: 4, monthly: 4 });
  expect(on("2026-02-14")).toEqual({ daily: 0, weekly: 4, monthly: 4 });
  const ocr = await readMetric("active", { ...range, grain: "day", filters: { tool: "ocr" } });
  expect(ocr.points.find(({ period }) => period === "2026-02-10")?.values).toEqual({
    ...{ daily: 2, weekly: 3, monthly: 4 },
  });
});

test("who comes back after more than 30 days is resurrected", async () => {
  const { points } = await readMetric("resurrected", { ...range, grain: "month" });
  // Ada on 10 February after 35 days; Cai on 30 March after 50.
  expect(points.map(({ values }) => values.all)).toEqual([0, 1, 1]);
});

test("cohorts tell how many of a month's or week's are there in each one since", async () => {
  const months = await readCohorts({ first: "2026-01-01", last: "2026-03-31" }, "month");
  expect(months.map(({ cohort, size, cells }) => [cohort, size, cells.map(({ active }) => active)])).toEqual([
    ["2026-01-01", 3, [2, 3, 2]],
    ["2026-02-01", 2, [1, 1]],
  ]);
  expect(months[0]?.cells.map(({ incomplete }) => incomplete)).toEqual([false, false, true]);
  const weeks = await readCohorts({ first: "2026-01-05", last: "2026-01-25" }, "week");
  expect(weeks.map(({ cohort, cells }) => [cohort, cells.slice(0, 6).map(({ active }) => active)])).toEqual([
    ["2026-01-05", [1, 0, 0, 0, 0, 1]],
    ["2026-01-19", [0, 1, 0, 1, 0, 0]],
  ]);
});

test("what was rolled up as time went by is what is made anew", { timeout: 60_000 }, async () => {
  const tables = ["registration_days", "account_days", "active_days", "cohort_periods"];
  const read = () =>
    Promise.all(
      tables.map(async (table) => {
        const { rows } = await db().execute(
          sql`select to_jsonb(t)::text as row from ${sql.identifier(table)} t order by 1`,
        );
        return rows;
      }),
    );
  const kept = await read();
  expect(kept.every((rows) => rows.length > 0)).toBe(true);
  for (const table of tables) await db().execute(sql`delete from ${sql.identifier(table)}`);
  await rebuild(rollups);
  expect(await read()).toEqual(kept);
});
