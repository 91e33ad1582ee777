import { and, eq, inArray, sql } from "drizzle-orm";
import { db, type Tx } from "#platform/db";
import { runChunks, runs } from "#schema";
import { type Run, readRun } from "./run";
import { announceRun, end } from "./run-end";
import { ensureHold, holdLeft, prolongHold } from "./run-hold";

/**
 * An attempt at a run: taken by a job, kept alive by its pulse, given back when its worker stops. A job may
 * run twice, and a worker that seemed dead may wake up: whoever is not the current attempt changes nothing.
 */

/** A lost worker's run is tried once more. */
const maxLosses = 1;

export type Attempt = {
  run: Run;
  attempt: number;
  /** The tool's: the attempt lasts no longer. */
  timeoutSeconds: number;
};

/**
 * Takes the run for a job. Null when there is nothing to do: it has ended, or another job has it.
 * The same job coming again means that its worker was lost.
 */
export async function takeRun(runId: string, jobId: string, timeoutSeconds: number): Promise<Attempt | null> {
  const run = await db().transaction(async (tx) => {
    const [row] = await tx
      .select()
      .from(runs)
      .where(and(eq(runs.id, runId), inArray(runs.status, ["queued", "running"])))
      .for("update");
    if (!row) return null;
    if (row.status === "queued" && row.cancelRequestedAt)
      return end(tx, row.id, "outside", { status: "canceled", credits: 0n, outputs: [] });
    if (row.status === "running") {
      if (row.jobId !== jobId) return null;
      const ended = await loseAttempt(tx, readRun(row));
      if (ended) return ended;
    }
    return begin(tx, readRun(row), jobId, timeoutSeconds);
  });
  if (!run) return null;
  announceRun(run);
  if (run.status !== "running") return null;
  return { run, attempt: run.attempt, timeoutSeconds };
}

/**
 * Notes that the run's worker was lost; to be called with the run's row locked.
 * @returns the ended run when it is not to be tried again, else null: it waits anew.
 */
export async function loseAttempt(tx: Tx, run: Run): Promise<Run | null> {
  if (run.cancelRequestedAt)
    return end(tx, run.id, "outside", { status: "canceled", credits: 0n, outputs: [] });
  if (run.losses >= maxLosses) {
    const message = `The worker was lost ${run.losses + 1} times.`;
    return end(tx, run.id, "outside", { status: "failed", code: "worker_lost", message });
  }
  await tx
    .update(runs)
    .set({
      status: "queued",
      losses: run.losses + 1,
      attempt: run.attempt + 1,
      jobId: null,
      heartbeatAt: null,
      progress: null,
      progressStep: null,
    })
    .where(eq(runs.id, run.id));
  return null;
}

async function begin(tx: Tx, run: Run, jobId: string, timeoutSeconds: number): Promise<Run> {
  // What a lost attempt had written would stand before what this one writes.
  await tx.delete(runChunks).where(eq(runChunks.runId, run.id));
  const [row] = await tx
    .update(runs)
    .set({
      status: "running",
      attempt: sql`${runs.attempt} + 1`,
      jobId,
      startedAt: sql`coalesce(${runs.startedAt}, now())`,
      heartbeatAt: sql`now()`,
      progress: null,
      progressStep: null,
    })
    .where(eq(runs.id, run.id))
    .returning();
  if (!row) throw new Error(`run ${run.id} vanished under its lock`);
  const taken = readRun(row);
  // Last in its transaction.
  await ensureHold(tx, taken, timeoutSeconds);
  return taken;
}

/** `unpaid`: its hold was closed, so nothing can be charged for what it does. */
export type Pulse = "alive" | "cancel" | "superseded" | "unpaid";

/**
 * Writes the attempt's sign of life with its progress, moves its hold's deadline on where that is due, and
 * learns whether it should go on.
 */
export async function beat(
  { run, attempt, timeoutSeconds }: Attempt,
  progress: { fraction: number; step: string } | null,
): Promise<Pulse> {
  const [row] = await db()
    .update(runs)
    .set({
      heartbeatAt: sql`now()`,
      ...(progress && { progress: progress.fraction, progressStep: progress.step }),
    })
    .where(isCurrent(run.id, attempt))
    .returning({ cancelRequestedAt: runs.cancelRequestedAt, hold: holdLeft });
  if (!row || row.cancelRequestedAt || !run.holdId) return pulseOf(row);
  return (await prolongHold(run, row.hold, timeoutSeconds)) ? "alive" : "unpaid";
}

/** Only learns whether it should go on. */
export async function feel({ run, attempt }: Attempt): Promise<Pulse> {
  const [row] = await db()
    .select({ cancelRequestedAt: runs.cancelRequestedAt })
    .from(runs)
    .where(isCurrent(run.id, attempt));
  return pulseOf(row);
}

const unbegun = { status: "queued", jobId: null, heartbeatAt: null, progress: null, progressStep: null };

/** Puts the run back where it was before the attempt: its worker stops, its job comes again elsewhere. */
export async function giveBack({ run, attempt }: Attempt): Promise<void> {
  const [row] = await db().update(runs).set(unbegun).where(isCurrent(run.id, attempt)).returning();
  if (row) announceRun(readRun(row));
}

/**
 * The same for a run whose models have no time: what it waited was no work.
 * @returns null when the attempt is no longer the run's
 */
export async function giveBackUnbegun(tx: Tx, { run, attempt }: Attempt): Promise<Run | null> {
  const [row] = await tx
    .update(runs)
    .set({ ...unbegun, ...(run.losses === 0 && { startedAt: null }) })
    .where(isCurrent(run.id, attempt))
    .returning();
  return row ? readRun(row) : null;
}

/** Appends streamed text, unless the attempt is no longer the run's. */
export async function appendText({ run, attempt }: Attempt, position: number, text: string): Promise<void> {
  await db().execute(sql`
    insert into ${runChunks} (run_id, position, text)
    select id, ${position}::int, ${text} from ${runs} where ${isCurrent(run.id, attempt)}
    on conflict do nothing`);
}

function isCurrent(runId: string, attempt: number) {
  return and(eq(runs.id, runId), eq(runs.attempt, attempt), eq(runs.status, "running"));
}

function pulseOf(row: { cancelRequestedAt: Date | null } | undefined): Pulse {
  if (!row) return "superseded";
  return row.cancelRequestedAt ? "cancel" : "alive";
}
