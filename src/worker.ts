import "#server-only";
import { EventEmitter } from "node:events";
import { availableParallelism } from "node:os";
import {
  type CronItem,
  type Job,
  Logger,
  parseCronItem,
  type Runner,
  type RunnerOptions,
  run,
  type Task,
  type TaskList,
} from "graphile-worker";
import type { Pool } from "pg";
import { config } from "#platform/config";
import { log, withoutValues } from "#platform/log";
import { lines, openJobPool, type Tasks } from "#platform/queue";
import { lookForDeadWorkers, openWorkerLocks } from "#platform/worker-lock";

/**
 * Runs the jobs of every domain in three runners: `runs`, as many as cores allow, `waiting`, which need hardly any,
 * and `system` (mail, webhooks, reapers), so that none starves another.
 */
export type Worker = { stop: () => Promise<void> };

export type WorkerOptions = {
  databaseUrl: string;
  domains: readonly Tasks[];
  /** How long a stopping worker lets its jobs run on before it aborts them, in ms. */
  patienceMs?: number;
  /** How long after one look for dead workers the next is taken, in ms; a live one's lock may be away so long. */
  reapIntervalMs?: number;
};

/** How one of the runners works; how often an idle place looks for jobs, in ms. */
type Line = { concurrency: number; pollInterval?: number; cron?: readonly CronItem[] };

const systemConcurrency = 4;
/** Beside a connection for each job that may be taken or ended at once: three that listen, and some for locks. */
const otherConnections = 8;

/** Starts the worker. Its jobs see `helpers.abortSignal` fire when the process stops. */
export async function startWorker({
  databaseUrl,
  domains,
  patienceMs = 5000,
  reapIntervalMs = 5000,
}: WorkerOptions): Promise<Worker> {
  const runsConcurrency = config().WORKER_CONCURRENCY ?? Math.max(1, availableParallelism());
  const waitingConcurrency = config().WORKER_WAITING;
  const jobs = runsConcurrency + waitingConcurrency + systemConcurrency;
  const pool = openJobPool(databaseUrl, jobs + otherConnections);
  const locks = await openWorkerLocks(databaseUrl);
  const interrupted: Job[] = [];
  const common: RunnerOptions = {
    pgPool: pool,
    logger: graphileLogger(),
    noHandleSignals: true,
    gracefulShutdownAbortTimeout: patienceMs,
  };
  const workerIds: string[] = [];
  const start = async (
    tasks: TaskList,
    { concurrency, pollInterval = 1000, cron = [] }: Line,
  ): Promise<Runner> => {
    const events = new EventEmitter() as NonNullable<RunnerOptions["events"]>;
    // A job is locked by its pool's id, not by that of the worker in it.
    events.on("pool:create", ({ workerPool }) => {
      workerIds.push(workerPool.id);
      locks.hold(workerPool.id);
    });
    return run({
      ...common,
      events,
      ...{ concurrency, pollInterval },
      taskList: noteInterrupted(tasks, interrupted),
      parsedCronItems: cron.map((item) => parseCronItem(item)),
    });
  };
  const merged = mergeTasks(domains);
  const runners = [
    await start(merged.runs, { concurrency: runsConcurrency }),
    // New jobs are heard of at once; each idle place also polls, and here are many.
    await start(merged.waiting, { concurrency: waitingConcurrency, pollInterval: 5000 }),
    await start(merged.system, { concurrency: systemConcurrency, cron: merged.cron }),
  ];
  const look = lookForDeadWorkers(pool, locks);
  let stopping = false;
  let timer: NodeJS.Timeout | undefined;
  const reap = async (): Promise<void> => {
    await look().catch((error: unknown) => log().warn({ err: error }, "could not look for dead workers"));
    if (!stopping) timer = setTimeout(reap, reapIntervalMs);
  };
  await reap();

  return {
    stop: async () => {
      stopping = true;
      clearTimeout(timer);
      await within(patienceMs + 2000, Promise.all(runners.map((runner) => runner.stop())));
      await giveBack(pool, workerIds, interrupted);
      await locks.release();
      await within(2000, pool.end());
    },
  };
}

/** One list of tasks for each runner. @throws when two domains claim a name. */
export function mergeTasks(domains: readonly Tasks[]): Required<Tasks> {
  const cron = domains.flatMap((domain) => domain.cron ?? []);
  const merged: Required<Tasks> = { runs: {}, waiting: {}, system: {}, cron };
  const names = new Set<string>();
  for (const domain of domains) {
    for (const line of lines) {
      for (const [name, task] of Object.entries(domain[line] ?? {})) {
        if (names.has(name)) throw new Error(`Two tasks are called ${name}.`);
        names.add(name);
        if (task) merged[line][name] = task;
      }
    }
  }
  return merged;
}

/** Remembers which jobs ended only because the process stops. */
function noteInterrupted(tasks: TaskList, interrupted: Job[]): TaskList {
  const entries = Object.entries(tasks).flatMap(([name, task]): [string, Task][] =>
    task
      ? [
          [
            name,
            async (payload, helpers) => {
              try {
                await task(payload, helpers);
              } catch (error) {
                if (helpers.abortSignal.aborted) interrupted.push(helpers.job);
                // graphile writes its words to the log and into the job's row.
                throw error instanceof Error ? withoutValues(error) : error;
              }
            },
          ],
        ]
      : [],
  );
  return Object.fromEntries(entries);
}

/**
 * What did not end goes back as if it had not been taken: at once, and without losing one of its tries.
 * Jobs that ignored the abort are unlocked too; their late results meet a newer attempt and are refused.
 */
async function giveBack(pool: Pool, workerIds: string[], interrupted: Job[]): Promise<void> {
  const { rows } = await pool.query<{ id: string; attempts: number }>(
    "select id, attempts from graphile_worker.jobs where locked_by = any($1)",
    [workerIds],
  );
  await pool.query("select graphile_worker.force_unlock_workers($1::text[])", [workerIds]);
  for (const job of [...interrupted, ...rows]) {
    await pool.query(
      "select graphile_worker.reschedule_jobs(array[$1::bigint], run_at => now(), attempts => $2::int)",
      [String(job.id), Math.max(0, job.attempts - 1)],
    );
  }
}

function graphileLogger(): Logger {
  const levels = { error: "error", warning: "warn", info: "debug", debug: "trace" } as const;
  return new Logger((scope) => (level, message) => log()[levels[level]]({ ...scope }, message));
}

/** Waits for `work`, at most so long; what takes longer is left behind. */
async function within(limitMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  try {
    await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
