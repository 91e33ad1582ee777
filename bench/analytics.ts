import { sql } from "drizzle-orm";
import { readCohorts, readMetric, readScope, rebuild, rollups } from "#analytics";
import { factsOf, metricNames, tabs } from "#analytics/catalogue";
import type { Db } from "#platform/db";
import { OperatorError, say } from "#platform/terminal";
import { fillSite } from "./analytics-site";
import { withFreshDatabase } from "./books";

/**
 * `npm run bench -- analytics [--scale N]`: how long the pages of analytics take to read from roll-ups, and how
 * long those take to make, on a generated site. Scale 1 is a million customers and ten million events in 24
 * months; it takes an hour and some 10 GB.
 */

const usualScale = 0.02;
const rounds = 5;
const rolledUp = [
  ...["account_days", "cohort_periods", "mrr_days", "mrr_levels", "payment_days"],
  ...["credit_days", "margin_days", "margin_months", "response_days"],
];
/** What a page may take. */
const goalMs = 300;

export async function run(args: readonly string[]): Promise<void> {
  const scale = scaleOf(args);
  await withFreshDatabase(async (db) => {
    const { customers, events } = await timed("the site", () => fillSite(db, scale));
    say(`${customers.toLocaleString("en")} customers, ${events.toLocaleString("en")} events, 24 months`);
    await timed("all roll-ups, anew", () => rebuild(rollups));
    await db.execute(sql`vacuum analyze`);
    for (const table of rolledUp) {
      say(`${table}: ${(await sizeOf(db, table)).toLocaleString("en")} rows`);
    }
    await measurePages();
  });
}

/** Each page as its browser asks for it: all its metrics at once, over a year by days, with the year before. */
async function measurePages(): Promise<void> {
  const { today, currencies } = await readScope();
  const currency = currencies[0] ?? "usd";
  const first = `${Number(today.slice(0, 4)) - 1}${today.slice(4)}`;
  for (const tab of tabs) {
    const names = metricNames.filter((name) => factsOf(name).tab === tab);
    if (names.length === 0) continue;
    for (const grain of ["day", "month"] as const) {
      const range = { first, last: today, grain, compare: true, filters: { currency } };
      const alone: [string, number][] = [];
      for (const name of names) alone.push([name, await median(() => readMetric(name, range))]);
      if (tab === "users")
        alone.push(["cohorts", await median(() => readCohorts({ first, last: today }, "week"))]);
      const together = await median(() => Promise.all(names.map((name) => readMetric(name, range))));
      const [slowest, ms] = alone.toSorted(([, a], [, b]) => b - a)[0] ?? ["", 0];
      say(
        `${tab} by ${grain}: all at once ${together.toFixed(0)} ms, slowest alone ${slowest} ${ms.toFixed(0)} ms` +
          `${Math.max(together, ms) > goalMs ? `, above the ${goalMs} ms it may take` : ""}`,
      );
    }
  }
}

async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
}

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work();
  say(`${what}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return result;
}

async function sizeOf(db: Db, table: string): Promise<number> {
  const { rows } = await db.execute<{ count: string }>(
    sql`select count(*)::text from ${sql.identifier(table)}`,
  );
  return Number(rows[0]?.count);
}

function scaleOf(args: readonly string[]): number {
  const place = args.indexOf("--scale");
  const scale = place < 0 ? usualScale : Number(args[place + 1]);
  if (!(scale > 0 && scale <= 10))
    throw new OperatorError("npm run bench -- analytics [--scale N], N above 0");
  return scale;
}
