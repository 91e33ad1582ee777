import "#server-only";
import { sql } from "drizzle-orm";
import type { CronItem, TaskList } from "graphile-worker";
import { Pool, types } from "pg";
import { isDatabaseAway } from "./database-away";
import { lossNoticed, type Queryable } from "./db";
import { log } from "./log";

/**
 * The jobs a domain can do, exported by its door as `tasks`; src/worker.ts merges them. `runs` holds those that
 * compute, `waiting` those that wait for somebody else's server for long, `system` everything else, so that none
 * starves another. A task gets an `abortSignal` in its helpers: when it fires the process is stopping, and a task
 * that throws is given back.
 */
export type Tasks = { [Line in (typeof lines)[number]]?: TaskList } & { cron?: readonly CronItem[] };

export const lines = ["runs", "waiting", "system"] as const;

export type JobOptions = {
  /** A job with the same key that is still waiting is replaced, not doubled. */
  key?: string;
  /** How often it may be tried in all. */
  maxAttempts?: number;
  runAt?: Date;
  /** Lower runs first. */
  priority?: number;
  /** What others may know it by while it waits. */
  flags?: readonly string[];
};

/**
 * A pool for graphile-worker. It writes its jobs' ids as JSON, which knows no bigint: here int8 stays the
 * text that the driver gives, or no job that failed would ever be tried again.
 */
export function openJobPool(url: string, maxConnections: number): Pool {
  const pool = new Pool({
    ...lossNoticed,
    connectionString: url,
    max: maxConnections,
    types: { getTypeParser: (oid, format) => (oid === 20 ? String : types.getTypeParser(oid, format)) },
  });
  pool.on("error", (error) => log().warn({ err: error }, "an idle worker connection was lost"));
  pool.on("connect", (client) => {
    // A connection lost while a job uses it fails that query; without a handler it would end the process.
    client.on("error", () => undefined);
    triedAgain(client, "query", () => pool.ending);
  });
  triedAgain(pool, "connect", () => pool.ending);
  return pool;
}

/**
 * graphile-worker notes a job's end with nobody waiting for it. It tries again what fails with some codes, and a
 * lost connection has none of them: the process would end, or the job stay locked until it does. Noting an end
 * twice changes nothing, so it is told to try again, by the code of a serialization failure. Once the pool ends there
 * is no other try: what is still to be noted never comes to an end, and the next worker finds the job of a dead one.
 */
function triedAgain(object: object, method: "connect" | "query", isOver: () => boolean): void {
  const original: unknown = Reflect.get(object, method);
  if (typeof original !== "function") throw new Error(`pg has no ${method}`);
  Reflect.set(object, method, (...args: unknown[]): unknown => {
    const result: unknown = Reflect.apply(original, object, args);
    if (!(result instanceof Promise)) return result;
    return result.catch((error: unknown) => {
      if (isOver()) return new Promise(() => undefined);
      if (error instanceof Error && isDatabaseAway(error)) Object.assign(error, { code: "40001" });
      throw error;
    });
  });
}

/** Adds a job; inside a transaction it exists only if that commits. */
export async function enqueue(
  queryable: Queryable,
  task: string,
  payload: Record<string, unknown>,
  { key, maxAttempts = 25, runAt, priority = 0, flags = [] }: JobOptions = {},
): Promise<void> {
  await queryable.execute(sql`
    select graphile_worker.add_job(
      identifier => ${task}::text,
      payload => ${JSON.stringify(payload)}::json,
      run_at => ${runAt?.toISOString() ?? null}::timestamptz,
      max_attempts => ${maxAttempts}::int,
      job_key => ${key ?? null}::text,
      priority => ${priority}::int,
      flags => ${flags.length > 0 ? sql.param(flags) : null}::text[]
    )`);
}

/** Adds many jobs of a task with one statement; each has a key of its own. */
export async function enqueueAll(
  queryable: Queryable,
  task: string,
  jobs: readonly { key: string; payload: Record<string, unknown> }[],
  { maxAttempts = 25, priority = 0 }: Pick<JobOptions, "maxAttempts" | "priority"> = {},
): Promise<void> {
  const keys = jobs.map(({ key }) => key);
  const payloads = jobs.map(({ payload }) => JSON.stringify(payload));
  await queryable.execute(sql`
    select graphile_worker.add_job(
      identifier => ${task}::text,
      payload => j.payload::json,
      max_attempts => ${maxAttempts}::int,
      job_key => j.key,
      priority => ${priority}::int
    ) from unnest(${sql.param(keys)}::text[], ${sql.param(payloads)}::text[]) j (key, payload)`);
}
