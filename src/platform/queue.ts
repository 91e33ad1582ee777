import "#server-only";
import { sql } from "drizzle-orm";
import type { CronItem, TaskList } from "graphile-worker";
import type { Queryable } from "./db";

/**
 * The jobs a domain can do, exported by its door as `tasks`; src/worker.ts merges them. `runs` holds the
 * heavy ones, `system` everything else, so that neither starves the other. A task gets an `abortSignal`
 * in its helpers: when it fires the process is stopping, and a task that throws is given back.
 */
export type Tasks = { runs?: TaskList; system?: TaskList; cron?: readonly CronItem[] };

export type JobOptions = {
  /** A job with the same key that is still waiting is replaced, not doubled. */
  key?: string;
  /** How often it may be tried in all. */
  maxAttempts?: number;
  runAt?: Date;
  /** Lower runs first. */
  priority?: number;
};

/** Adds a job; inside a transaction it exists only if that commits. */
export async function enqueue(
  queryable: Queryable,
  task: string,
  payload: Record<string, unknown>,
  { key, maxAttempts = 25, runAt, priority = 0 }: JobOptions = {},
): Promise<void> {
  await queryable.execute(sql`
    select graphile_worker.add_job(
      identifier => ${task}::text,
      payload => ${JSON.stringify(payload)}::json,
      run_at => ${runAt?.toISOString() ?? null}::timestamptz,
      max_attempts => ${maxAttempts}::int,
      job_key => ${key ?? null}::text,
      priority => ${priority}::int
    )`);
}
