"use client";

import { useMemo } from "react";
import { factsOf, type MetricName } from "#analytics/catalogue";
import { useFormat } from "#ui/use-format";

/** How a metric's figures are written: in full, and short on an axis. */
export function useFigure(
  name: MetricName,
  currency: string | undefined,
): { text: (amount: number) => string; figure: (amount: number) => string } {
  const format = useFormat();
  return useMemo(() => {
    const { unit } = factsOf(name);
    const money = (cents: number) => format.money(Math.round(cents), currency ?? "usd");
    const written = {
      count: format.decimal,
      credits: format.credits,
      ms: format.latency,
      money,
      share: format.share,
    }[unit];
    return { text: written, figure: unit === "credits" ? format.integer : written };
  }, [format, name, currency]);
}
