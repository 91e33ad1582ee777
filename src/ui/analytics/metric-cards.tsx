"use client";

import { factsOf, metricNames, type Tab } from "#analytics/catalogue";
import { useAnalytics } from "./context";
import { MetricCard } from "./metric-card";

/** A card for each metric of a tab, in the catalogue's order. */
export function MetricCards({ tab }: { tab: Tab }) {
  const { range, scope } = useAnalytics();
  // Amounts of different currencies are no sum: unless one is chosen, it is the one of most customers.
  const currency = range.filters.currency ?? scope.currencies[0];
  return metricNames
    .filter((name) => factsOf(name).tab === tab)
    .map((name) => (
      <MetricCard
        key={name}
        name={name}
        {...(factsOf(name).unit === "money" || tab === "money" ? { currency } : {})}
      />
    ));
}
