import type { Queryable } from "#platform/db";
import { enqueue, type JobOptions } from "#platform/queue";
import type { Tool } from "./tool";

/** The names of the job that does a run: by whether it computes or only waits for somebody else's server. */
export const runTasks = { own: "run.execute", worker: "run.await" } as const satisfies Record<
  Tool["process"],
  string
>;

/**
 * Hands a run to the workers. Computing and waiting runs stand in lines of their own: a server that takes minutes
 * keeps no core, and nobody else's run, waiting. A job of the run that still waits is replaced.
 * @param tool null when it is no longer offered, which the job then says
 */
export async function enqueueRun(
  queryable: Queryable,
  runId: string,
  tool: Pick<Tool, "process"> | null,
  { priority = 0, ...more }: Pick<JobOptions, "priority" | "runAt" | "flags"> = {},
): Promise<void> {
  const task = runTasks[tool?.process ?? "own"];
  await enqueue(queryable, task, { runId }, { key: runId, maxAttempts: 10, priority, ...more });
}
