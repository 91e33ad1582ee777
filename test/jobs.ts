import { sql } from "drizzle-orm";
import { type Logger, Logger as MakeLogger, runOnce, type TaskList } from "graphile-worker";
import { databaseUrl, db } from "#platform/db";
import { openJobPool } from "#platform/queue";

const quiet: Logger = new MakeLogger(() => () => undefined);

/** Does every job that waits, as the worker would, until none of these tasks is left to do now. */
export async function runJobs(taskList: TaskList): Promise<void> {
  const pgPool = openJobPool(databaseUrl(), 3);
  try {
    await runOnce({ pgPool, taskList, logger: quiet, noHandleSignals: true });
  } finally {
    await pgPool.end();
  }
}

/** Makes jobs that wait for a later try due now. */
export async function skipPauses(): Promise<void> {
  await db().execute(
    sql`select graphile_worker.reschedule_jobs((select array_agg(id) from graphile_worker.jobs), run_at => now())`,
  );
}
