"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { api, newIdempotencyKey, Problem } from "#ui/api";
import { queryKeys } from "#ui/query-keys";
import type { Run, RunInput } from "./run";
import { newSubmissions } from "./submission";

export type Start = {
  /**
   * Starts the run; a press while another is under way is the same press.
   * @param maxCredits what the button said: a higher price is not paid, and shown instead.
   */
  start: (input: RunInput, maxCredits?: number) => Promise<Run | null>;
  starting: boolean;
  /** Why the last one was refused. */
  problem: Problem | null;
  clear: () => void;
};

/**
 * Starts runs of a tool, each intention once however often it is sent.
 * @param path where they are started.
 */
export function useStart(slug: string, path = `/tools/${slug}/runs`): Start {
  const [submissions] = useState(() => newSubmissions(newIdempotencyKey));
  const [starting, setStarting] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const busy = useRef(false);
  const queries = useQueryClient();

  const start = useCallback(
    async (input: RunInput, maxCredits?: number) => {
      // A ref, not the state: two presses may come before React draws again.
      if (busy.current) return null;
      busy.current = true;
      setStarting(true);
      setProblem(null);
      const key = submissions.keyFor(JSON.stringify(input), Date.now());
      try {
        const run = await api.post<Run>(path, { input, maxCredits }, { idempotencyKey: key });
        submissions.started(key);
        // The hold has moved credits; do not wait for the stream to say so.
        for (const queryKey of [queryKeys.balance, queryKeys.runs])
          void queries.invalidateQueries({ queryKey });
        return run;
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (error.status >= 400 && error.status < 500) submissions.refused(key);
        if (error.code === "price_changed") void queries.invalidateQueries({ queryKey: queryKeys.quote });
        setProblem(error);
        return null;
      } finally {
        busy.current = false;
        setStarting(false);
      }
    },
    [path, submissions, queries],
  );
  const clear = useCallback(() => setProblem(null), []);
  return { start, starting, problem, clear };
}
