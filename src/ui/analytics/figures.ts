import { factsOf, type MetricName } from "#analytics/catalogue";
import type { MetricJson } from "#api/contract";
import { minorPlaces } from "#format";
import { csvText } from "#ui/charts/csv";
import type { DayAmounts, Series } from "#ui/charts/series";
import { huesOf } from "./hues";

/** A metric as its picture, its table and its CSV show it. Pure. */

export type Chart = {
  days: DayAmounts[];
  series: Series[];
  incomplete: ReadonlySet<string>;
  /** All series of the period before, together; null where they are no number. */
  before: (number | null)[] | null;
  /** How many series the picture has no room for, where they are no sum. */
  left: number;
};

type Shape = "sum" | "level" | "rate";

type ChartWords = {
  nameOf: (series: string) => string;
  otherLabel: string;
  /** The name of a series that stands alone. */
  alone: string;
  /** Names whose hue is that of their place. */
  known: readonly string[];
};

const mostSeries = 5;
const other = "other";

/** True when no period has anything to show. A rate of nothing among many cases is something: no fault in a day. */
export function isEmpty({ points, series, cases }: MetricJson): boolean {
  if (series.length === 0) return true;
  return !cases && points.every(({ values }) => Object.values(values).every((value) => !value));
}

/**
 * Its series with names and hues, the largest first, and no more than a picture has room for: a sum's small ones
 * together, of others the largest.
 * @param whole all of them, for a table
 */
export function chartOf(
  name: MetricName,
  metric: MetricJson,
  { nameOf, otherLabel, alone, known }: ChartWords,
  whole = false,
): Chart {
  const { shape, stages } = factsOf(name);
  // What the figures themselves call the others comes last, with those that the picture has no room for.
  const ranked =
    stages ??
    metric.series.toSorted(
      (a, b) =>
        Number(a === other) - Number(b === other) ||
        Math.abs(metric.total[b] ?? 0) - Math.abs(metric.total[a] ?? 0) ||
        a.localeCompare(b),
    );
  const many = !whole && !stages && ranked.length > mostSeries + 1;
  const shown = many ? ranked.slice(0, mostSeries) : ranked;
  const rest = many ? ranked.slice(mostSeries) : [];
  const adds = many && shape === "sum";
  const hues = huesOf(shown, known);
  const series: Series[] = shown.map((key) => ({
    key,
    label: key === "all" ? alone : nameOf(key),
    hue: hues.get(key) ?? "c0",
  }));
  return {
    series: adds ? [...series, { key: other, label: otherLabel, hue: "c0" }] : series,
    days: metric.points.map(({ period, values }) => ({
      day: period,
      amounts: {
        ...Object.fromEntries(shown.flatMap((key) => pair(key, values[key]))),
        ...(adds && { [other]: rest.reduce((sum, key) => sum + (values[key] ?? 0), 0) }),
      },
    })),
    incomplete: new Set(metric.points.filter((point) => point.incomplete).map(({ period }) => period)),
    before: beforeOf(name, metric),
    left: adds ? 0 : rest.length,
  };
}

function beforeOf(name: MetricName, metric: MetricJson): Chart["before"] {
  const { shape, stages } = factsOf(name);
  const { previous } = metric;
  if (!previous || stages || !isOneNumber(metric.series, shape)) return null;
  return metric.points.map((_, place) => together(previous.points[place]?.values, shape));
}

/** Whether all series of a period are one number together: of a sum, or of the only one. */
function isOneNumber(series: readonly string[], shape: Shape): boolean {
  return shape === "sum" || series.length === 1;
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
  const { unit, shape, stages } = factsOf(name);
  const places = unit === "money" ? minorPlaces(words.currency ?? "usd") : 0;
  const cell = (value: number | null | undefined) =>
    value === null || value === undefined
      ? ""
      : unit === "money"
        ? (value / 10 ** places).toFixed(places)
        : `${Math.round(value * 10_000) / 10_000}`;
  const hasCases = metric.cases !== null;
  const series = stages ?? metric.series;
  const headOf = (key: string) => (key === "all" ? name : words.nameOf(key));
  const previous = metric.previous?.points;
  // Where the series are no number together, each is compared with itself.
  const asOne = !stages && isOneNumber(series, shape);
  const compared = previous === undefined ? [] : asOne ? [null] : series;
  return csvText([
    [
      words.period,
      ...series.map(headOf),
      ...compared.map((key) => (key === null ? words.previous : `${headOf(key)}: ${words.previous}`)),
      ...(hasCases ? [words.cases] : []),
    ],
    ...metric.points.map(({ period, values, cases }, place) => [
      period,
      ...series.map((key) => cell(values[key])),
      ...compared.map((key) => {
        const before = previous?.[place]?.values;
        return cell(key === null ? together(before, shape) : before?.[key]);
      }),
      ...(hasCases ? [`${cases ?? 0}`] : []),
    ]),
  ]);
}
