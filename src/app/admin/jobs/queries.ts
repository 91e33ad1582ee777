import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import type { JobJson, JobsJson, SchedulesJson } from "#api/contract";
import { api } from "#ui/api";

/** The list's filter, as it stands in the URL and as the API takes it. */

export const shownStates = ["failed", "retrying", "queued", "running", "all"] as const;
type Shown = (typeof shownStates)[number];

const eachMs = 5_000;

export const jobsQuery = (
  query: { state: JobJson["state"] | null; task: string | null },
  cursor: string | null,
) =>
  queryOptions({
    queryKey: ["office", "jobs", query, cursor],
    queryFn: ({ signal }) =>
      api.get<JobsJson>("/admin/jobs", { signal, query: { ...query, cursor, limit: 50 } }),
    placeholderData: keepPreviousData,
    refetchInterval: eachMs,
  });

export const schedulesQuery = () =>
  queryOptions({
    queryKey: ["office", "schedules"],
    queryFn: ({ signal }) => api.get<SchedulesJson>("/admin/schedules", { signal }),
    refetchInterval: 60_000,
  });

const parsers = {
  // What somebody has to look at comes first.
  state: parseAsStringLiteral(shownStates).withDefault("failed"),
  task: parseAsString,
  cursor: parseAsString,
};

/** Filter and page, in the URL. */
export function useJobsState() {
  const [{ cursor, state, task }, set] = useQueryStates(parsers, { history: "push" });
  return {
    query: { state: state === "all" ? null : state, task },
    state,
    cursor,
    searched: task !== null,
    clear: () => void set({ task: null, cursor: null }),
    choose: (next: Shown) => void set({ state: next, cursor: null }),
    turn: (next: string | null) => void set({ cursor: next }, { scroll: true }),
  };
}
