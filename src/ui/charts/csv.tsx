import { csvLine } from "#platform/csv";
import { type DayAmounts, type Series, totalOf } from "./series";

/** A chart's figures as CSV (RFC 4180), one line a day, the earliest first. */
export function chartCsv(
  days: readonly DayAmounts[],
  series: readonly Series[],
  heads: { day: string; total: string },
): string {
  const lines = [
    [heads.day, ...series.map(({ label }) => label), heads.total],
    ...days.map((day) => [
      day.day,
      ...series.map(({ key }) => `${day.amounts[key] ?? 0}`),
      `${totalOf(day)}`,
    ]),
  ];
  return csvText(lines);
}

/** Lines of cells as CSV. Names are partly other people's words: a search, a campaign. */
export function csvText(lines: readonly (readonly string[])[]): string {
  return lines.map(csvLine).join("");
}
