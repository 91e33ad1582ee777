import { and, eq, sql } from "drizzle-orm";
import { db } from "#platform/db";
import type { Id } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { runs } from "#schema";
import { isOwnedBy, type Owner } from "./owner";
import { isOver, listLive, type Run, readRun } from "./run";
import { announceRun, end } from "./run-end";

/** Cancels whatever runs or waits of an account's. What ends otherwise meanwhile has ended. */
export async function cancelRuns(accountId: Id<"account">): Promise<void> {
  const owner = { accountId };
  for (const { id } of await listLive(owner)) await cancelUnlessOver(owner, id);
}

/** The same for one run. @throws Refusal not_found */
export async function cancelUnlessOver(owner: Owner, id: string): Promise<void> {
  await cancelRun(owner, id).catch((error: unknown) => {
    if (!(error instanceof Refusal && error.code === "run_over")) throw error;
  });
}

/**
 * Cancels a run: a waiting one ends at once, a running one as soon as its worker has stopped the tool.
 * Cancelling twice is cancelling once.
 * @throws Refusal not_found; run_over when it has ended otherwise
 */
export async function cancelRun(owner: Owner, id: string): Promise<Run> {
  const run = await db().transaction(async (tx) => {
    const [row] = await tx
      .select()
      .from(runs)
      .where(and(eq(runs.id, id), isOwnedBy(runs, owner)))
      .for("update");
    if (!row) throw new Refusal("not_found");
    const found = readRun(row);
    if (found.status === "canceled") return found;
    if (isOver(found)) throw new Refusal("run_over", { status: found.status });
    if (found.status === "queued") {
      const ended = await end(tx, id, "outside", { status: "canceled", credits: 0n, outputs: [] });
      return ended ?? found;
    }
    const [asked] = await tx
      .update(runs)
      .set({ cancelRequestedAt: sql`coalesce(${runs.cancelRequestedAt}, now())` })
      .where(eq(runs.id, id))
      .returning();
    return asked ? readRun(asked) : found;
  });
  announceRun(run);
  return run;
}
