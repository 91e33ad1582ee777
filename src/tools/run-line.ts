import { sql } from "drizzle-orm";
import { freeSeats, type ModelKind } from "#models";
import { db, type Queryable } from "#platform/db";
import { runs } from "#schema";
import type { Run } from "./run";
import { type Attempt, giveBackUnbegun } from "./run-attempt";
import { announceRun, endRun } from "./run-end";
import { enqueueRun, runTasks } from "./run-job";
import type { Tool } from "./tool";

/**
 * Runs stand in line for models that have as much to do as they may outside of the worker's places, which others
 * need: the run waits on as it did, and its job comes again a little later. Those that came first go first.
 */

/**
 * To be asked before a run is taken.
 * @returns true when it stands in line, and its job has nothing more to do
 */
export async function standInLine(run: Run, tool: Tool, priority: number): Promise<boolean> {
  const { needs } = tool;
  // One that is running was lost by its worker, and one to be cancelled ends: neither asks a model first.
  if (!needs || run.status !== "queued" || run.cancelRequestedAt) return false;
  const free = await freeSeats(needs);
  if (free === Number.POSITIVE_INFINITY) return false;
  const ahead = await countAhead(needs, run.id, priority);
  if (ahead < free) return false;
  await comeAgain(db(), run.id, { tool, needs, priority, ahead });
  return true;
}

/** For an attempt that found a seat free and lost it to another: it has asked nobody and counts as none. */
export async function standBack(attempt: Attempt, tool: Tool, priority: number): Promise<void> {
  const needs = tool.needs ?? "text";
  const ahead = await countAhead(needs, attempt.run.id, priority);
  const run = await db().transaction(async (tx) => {
    const back = await giveBackUnbegun(tx, attempt);
    if (back) await comeAgain(tx, back.id, { tool, needs, priority, ahead });
    return back;
  });
  if (!run) return;
  announceRun(run);
  // Cancel that came in the same moment does not wait for the job.
  if (run.cancelRequestedAt)
    await endRun(run.id, "outside", { status: "canceled", credits: 0n, outputs: [] });
}

/** Has the first in line come at once, now that a run has ended and its seat is free: nobody waits for a clock. */
export async function callNext({ needs }: Tool): Promise<void> {
  if (!needs) return;
  const flags = [flagOf(needs)];
  const { rows } = await db().execute<{ key: string; task: string; priority: number }>(sql`
    select key, task_identifier as task, priority from graphile_worker.jobs
    where task_identifier in (${runTasks.own}, ${runTasks.worker}) and flags ? ${flagOf(needs)}
      and locked_at is null and run_at > now() order by priority, key limit 1`);
  for (const { key, task, priority } of rows) {
    const process = task === runTasks.own ? "own" : "worker";
    await enqueueRun(db(), key, { process }, { priority, flags });
  }
}

type Place = { tool: Tool; needs: ModelKind; priority: number; ahead: number };

/** The farther back, the later it asks again, so that a long line does not ask much more often than a short one. */
const soonestSeconds = 1;
const latestSeconds = 10;
/** How many of those before it let it wait a second longer. */
const perSecond = 8;

async function comeAgain(
  queryable: Queryable,
  runId: string,
  { tool, needs, priority, ahead }: Place,
): Promise<void> {
  const seconds = Math.min(latestSeconds, soonestSeconds + ahead / perSecond);
  const runAt = new Date(Date.now() + seconds * 1000);
  // A new job, not a try of this one: waiting uses none up.
  await enqueueRun(queryable, runId, tool, { priority, runAt, flags: [flagOf(needs)] });
}

function flagOf(needs: ModelKind): string {
  return `waits:${needs}`;
}

/** How many runs stand before this one in line, as the queue orders them. */
async function countAhead(needs: ModelKind, runId: string, priority: number): Promise<number> {
  const { rows } = await db().execute<{ ahead: number }>(sql`
    select count(*)::int as ahead
    from graphile_worker.jobs j join ${runs} on ${runs.id} = j.key and ${runs.status} = 'queued'
    where j.task_identifier in (${runTasks.own}, ${runTasks.worker}) and j.flags ? ${flagOf(needs)}
      and j.locked_at is null and (j.priority, j.key) < (${priority}::int, ${runId}::text)`);
  return rows[0]?.ahead ?? 0;
}
