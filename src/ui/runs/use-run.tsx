"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, type Problem } from "#ui/api";
import { useLive } from "#ui/live";
import { queryKeys } from "#ui/query-keys";
import { isActive, type Run } from "./run";

/** Behind the event stream, should it miss something; quicker while there is none. */
const slowPollMs = 10_000;
const quickPollMs = 1_500;

export type RunState = {
  run: Run | undefined;
  problem: Problem | null;
  /** True when what is shown is older than it should be: the last look failed. */
  stale: boolean;
  cancel: () => void;
  canceling: boolean;
  cancelProblem: Problem | null;
};

/** A run as the server knows it, kept current until it is over. */
export function useRun(id: string, initial?: Run): RunState {
  const queries = useQueryClient();
  const { connected } = useLive();
  const query = useQuery<Run, Problem>({
    queryKey: queryKeys.run(id),
    queryFn: ({ signal }) => api.get<Run>(`/runs/${id}`, { signal }),
    ...(initial && { initialData: initial }),
    refetchInterval: ({ state }) => {
      const known = state.data;
      if (known && !isActive(known)) return false;
      return connected ? slowPollMs : quickPollMs;
    },
  });
  const cancel = useMutation<Run, Problem>({
    mutationFn: () => api.post<Run>(`/runs/${id}/cancel`),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.run(id) }),
  });
  const run = query.data;
  const over = run !== undefined && !isActive(run);
  // The end of a run moves credits; do not wait for the stream to say so.
  useEffect(() => {
    if (over) void queries.invalidateQueries({ queryKey: queryKeys.balance });
  }, [over, queries]);
  return {
    run,
    problem: query.error,
    stale: query.isError && run !== undefined,
    cancel: () => cancel.mutate(),
    canceling: (cancel.isPending || cancel.isSuccess) && !over,
    cancelProblem: over ? null : cancel.error,
  };
}

/** The time, each second while `active`. Null on the server and at the first paint, so that both agree. */
export function useNow(active: boolean): Date | null {
  const [now, setNow] = useState<Date | null>(null);
  useEffect(() => {
    if (!active) return;
    setNow(new Date());
    const timer = setInterval(() => setNow(new Date()), 1000);
    return () => clearInterval(timer);
  }, [active]);
  return now;
}
