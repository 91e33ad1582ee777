import { queryOptions } from "@tanstack/react-query";
import { api } from "#ui/api";
import { queryKeys } from "#ui/query-keys";
import type { Page, Run } from "#ui/runs/run";

/** How many results stand on the dashboard. */
const results = 6;

/** Behind the event stream, should it miss something. */
const pollMs = 5_000;

/** What is queued or running; live changes refetch it, and while something runs it asks by itself, too. */
export const activeRunsQuery = () =>
  queryOptions({
    queryKey: [...queryKeys.runs, "active"],
    queryFn: ({ signal }) => api.get<Page<Run>>("/runs", { signal, query: { status: "queued,running" } }),
    refetchInterval: ({ state }) => (state.data && state.data.data.length > 0 ? pollMs : false),
  });

/** The latest runs that came to a result. */
export const recentRunsQuery = () =>
  queryOptions({
    queryKey: [...queryKeys.runs, "recent"],
    queryFn: ({ signal }) =>
      api.get<Page<Run>>("/runs", { signal, query: { status: "succeeded", limit: results } }),
  });
