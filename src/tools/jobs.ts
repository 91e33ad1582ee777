import type { Task } from "graphile-worker";
import { z } from "zod";
import { db } from "#platform/db";
import { isId } from "#platform/id";
import { enqueue, type Tasks } from "#platform/queue";
import { purgeFiles } from "./purge";
import { cancelRuns } from "./run-cancel";
import { executeRun } from "./run-execute";
import { runTasks } from "./run-job";
import { reapRuns } from "./run-reap";

/** Cron knows minutes; a run whose worker died should not wait for one. */
const reapSeconds = 20;
const again = z.object({ again: z.number().int().min(0).default(0) });

const execute: Task = async (payload, { job, abortSignal }) => {
  const { runId } = z.object({ runId: z.string() }).parse(payload);
  const { id, priority } = job;
  await executeRun(runId, { jobId: String(id), priority, ...(abortSignal && { signal: abortSignal }) });
};

/** The jobs of runs and files. */
export const toolTasks: Tasks = {
  runs: { [runTasks.own]: execute },
  waiting: { [runTasks.worker]: execute },
  system: {
    "run.reap": async (payload) => {
      const left = again.parse(payload).again;
      await reapRuns();
      if (left === 0) return;
      const runAt = new Date(Date.now() + reapSeconds * 1000);
      await enqueue(db(), "run.reap", { again: left - 1 }, { key: "run.reap", maxAttempts: 1, runAt });
    },
    "run.cancel-all": async (payload) => {
      const { accountId } = z.object({ accountId: z.string() }).parse(payload);
      if (isId("account", accountId)) await cancelRuns(accountId);
    },
    "files.purge": async () => {
      await purgeFiles();
    },
  },
  cron: [
    {
      task: "run.reap",
      match: "* * * * *",
      payload: { again: 2 },
      options: { backfillPeriod: 0, maxAttempts: 1 },
    },
    { task: "files.purge", match: "*/5 * * * *", options: { backfillPeriod: 0, maxAttempts: 3 } },
  ],
};
