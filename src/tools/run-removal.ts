import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import { db, type Tx } from "#platform/db";
import { deleteFolder } from "#platform/storage";
import { outputs, runChunks, runs } from "#schema";
import { lockOwner, ownerOf } from "./owner";
import { isOver, type Run, readRun } from "./run";
import { cancelUnlessOver } from "./run-cancel";
import { runFolder } from "./run-execute";

/** The code that a run whose result was removed by staff carries from then on. */
export const removedCode = "content_removed";

/** Cancels what goes on with a run and is not over: without what was said it would do something else. */
export async function cancelContinuations(runId: string): Promise<void> {
  const live = inArray(runs.status, ["queued", "running"]);
  const rows = await db()
    .select()
    .from(runs)
    .where(and(live, sql`${runs.id} in (${laterThan(runId)})`));
  for (const row of rows) await cancelUnlessOver(ownerOf(readRun(row)), row.id);
}

/** The ids of the runs that go on with a run, and with those. */
function laterThan(runId: string): SQL {
  return sql`
    with recursive later as (
      select id from runs where parent_id = ${runId}
      union all
      select r.id from runs r join later on r.parent_id = later.id
    )
    select id from later`;
}

/**
 * Takes a run's result out of everybody's hands: its files, its text, and that text where runs that go on with it
 * repeat it. What it cost stays. Bytes first, as the purge does it: whoever dies in between leaves a report that is
 * open, never a result that nobody knows of.
 * @returns the run; null for one that is not there or not over
 */
export async function removeResult(tx: Tx, runId: string): Promise<Run | null> {
  const [found] = await tx.select().from(runs).where(eq(runs.id, runId));
  if (!found) return null;
  // Nobody begins to go on with it meanwhile, or with a run that repeats it.
  await lockOwner(tx, "runs", ownerOf(readRun(found)));
  const [row] = await tx.select().from(runs).where(eq(runs.id, runId)).for("update");
  if (!row || !isOver(readRun(row))) return null;
  await tx.delete(outputs).where(eq(outputs.runId, runId));
  await tx.delete(runChunks).where(eq(runChunks.runId, runId));
  const [removed] = await tx
    .update(runs)
    .set({
      facts: null,
      errorCode: removedCode,
      errorMessage: "The result was removed: it goes against the rules.",
    })
    .where(eq(runs.id, runId))
    .returning();
  // Marked in the same moment: no worker takes up what goes on with it, should nobody come to cancel it.
  await tx.execute(sql`
    update runs set input = input - 'turns',
      cancel_requested_at = case when status in ('queued', 'running') then now() else cancel_requested_at end
    where id in (${laterThan(runId)}) and input ? 'turns'`);
  await deleteFolder(runFolder(runId));
  return removed ? readRun(removed) : null;
}
