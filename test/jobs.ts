import { sql } from "drizzle-orm";
import { type Logger, Logger as MakeLogger, runOnce, type TaskList } from "graphile-worker";
import { databaseUrl, db } from "#platform/db";
import { openJobPool } from "#platform/queue";

const quiet: Logger = new MakeLogger(() => () => undefined);

let pool: ReturnType<typeof openJobPool> | null = null;

/** Does every job that waits, as the worker would, until none of these tasks is left to do now. */
export async function runJobs(taskList: TaskList): Promise<void> {
  pool ??= openJobPool(databaseUrl(), 4);
  await runOnce({ pgPool: pool, taskList, logger: quiet, noHandleSignals: true });
}

/** Ends the connections of `runJobs`, with the test file. */
export async function endJobs(): Promise<void> {
  await pool?.end();
  pool = null;
}

/** Makes jobs that wait for a later try due now. */
export async function skipPauses(): Promise<void> {
  await db().execute(
    sql`select graphile_worker.reschedule_jobs((select array_agg(id) from graphile_worker.jobs), run_at => now())`,
  );
}
