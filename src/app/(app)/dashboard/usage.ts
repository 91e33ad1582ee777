import { addDays, daysBetween } from "#format";
import type { DayAmounts, Hue, Series } from "#ui/charts/series";

/** Credits consumed on one day by one tool; null is what no tool caused. */
export type Usage = { day: string; tool: string | null; credits: number };

export const ranges = [7, 30, 90] as const;
export type Range = (typeof ranges)[number];

/** How many tools stand in a stack by name; the rest is Other, unless that is one tool: it has a name too. */
const named = 3;
const other = "other";
/** In the catalog's order. The red one comes last: red is failure elsewhere. */
const hues: readonly Hue[] = ["c1", "c2", "c3", "c5", "c4"];

/**
 * Turns what was used into a chart's days and series: every day of the range, the three tools that used
 * most by name, the rest as Other, or by its name where one tool is the rest.
 * @param usage days outside the range are left out: while a range loads, these are still the last one's.
 * @param tools every tool's slug in catalog order, which gives each its hue whatever its rank.
 */
export function stackUsage(
  usage: readonly Usage[],
  range: { first: string; last: string },
  tools: readonly { slug: string; name: string }[],
  otherLabel: string,
): { days: DayAmounts[]; series: Series[]; total: number } {
  const used = usage.filter(({ day }) => day >= range.first && day <= range.last);
  const totals = new Map<string, number>();
  for (const { tool, credits } of used) if (tool) totals.set(tool, (totals.get(tool) ?? 0) + credits);
  const ranked = [...totals].sort(([a, x], [b, y]) => y - x || a.localeCompare(b)).map(([slug]) => slug);
  const oneIsLeft = ranked.length === named + 1 && used.every(({ tool }) => tool !== null);
  const top = oneIsLeft ? ranked : ranked.slice(0, named);
  const byDay = new Map<string, Record<string, number>>();
  let total = 0;
  let rest = 0;
  for (const { day, tool, credits } of used) {
    const key = tool && top.includes(tool) ? tool : other;
    const amounts = byDay.get(day) ?? {};
    amounts[key] = (amounts[key] ?? 0) + credits;
    byDay.set(day, amounts);
    total += credits;
    if (key === other) rest += credits;
  }
  const series = colored(top, tools);
  if (rest > 0) series.push({ key: other, label: otherLabel, hue: "c0" });
  const days = daysBetween(range.first, range.last).map((day) => ({ day, amounts: byDay.get(day) ?? {} }));
  return { days, series, total };
}

/** The hue of a tool's place in the catalog; the next free one where two of a stack would share it. */
function colored(slugs: readonly string[], tools: readonly { slug: string; name: string }[]): Series[] {
  const taken = new Set<Hue>();
  return slugs.map((slug) => {
    const place = Math.max(
      0,
      tools.findIndex((tool) => tool.slug === slug),
    );
    const wanted = hues.map((_, step) => hues[(place + step) % hues.length] ?? "c0");
    const hue = wanted.find((candidate) => !taken.has(candidate)) ?? "c0";
    taken.add(hue);
    return { key: slug, label: tools[place]?.slug === slug ? tools[place].name : slug, hue };
  });
}

/** The range that ends today. */
export function rangeEnding(today: string, days: Range): { first: string; last: string } {
  return { first: addDays(today, 1 - days), last: today };
}
