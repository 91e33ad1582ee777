import type { MoneyViewJson } from "#api/contract";
import type { DayAmounts, Hue, Series } from "#ui/charts/series";

/** The money view as its charts and tables show it: months without holes, sources by name. */

export const moves = ["issued", "carried", "consumed", "expired", "reversed"] as const;
export type Move = (typeof moves)[number];

/** The month of lots that never expire, behind all others. */
export const never = "never";

/** A source keeps its hue whatever its rank; red comes last, being failure elsewhere. */
const hues: Readonly<Record<string, Hue>> = {
  plan: "c1",
  pack: "c2",
  "top-up": "c3",
  signup: "c5",
  promo: "c4",
};
const order = ["plan", "pack", "top-up", "signup", "promo", "referral", "adjustment"];
const other = "other";

export type Totals = Record<Move, number> & { sold: number; given: number; outstanding: number };

/**
 * What all months come to. Issued is sold and given; it is consumed, expired for good, reversed or outstanding:
 * what was carried over when it expired is here still.
 */
export function totalsOf({ moved }: Pick<MoneyViewJson, "moved">): Totals {
  const sum = (name: Move | "sold") => moved.reduce((total, line) => total + line[name], 0);
  const [issued, carried, sold] = [sum("issued"), sum("carried"), sum("sold")];
  const [consumed, reversed] = [sum("consumed"), sum("reversed")];
  const expired = sum("expired") - carried;
  return {
    ...{ issued, carried, consumed, expired, reversed, sold, given: issued - sold },
    outstanding: issued - consumed - expired - reversed,
  };
}

export type Stack = { days: DayAmounts[]; series: Series[]; total: number };
export type SourceName = (source: string) => string;

/** Credits that entries moved, by month and source. */
export function stackMoved(moved: MoneyViewJson["moved"], move: Move, nameOf: SourceName): Stack {
  const lines = moved.map((line) => ({ month: line.month, source: line.source, amount: line[move] }));
  return stack(lines, nameOf);
}

/** Credits that lots still hold, by the month in which they expire. */
export function stackOwed(owed: MoneyViewJson["owed"], nameOf: SourceName): Stack {
  return stack(
    owed.map(({ month, source, credits }) => ({ month: month ?? never, source, amount: credits })),
    nameOf,
  );
}

/** The same with the sources that have no hue of their own as one. */
export function grouped({ days, series, total }: Stack, otherLabel: string): Stack {
  const alone = series.filter(({ hue }) => hue !== "c0");
  const rest = series.filter(({ hue }) => hue === "c0");
  if (rest.length < 2) return { days, series, total };
  return {
    total,
    series: [...alone, { key: other, label: otherLabel, hue: "c0" }],
    days: days.map(({ day, amounts }) => ({
      day,
      amounts: {
        ...amounts,
        [other]: rest.reduce((sum, { key }) => sum + (amounts[key] ?? 0), 0),
      },
    })),
  };
}

export type RevenueLine = MoneyViewJson["revenue"][number];

/** The currencies in which anything was sold, the largest first. */
export function currenciesOf(revenue: readonly RevenueLine[]): string[] {
  const sold = new Map<string, number>();
  for (const { currency, sold: amount } of revenue) sold.set(currency, (sold.get(currency) ?? 0) + amount);
  return [...sold].sort(([a, x], [b, y]) => y - x || a.localeCompare(b)).map(([currency]) => currency);
}

/**
 * One currency's months without holes, up to that of the view: where nothing moved, what was deferred
 * stays so.
 * @param until YYYY-MM
 */
export function revenueOf(revenue: readonly RevenueLine[], currency: string, until: string): RevenueLine[] {
  const known = new Map(
    revenue.filter((line) => line.currency === currency).map((line) => [line.month, line]),
  );
  let deferred = 0;
  if (known.size === 0) return [];
  return monthsOf([...known.keys(), until]).map((month) => {
    const line = known.get(month) ?? {
      ...{ currency, month, sold: 0, carried: 0, consumed: 0, expired: 0, reversed: 0, deferred },
    };
    deferred = line.deferred;
    return line;
  });
}

/** Every month from the earliest to the latest of these, YYYY-MM. */
export function monthsOf(months: readonly string[]): string[] {
  const sorted = months.toSorted();
  const all: string[] = [];
  const last = sorted.at(-1) ?? "";
  for (let month = sorted[0]; month !== undefined && month <= last; month = monthAfter(month))
    all.push(month);
  return all;
}

function monthAfter(month: string): string {
  const [year = 0, number = 0] = month.split("-").map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, "0")}`;
}

type Line = { month: string; source: string; amount: number };

function stack(lines: readonly Line[], nameOf: SourceName): Stack {
  const used = lines.filter(({ amount }) => amount !== 0);
  const months = new Map<string, Record<string, number>>();
  for (const { month, source, amount } of used) {
    const amounts = months.get(month) ?? {};
    amounts[source] = (amounts[source] ?? 0) + amount;
    months.set(month, amounts);
  }
  const dated = monthsOf([...months.keys()].filter((month) => month !== never));
  const shown = months.has(never) ? [...dated, never] : dated;
  const sources = [...new Set(used.map(({ source }) => source))].sort((a, b) => rank(a) - rank(b));
  return {
    days: shown.map((month) => ({ day: month, amounts: months.get(month) ?? {} })),
    series: sources.map((key) => ({ key, label: nameOf(key), hue: hues[key] ?? "c0" })),
    total: used.reduce((sum, { amount }) => sum + amount, 0),
  };
}

function rank(source: string): number {
  const place = order.indexOf(source);
  return place < 0 ? order.length : place;
}
