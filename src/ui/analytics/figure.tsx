"use client";

import { useMemo } from "react";
import { factsOf, type MetricName } from "#analytics/catalogue";
import type { MetricJson } from "#api/contract";
import { minorPlaces } from "#format";
import { useFormat } from "#ui/use-format";

export type Figure = {
  /** In full. */
  text: (amount: number) => string;
  /** Short, on an axis. */
  figure: (amount: number) => string;
};

/** How a metric's figures are written: amounts of one card alike, with decimals where one of them asks for them. */
export function useFigure(name: MetricName, currency = "usd", metric: MetricJson | undefined): Figure {
  const format = useFormat();
  return useMemo(() => {
    const { unit } = factsOf(name);
    if (unit === "money") {
      const main = 10 ** minorPlaces(currency);
      const amounts = metric ? amountsOf(metric) : [];
      const exact = amounts.some((cents) => Math.round(cents) % main !== 0);
      // Below this an axis is marked in parts of the main unit.
      const fine = main > 1 && amounts.every((cents) => Math.abs(cents) < 40 * main);
      return {
        text: (cents: number) => format.money(Math.round(cents), currency, exact),
        figure: (cents: number) => format.money(Math.round(cents), currency, fine),
      };
    }
    const written = {
      count: format.decimal,
      credits: format.credits,
      ms: format.latency,
      share: name === "uptime" ? format.uptime : format.share,
    }[unit];
    return { text: written, figure: unit === "credits" ? format.integer : written };
  }, [format, name, currency, metric]);
}

/** All that is written on a card, sums of periods among them. */
function amountsOf({ points, total, previous }: MetricJson): number[] {
  const each = [...points, ...(previous?.points ?? [])].map(({ values }) => Object.values(values));
  const sums = each.map((values) => values.reduce<number>((sum, value) => sum + (value ?? 0), 0));
  const others = [...each, Object.values(total), Object.values(previous?.total ?? {})].flat();
  return [...sums, ...others.filter((value) => value !== null)];
}
