import { and, eq, lt, notInArray, sql } from "drizzle-orm";
import { db } from "#platform/db";
import { log } from "#platform/log";
import { Refusal } from "#platform/refusal";
import { holds, runs } from "#schema";
import { toolOfRun } from "./published";
import { findRun, type Run, readRun } from "./run";
import { loseAttempt } from "./run-attempt";
import { announceRun, endRun, settle } from "./run-end";
import { enqueueRun } from "./run-job";
import { maxWaitHours } from "./run-start";

/** Looks for runs that nobody works on, so that each one ends whatever happens to workers and jobs. */

const batch = 100;
/** A worker that gave no sign for so long is taken for lost. Its pulse is every three seconds. */
const silenceSeconds = 15;

export type Reaped = { lost: number; requeued: number; expired: number; released: number };

/** Safe to call at any time, from several processes, and to break off: each run is a transaction. */
export async function reapRuns(): Promise<Reaped> {
  return {
    lost: await reapSilent(),
    expired: await expireWaiting(),
    requeued: await requeueForgotten(),
    released: await releaseLeftover(),
  };
}

/** Running without a sign of life: tried again once, then failed; either way nothing stays held. */
async function reapSilent(): Promise<number> {
  const silent = and(
    eq(runs.status, "running"),
    lt(runs.heartbeatAt, sql`now() - make_interval(secs => ${silenceSeconds}::int)`),
  );
  const found = await db().select().from(runs).where(silent).limit(batch);
  return countDone(found, async (last) => {
    const { id } = last;
    const tool = await toolOfRun(last);
    const run = await db()
      .transaction(async (tx): Promise<Run | null> => {
        const [row] = await tx
          .select()
          .from(runs)
          .where(and(eq(runs.id, id), silent))
          .for("update", { skipLocked: true });
        if (!row) return null;
        // The job before what may close the hold, which is last in its transaction; one too many does no harm.
        await enqueueRun(tx, id, tool);
        return (await loseAttempt(tx, readRun(row))) ?? readRun(row);
      })
      .catch((error: unknown) => {
        // Everybody was away for longer than its hold lasts: there is nothing left to close but the run.
        if (!(error instanceof Refusal && error.code === "hold_closed")) throw error;
        const message = "The worker was lost, and the hold has expired.";
        return endRun(id, "outside", { status: "failed", code: "worker_lost", message });
      });
    if (!run) return false;
    log().warn({ runId: id, attempt: run.attempt }, "a run's worker was lost");
    await announceNow(id);
    return true;
  });
}

/** One run's trouble must not keep the others from being looked after: it is logged, and tried again. */
async function countDone<T extends { id: string }>(
  found: readonly T[],
  reap: (one: T) => Promise<boolean>,
): Promise<number> {
  let done = 0;
  for (const one of found) {
    try {
      if (await reap(one)) done += 1;
    } catch (error) {
      log().error({ err: error, runId: one.id }, "a run could not be reaped");
    }
  }
  return done;
}

/** Waiting longer than its hold lasts. */
async function expireWaiting(): Promise<number> {
  const found = await db()
    .select({ id: runs.id })
    .from(runs)
    .where(
      and(
        eq(runs.status, "queued"),
        lt(runs.createdAt, sql`now() - make_interval(mins => ${maxWaitHours * 60 - 30}::int)`),
      ),
    )
    .limit(batch);
  const message = `It waited for ${maxWaitHours} hours.`;
  return countDone(found, async ({ id }) => {
    await endRun(id, "outside", { status: "failed", code: "waited_too_long", message });
    return true;
  });
}

/** Waiting with no job that would take it: its job was lost or used up its tries. */
async function requeueForgotten(): Promise<number> {
  const job = sql`select 1 from graphile_worker.jobs where key = ${runs.id} and attempts < max_attempts`;
  const found = await db()
    .select()
    .from(runs)
    .where(
      and(
        eq(runs.status, "queued"),
        lt(runs.createdAt, sql`now() - interval '30 seconds'`),
        sql`not exists (${job})`,
      ),
    )
    .orderBy(runs.id)
    .limit(batch);
  return countDone(found, async (row) => {
    await enqueueRun(db(), row.id, await toolOfRun(row));
    return true;
  });
}

/**
 * Holds whose run is over. Run and hold end in one transaction, so there are none; if a fault or a hand in
 * the database ever makes one, it is given back here and said in the log.
 */
async function releaseLeftover(): Promise<number> {
  const found = await db()
    .select({ id: runs.id, run: runs })
    .from(holds)
    .innerJoin(runs, and(eq(runs.accountId, holds.accountId), eq(runs.holdId, holds.id)))
    .where(and(eq(holds.status, "open"), notInArray(runs.status, ["queued", "running"])))
    .limit(batch);
  return countDone(found, async ({ run }) => {
    log().error({ runId: run.id }, "a run had ended and left its hold open");
    await db().transaction((tx) => settle(tx, readRun(run), 0n));
    return true;
  });
}

async function announceNow(id: string): Promise<void> {
  const run = await findRun(id);
  if (run) announceRun(run);
}
