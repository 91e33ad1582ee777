import type { Days } from "./calendar";

/** From a query's rows to a metric's figures. Pure. */

export type Shape = "sum" | "level" | "rate";

/** What a query gives: a figure, of a rate what it is divided by, and how many cases are behind it. */
export type Row = { period: string; series: string; value: number; per: number | null; cases: number | null };

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

export type Figures = Days & {
  points: Point[];
  /** All periods together, by series: the sum, the last level, or the rate of the whole. */
  total: Record<string, number | null>;
  cases: number | null;
};

type Given = {
  /** By period, then by series. */
  rows: readonly Row[];
  periods: readonly string[];
  shape: Shape;
  /** The same cases stand in each period. */
  sameCases?: boolean;
  /** Whether a period's figure may still change. */
  isOpen: (period: string) => boolean;
};

/** The figures of these days; every period has a value of every series. */
export function figuresOf(days: Days, { rows, periods, shape, sameCases = false, isOpen }: Given): Figures {
  const bySeries = grouped(rows, ({ series }) => series);
  const byPeriod = grouped(rows, ({ period }) => period);
  const none = Object.fromEntries([...bySeries.keys()].map((series) => [series, shape === "sum" ? 0 : null]));
  const points = periods.map((period): Point => {
    const values: Point["values"] = { ...none };
    const own = byPeriod.get(period) ?? [];
    for (const row of own) values[row.series] = amountOf(row);
    return { period, incomplete: isOpen(period), values, cases: casesOf(own) };
  });
  const total = Object.fromEntries([...bySeries].map(([series, own]) => [series, together(own, shape)]));
  const whole = shape === "level" ? (byPeriod.get(rows.at(-1)?.period ?? "") ?? []) : rows;
  const cases = sameCases ? mostOf(points) : casesOf(whole);
  return { ...days, points, total, cases };
}

function mostOf(points: readonly Point[]): number | null {
  const known = points.flatMap(({ cases }) => (cases === null ? [] : [cases]));
  return known.length === 0 ? null : Math.max(...known);
}

function grouped(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

function amountOf({ value, per }: Pick<Row, "value" | "per">): number | null {
  if (per === null) return value;
  return per === 0 ? null : value / per;
}

function together(rows: readonly Row[], shape: Shape): number | null {
  if (shape === "level") {
    const last = rows.at(-1);
    return last ? amountOf(last) : null;
  }
  const value = rows.reduce((sum, row) => sum + row.value, 0);
  if (shape === "sum") return value;
  return amountOf({ value, per: rows.reduce((sum, row) => sum + (row.per ?? 0), 0) });
}

function casesOf(rows: readonly Row[]): number | null {
  const known = rows.filter(({ per, cases }) => per !== null || cases !== null);
  return known.length === 0 ? null : known.reduce((sum, { per, cases }) => sum + (cases ?? per ?? 0), 0);
}
