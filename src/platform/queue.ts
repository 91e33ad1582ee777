import "#server-only";
import { sql } from "drizzle-orm";
import type { Queryable } from "./db";

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
