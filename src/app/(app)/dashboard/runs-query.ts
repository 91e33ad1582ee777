import { queryOptions } from "@tanstack/react-query";
import { api } from "#ui/api";
import { queryKeys } from "#ui/query-keys";
import type { Page, Run } from "#ui/runs/run";

export type PanelTool = { slug: string; name: string; icon: string };

/** The latest runs, for what runs now and what came out; live changes refetch it. */
export const runsQuery = () =>
  queryOptions({
    queryKey: [...queryKeys.runs, "latest"],
    queryFn: ({ signal }) => api.get<Page<Run>>("/runs", { signal, query: { limit: 30 } }),
  });
