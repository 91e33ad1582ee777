import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { AnalyticsScopeJson, MetricJson } from "#api/contract";
import { api } from "#ui/api";
import type { Range } from "./range";

/** How often figures are looked at anew; the roll-ups are made every five minutes. */
const freshMs = 120_000;

export const scopeQuery = () =>
  queryOptions({
    queryKey: ["office", "analytics", "scope"],
    queryFn: ({ signal }) => api.get<AnalyticsScopeJson>("/admin/analytics", { signal }),
    staleTime: freshMs,
  });

/** A metric over the range; filters that it does not know make no other question. */
export const metricQuery = (name: string, { first, last, grain, compare, filters }: Range) => {
  const query = { from: first, to: last, grain, compare: compare ? "yes" : "no", ...filters };
  return queryOptions({
    queryKey: ["office", "analytics", name, query],
    queryFn: ({ signal }) => api.get<MetricJson>(`/admin/analytics/${name}`, { signal, query }),
    placeholderData: keepPreviousData,
    staleTime: freshMs,
  });
};
