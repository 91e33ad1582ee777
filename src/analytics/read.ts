import { sql } from "drizzle-orm";
import { addDays, dayOf } from "#format";
import { config } from "#platform/config";
import { db } from "#platform/db";
import { moneyNow } from "#platform/money-clock";
import { type Days, periodOf, periodsBefore, periodsOf, wholePeriods } from "./calendar";
import { factsOf, type Grain, type MetricName } from "./catalogue";
import { metricQueries } from "./metric-queries";
import type { MetricQuery, MetricRange } from "./metric-query";
import { readState } from "./rollup";

export type Point = {
  /** The period's first day. */
  period: string;
  /** It is not over, or what happened in it may still change its figure. */
  incomplete: boolean;
  /** By series; null where nothing can be said. */
  values: Record<string, number | null>;
  /** Of a rate: how many cases are behind it. */
  cases: number | null;
};

type Figures = {
  first: string;
  last: string;
  points: Point[];
  /** All periods together, by series: the sum, the last level, or the rate of the whole. */
  total: Record<string, number | null>;
  cases: number | null;
};

export type Reading = Figures & {
  grain: Grain;
  timeZone: string;
  today: string;
  /** What happened before it is in; null: nothing was rolled up yet. */
  asOf: Date | null;
  series: string[];
  /** As many periods before. */
  previous: Figures | null;
};

/** Reads a metric over these days, made whole periods. */
export async function readMetric(
  name: MetricName,
  { first, last, grain: asked, filters, compare }: MetricRange & { compare: boolean },
): Promise<Reading> {
  const timeZone = config().TIME_ZONE;
  const today = dayOf(await moneyNow(db()), timeZone);
  const grain = factsOf(name).monthly ? "month" : asked;
  const days = wholePeriods({ first, last }, grain, today);
  const { rollup, query } = metricQueries[name];
  const known = factsOf(name).filters;
  const useful = Object.fromEntries(
    Object.entries(filters).filter(([filter]) => known.some((one) => one === filter)),
  );
  const ask = async (of: Days) =>
    figuresOf(name, of, grain, today, await rowsOf(query, { ...of, grain, filters: useful }));
  const [state, now, previous] = await Promise.all([
    readState(db(), rollup),
    ask(days),
    compare ? ask(periodsBefore(days, grain)) : null,
  ]);
  const series = Object.keys(now.total);
  return { ...now, grain, timeZone, today, asOf: state?.asOf ?? null, series, previous };
}

type Row = { period: string; series: string; value: number; per: number | null; cases: number | null };

async function rowsOf(query: MetricQuery, range: MetricRange): Promise<Row[]> {
  const { rows } = await db().execute<Row>(sql`
    select to_char(period, 'YYYY-MM-DD') as period, series, value::float8 as value,
      per::float8 as per, cases::float8 as cases
    from (${query(range)}) as read (period, series, value, per, cases) order by 1, 2`);
  return rows;
}

function figuresOf(name: MetricName, days: Days, grain: Grain, today: string, rows: readonly Row[]): Figures {
  const { shape, settlesAfterDays = 0 } = factsOf(name);
  const bySeries = grouped(rows, ({ series }) => series);
  const byPeriod = grouped(rows, ({ period }) => period);
  const missing = shape === "sum" ? 0 : null;
  const periods = periodsOf(days, grain);
  const points = periods.map((period, place): Point => {
    const own = byPeriod.get(period) ?? [];
    const after = periods[place + 1];
    const lastDay = after ? addDays(after, -1) : endOf(period, grain);
    return {
      period,
      incomplete: addDays(lastDay, settlesAfterDays) >= today,
      values: Object.fromEntries(
        [...bySeries.keys()].map((series) => {
          const row = own.find((one) => one.series === series);
          return [series, row ? amountOf(row) : missing];
        }),
      ),
      cases: casesOf(own),
    };
  });
  const total = Object.fromEntries([...bySeries].map(([series, own]) => [series, together(own, shape)]));
  const whole = shape === "level" ? rows.filter(({ period }) => period === rows.at(-1)?.period) : rows;
  return { ...days, points, total, cases: casesOf(whole) };
}

function grouped(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}

function endOf(period: string, grain: Grain): string {
  const [, after] = periodsOf({ first: period, last: addDays(period, 31) }, grain);
  return addDays(after ?? periodOf(period, grain), -1);
}

function amountOf({ value, per }: Row): number | null {
  if (per === null) return value;
  return per === 0 ? null : value / per;
}

function together(rows: readonly Row[], shape: "sum" | "level" | "rate"): number | null {
  if (shape === "level") {
    const last = rows.at(-1);
    return last ? amountOf(last) : null;
  }
  const value = rows.reduce((sum, row) => sum + row.value, 0);
  if (shape === "sum") return value;
  return amountOf({ ...zero, value, per: rows.reduce((sum, row) => sum + (row.per ?? 0), 0) });
}

const zero: Row = { period: "", series: "", value: 0, per: null, cases: null };

function casesOf(rows: readonly Row[]): number | null {
  const known = rows.filter(({ per, cases }) => per !== null || cases !== null);
  return known.length === 0 ? null : known.reduce((sum, { per, cases }) => sum + (cases ?? per ?? 0), 0);
}
