import { factsOf, type MetricName } from "#analytics/catalogue";
import type { MetricJson } from "#api/contract";
import { minorPlaces } from "#format";
import { csvText } from "#ui/charts/csv";
import type { DayAmounts, Hue, Series } from "#ui/charts/series";

/** A metric as its picture, its table and its CSV show it. Pure. */

export type Chart = {
  days: DayAmounts[];
  series: Series[];
  incomplete: ReadonlySet<string>;
  /** All series of the period before, together. */
  before: (number | null)[] | null;
};

type Shape = "sum" | "level" | "rate";

/** What always has the same hue, whatever its rank. */
const own: Readonly<Record<string, Hue>> = {
  all: "c2",
  new: "c1",
  expansion: "c2",
  reactivation: "c5",
  contraction: "c3",
  churn: "c4",
  transfer: "c0",
  other: "c0",
};
const free = ["c2", "c3", "c5", "c1", "c4"] as const;
const mostSeries = 5;
const other = "other";

/** True when no period has anything to show. A rate of nothing among many cases is something: no fault in a day. */
export function isEmpty({ points, series, cases }: MetricJson): boolean {
  if (series.length === 0) return true;
  return !cases && points.every(({ values }) => Object.values(values).every((value) => !value));
}

/**
 * Its series with names and hues, the largest first; a sum's small ones together.
 * @param alone the name of a series that stands alone
 */
export function chartOf(
  metric: MetricJson,
  shape: Shape,
  nameOf: (series: string) => string,
  otherLabel: string,
  alone: string,
): Chart {
  // What the figures themselves call the others comes last, with those that the picture has no room for.
  const ranked = metric.series.toSorted(
    (a, b) =>
      Number(a === other) - Number(b === other) ||
      Math.abs(metric.total[b] ?? 0) - Math.abs(metric.total[a] ?? 0) ||
      a.localeCompare(b),
  );
  const many = shape === "sum" && ranked.length > mostSeries + 1;
  const shown = many ? ranked.slice(0, mostSeries) : ranked;
  const rest = many ? ranked.slice(mostSeries) : [];
  const series: Series[] = shown.map((key, place) => ({
    key,
    label: key === "all" ? alone : nameOf(key),
    hue: own[key] ?? free[place] ?? "c0",
  }));
  return {
    series: many ? [...series, { key: other, label: otherLabel, hue: "c0" }] : series,
    days: metric.points.map(({ period, values }) => ({
      day: period,
      amounts: {
        ...Object.fromEntries(shown.flatMap((key) => pair(key, values[key]))),
        ...(many && { [other]: rest.reduce((sum, key) => sum + (values[key] ?? 0), 0) }),
      },
    })),
    incomplete: new Set(metric.points.filter((point) => point.incomplete).map(({ period }) => period)),
    before:
      metric.previous &&
      metric.points.map((_, place) => together(metric.previous?.points[place]?.values, shape)),
  };
}

function pair(key: string, value: number | null | undefined): [string, number][] {
  return value === null || value === undefined ? [] : [[key, value]];
}

/** All series of a period, where that makes sense: a sum, or the only one. */
export function together(
  values: Readonly<Record<string, number | null>> | undefined,
  shape: Shape,
): number | null {
  if (!values) return null;
  const known = Object.values(values).filter((value) => value !== null);
  if (shape === "sum") return known.reduce((sum, value) => sum + value, 0);
  return known.length === 1 ? (known[0] ?? null) : null;
}

type CsvWords = {
  period: string;
  previous: string;
  cases: string;
  currency: string | undefined;
  nameOf: (series: string) => string;
};

/** One line a period, the earliest first; money in the currency's main unit, as spreadsheets reckon. */
export function metricCsv(name: MetricName, metric: MetricJson, words: CsvWords): string {
  const { unit, shape } = factsOf(name);
  const places = unit === "money" ? minorPlaces(words.currency ?? "usd") : 0;
  const cell = (value: number | null | undefined) =>
    value === null || value === undefined
      ? ""
      : unit === "money"
        ? (value / 10 ** places).toFixed(places)
        : `${Math.round(value * 10_000) / 10_000}`;
  const hasCases = metric.cases !== null;
  return csvText([
    [
      words.period,
      ...metric.series.map((key) => (key === "all" ? name : words.nameOf(key))),
      ...(metric.previous ? [words.previous] : []),
      ...(hasCases ? [words.cases] : []),
    ],
    ...metric.points.map(({ period, values, cases }, place) => [
      period,
      ...metric.series.map((key) => cell(values[key])),
      ...(metric.previous ? [cell(together(metric.previous.points[place]?.values, shape))] : []),
      ...(hasCases ? [`${cases ?? 0}`] : []),
    ]),
  ]);
}
