import { sql } from "drizzle-orm";
import { addDays, dayOf } from "#format";
import { config } from "#platform/config";
import { db } from "#platform/db";
import { type Days, periodOf, periodsBefore, periodsOf, shiftPeriod, wholePeriods } from "./calendar";
import { factsOf, type Grain, type MetricName } from "./catalogue";
import { type Figures, figuresOf, type Row } from "./figures";
import { metricQueries } from "./metric-queries";
import type { MetricQuery, MetricRange } from "./metric-query";

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

type Asked = Days & Pick<MetricRange, "grain" | "filters"> & { compare: boolean };

/** Reads a metric over these days, made whole periods. */
export async function readMetric(
  name: MetricName,
  { first, last, grain: asked, filters, compare }: Asked,
): Promise<Reading> {
  const timeZone = config().TIME_ZONE;
  const { shape, filters: known, monthly, sameCases, settlesAfterDays = 0 } = factsOf(name);
  const { rollup, query } = metricQueries[name];
  const { now, asOf } = await readClocks(rollup);
  const today = dayOf(now, timeZone);
  const grain = monthly ? "month" : asked;
  const days = wholePeriods({ first, last }, grain, today);
  const before = compare ? periodsBefore(days, grain) : null;
  // Both are one range, read at once.
  const rows = await rowsOf(query, {
    ...{ first: before?.first ?? days.first, last: days.last, begin: days.first, grain },
    filters: Object.fromEntries(
      Object.entries(filters).filter(([filter]) => known.some((one) => one === filter)),
    ),
  });
  const isOpen = openFrom(days, grain, settlesAfterDays, today);
  const figures = (of: Days) =>
    figuresOf(of, {
      rows: rows.filter(({ period }) => period >= of.first && period <= of.last),
      ...{ periods: periodsOf(of, grain), shape, isOpen, ...(sameCases && { sameCases }) },
    });
  const read = figures(days);
  return {
    ...{ ...read, grain, timeZone, today, asOf },
    series: Object.keys(read.total),
    previous: before && figures(before),
  };
}

/** Whether a period, by its first day, may still change: from one on all may. */
function openFrom({ last }: Days, grain: Grain, settlesAfterDays: number, today: string) {
  let first = shiftPeriod(periodOf(last, grain), grain, 1);
  for (;;) {
    if (addDays(first, settlesAfterDays - 1) < today) return (period: string) => period >= first;
    first = shiftPeriod(first, grain, -1);
  }
}

/** What money's clock shows, and up to when a roll-up was made. */
async function readClocks(rollup: string): Promise<{ now: Date; asOf: Date | null }> {
  const { rows } = await db().execute<{ now: string; as_of: string | null }>(
    sql`select money_now() as now, (select as_of from rollups where name = ${rollup}) as as_of`,
  );
  const [row] = rows;
  if (!row) throw new Error("The database does not tell the time.");
  return { now: new Date(row.now), asOf: row.as_of === null ? null : new Date(row.as_of) };
}

async function rowsOf(query: MetricQuery, range: MetricRange): Promise<Row[]> {
  const { rows } = await db().execute<Row>(sql`
    select period::text as period, series, value::float8 as value, per::float8 as per, cases::float8 as cases
    from (${query(range)}) as read (period, series, value, per, cases) order by read.period, 2`);
  return rows;
}
