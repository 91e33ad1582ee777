import { type SQL, sql } from "drizzle-orm";
import { type Actor, recordAct } from "#platform/audit";
import { db, type Tx } from "#platform/db";
import { Refusal } from "#platform/refusal";
import { type Loss, lossOf } from "./job-loss";

/** graphile-worker's jobs as staff see them: which wait, run and were given up, and what may be done about it. */

export const jobStates = ["failed", "retrying", "queued", "running"] as const;
export type JobState = (typeof jobStates)[number];

export type JobView = {
  id: string;
  task: string;
  state: JobState;
  attempts: number;
  maxAttempts: number;
  /** What went wrong last. */
  error: string | null;
  /** By which a second one replaces it; it often names what the job is about. */
  key: string | null;
  createdAt: Date;
  /** When it is tried next; null while it runs, and once it was given up. */
  nextAt: Date | null;
  /** Since when it runs. */
  runningSince: Date | null;
  /** What becomes of its work if it is discarded. */
  loss: Loss;
};

const stateOf = sql`case
  when locked_at is not null then 'running'
  when attempts >= max_attempts then 'failed'
  when attempts > 0 then 'retrying'
  else 'queued' end`;

type JobRow = {
  id: bigint;
  task: string;
  state: JobState;
  attempts: number;
  max_attempts: number;
  last_error: string | null;
  key: string | null;
  created_at: Date | string;
  run_at: Date | string;
  locked_at: Date | string | null;
};

export type JobFilter = { state?: JobState | undefined; task?: string | undefined };

/** A page of jobs, newest first; `before` is the id that the page before ended with. */
export async function listJobs(
  { state, task }: JobFilter,
  { limit, before }: { limit: number; before?: string | undefined },
): Promise<{ jobs: JobView[]; next: string | null }> {
  const rows = await select(
    sql`${state ? sql`${stateOf} = ${state}` : sql`true`}
      and ${task ? sql`starts_with(task_identifier, ${task.trim()})` : sql`true`}
      and ${before === undefined ? sql`true` : sql`id < ${before}::bigint`}`,
    limit + 1,
  );
  const jobs = rows.slice(0, limit);
  return { jobs, next: rows.length > limit ? (jobs.at(-1)?.id ?? null) : null };
}

/** How many there are in each state. */
export async function countJobs(): Promise<Record<JobState, number>> {
  const { rows } = await db().execute<{ state: JobState; count: number }>(
    sql`select ${stateOf} as state, count(*)::int as count from graphile_worker.jobs group by 1`,
  );
  const counted = new Map(rows.map(({ state, count }) => [state, count]));
  const of = (state: JobState) => counted.get(state) ?? 0;
  return { failed: of("failed"), retrying: of("retrying"), queued: of("queued"), running: of("running") };
}

/**
 * Has a job tried at once, with all its tries before it.
 * @throws Refusal not_found, job_running
 */
export async function retryJob(id: string, by: Actor): Promise<JobView> {
  return db().transaction(async (tx) => {
    const job = await requireIdle(tx, id);
    await tx.execute(sql`
      select graphile_worker.reschedule_jobs(array[${id}::bigint], run_at => now(), attempts => 0)`);
    await recordAct(tx, {
      ...{ by, action: "job.retry", object: { type: "job", id } },
      before: { task: job.task, state: job.state, attempts: job.attempts },
      after: { state: "queued", attempts: 0 },
    });
    const [after] = await select(sql`id = ${id}::bigint`, 1, tx);
    if (!after) throw new Error("A job that was put back is gone.");
    return after;
  });
}

/**
 * Drops a job whose work is not lost with it, or is no more than a letter.
 * @throws Refusal not_found, job_running, job_needed
 */
export async function discardJob(id: string, { by, reason }: { by: Actor; reason: string }): Promise<void> {
  await db().transaction(async (tx) => {
    const { task, state, attempts, key, loss } = await requireIdle(tx, id);
    if (loss === "needed") throw new Refusal("job_needed");
    await tx.execute(sql`select graphile_worker.complete_jobs(array[${id}::bigint])`);
    await recordAct(tx, {
      ...{ by, action: "job.discard", object: { type: "job", id } },
      before: { task, state, attempts, key },
      reason,
    });
  });
}

/** A job that nobody works on, locked: no worker takes it before this transaction ends. */
async function requireIdle(tx: Tx, id: string): Promise<JobView> {
  if (!/^\d{1,18}$/.test(id)) throw new Refusal("not_found");
  await tx.execute(sql`select 1 from graphile_worker._private_jobs where id = ${id}::bigint for update`);
  const [job] = await select(sql`id = ${id}::bigint`, 1, tx);
  if (!job) throw new Refusal("not_found");
  if (job.state === "running") throw new Refusal("job_running");
  return job;
}

async function select(where: SQL, limit: number, queryable: Tx | ReturnType<typeof db> = db()) {
  const { rows } = await queryable.execute<JobRow>(sql`
    select id, task_identifier as task, ${stateOf} as state, attempts::int, max_attempts::int, last_error, key,
      created_at, run_at, locked_at
    from graphile_worker.jobs where ${where} order by id desc limit ${limit}`);
  return rows.map(view);
}

function view({
  id,
  task,
  state,
  last_error,
  key,
  max_attempts,
  created_at,
  run_at,
  locked_at,
  attempts,
}: JobRow) {
  const waits = state === "queued" || state === "retrying";
  return {
    ...{ id: String(id), task, state, attempts, key, maxAttempts: max_attempts, error: last_error },
    createdAt: new Date(created_at),
    nextAt: waits ? new Date(run_at) : null,
    runningSince: locked_at ? new Date(locked_at) : null,
    loss: lossOf(task),
  } satisfies JobView;
}
