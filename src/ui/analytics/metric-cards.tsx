"use client";

import { costCurrency, factsOf, type MetricName, metricNames, type Tab } from "#analytics/catalogue";
import { useAnalytics } from "./context";
import { MetricCard } from "./metric-card";

/** A card for each metric of a tab, in the catalogue's order. */
export function MetricCards({ tab }: { tab: Tab }) {
  const { range, scope } = useAnalytics();
  // Amounts of different currencies are no sum: unless one is chosen, it is the one of most customers.
  const currency = range.filters.currency ?? scope.currencies[0];
  return metricNames
    .filter((name) => factsOf(name).tab === tab)
    .map((name) => <MetricCard key={name} name={name} {...currencyOf(name, tab, currency)} />);
}

function currencyOf(
  name: MetricName,
  tab: Tab,
  chosen: string | undefined,
): { currency?: string | undefined } {
  const { unit, inCostCurrency } = factsOf(name);
  if (inCostCurrency) return { currency: costCurrency };
  return unit === "money" || tab === "money" ? { currency: chosen } : {};
}
