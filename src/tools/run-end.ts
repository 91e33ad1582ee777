import { and, eq, inArray, sql } from "drizzle-orm";
import { noteCharge } from "#credits";
import { applyCommands, type Command, readBalance } from "#ledger";
import type { ModelUse } from "#models";
import { announce } from "#platform/changes";
import { db, type Tx } from "#platform/db";
import { happened } from "#platform/happening";
import { isId } from "#platform/id";
import { log } from "#platform/log";
import { Refusal } from "#platform/refusal";
import { type ContentRefusal, recordRefusal } from "#safety";
import { outputs, runChunks, runs, toolCalls } from "#schema";
import type { ToolErrorCode } from "./names";
import { ownerId, ownerOf } from "./owner";
import type { Units } from "./price";
import { type Output, type Run, type RunErrorCode, readRun } from "./run";
import type { ToolFacts } from "./tool";

/**
 * A run's end: one transaction that closes the run and its hold together, so that no path leaves a hold
 * open and none charges twice. Lock order: run, then account.
 */

export type Ending = {
  /** What a model was used for until then. */
  model?: ModelUse | undefined;
} & (
  | {
      status: "succeeded";
      credits: bigint;
      /** What was used; without them those of the quote stay. */
      units?: Units;
      outputs: readonly Omit<Output, "runId">[];
      facts: ToolFacts | null;
      /** Its text was delivered as it came. */
      streamed?: boolean;
    }
  | {
      status: "failed";
      code: ToolErrorCode | RunErrorCode;
      message: string;
      /** Why its text may not stay, when that is what it failed for. */
      refusal?: ContentRefusal;
    }
  /** What a streaming tool had delivered is charged; everybody else is charged nothing. */
  | { status: "canceled"; credits: bigint; units?: Units; outputs: readonly Omit<Output, "runId">[] }
);

/** Which attempt ends the run; `outside` for reapers and cancel, whom a late attempt may no longer contradict. */
type By = { attempt: number } | "outside";

/**
 * Ends a run unless it has ended or another attempt has it.
 * @returns the ended run, or null when it was not this caller's to end.
 */
export async function endRun(runId: string, by: By, ending: Ending): Promise<Run | null> {
  let run: Run | null;
  try {
    run = await db().transaction((tx) => end(tx, runId, by, ending));
  } catch (error) {
    if (!(error instanceof Refusal && (error.code === "hold_closed" || error.code === "not_found")))
      throw error;
    // The hold outlived its deadline and was closed: nothing can be charged, so nothing is delivered.
    log().error({ runId, err: error }, "a run ended without its hold");
    const failed = { status: "failed", code: "hold_expired", message: "The hold had expired." } as const;
    const left = "refusal" in ending ? ending : failed;
    run = await db().transaction((tx) => end(tx, runId, by, left, { closeHold: false }));
  }
  if (!run) return null;
  announceRun(run);
  tellOf(run);
  await noteCharged(run);
  return run;
}

/** A test by staff counts in no figure. */
function tellOf({ id, accountId, userId, tool, trial, status, charged, createdAt, endedAt }: Run): void {
  if (trial !== null) return;
  happened({
    name: "run_finished",
    userId: userId && isId("user", userId) ? userId : null,
    accountId: accountId && isId("account", accountId) ? accountId : null,
    properties: {
      ...{ tool, run: id, status, credits: Number(charged) },
      seconds: endedAt ? (endedAt.getTime() - createdAt.getTime()) / 1000 : 0,
    },
  });
}

/** Lets its owner be told by mail when what it cost has made the balance low. */
async function noteCharged({ accountId, charged }: Run): Promise<void> {
  if (!accountId || !charged || !isId("account", accountId)) return;
  const { available } = await readBalance(db(), accountId);
  await noteCharge({ accountId, credits: charged, available, repeated: false });
}

/** Tells the owner's pages that a run, and with it the balance, has changed. */
export function announceRun(run: Run): void {
  announce({ owner: ownerId(ownerOf(run)), runs: [run.id], balance: run.holdId !== null });
}

/** The same inside a caller's transaction, for those who have found the run's state themselves. */
export async function end(
  tx: Tx,
  runId: string,
  by: By,
  wanted: Ending,
  { closeHold = true } = {},
): Promise<Run | null> {
  const [row] = await tx
    .select()
    .from(runs)
    .where(and(eq(runs.id, runId), inArray(runs.status, ["queued", "running"])))
    .for("update");
  if (!row || (by !== "outside" && row.attempt !== by.attempt)) return null;
  const ending = afterCancel(row, wanted);
  const credits = "credits" in ending ? ending.credits : 0n;
  if (credits < 0n || credits > row.held) throw new Error(`run ${runId}: ${credits} of ${row.held} held`);
  const results = "outputs" in ending ? ending.outputs : [];
  if (results.length > 0) {
    await tx.insert(outputs).values(results.map((output) => ({ ...output, runId })));
  } else {
    // Without a result nothing is delivered: what was streamed on the way to it is withdrawn.
    await tx.delete(runChunks).where(eq(runChunks.runId, runId));
  }
  // What a tool's own server said is in the result now, or in nobody's hands.
  await tx.update(toolCalls).set({ reply: null, step: null }).where(eq(toolCalls.runId, runId));
  if ("refusal" in ending && ending.refusal) await recordRefusal(tx, runId, ending.refusal);
  const [ended] = await tx
    .update(runs)
    .set({
      status: ending.status,
      charged: credits,
      ...(row.units && "units" in ending && { units: ending.units }),
      attempt: by === "outside" ? row.attempt + 1 : row.attempt,
      errorCode: ending.status === "failed" ? ending.code : null,
      errorMessage: ending.status === "failed" ? ending.message : null,
      facts: ending.status === "succeeded" ? ending.facts : null,
      model: ending.model?.name ?? null,
      costMicros: ending.model ? ending.model.cost : 0n,
      ...(ending.status === "succeeded" && { progress: 1 }),
      progressStep: null,
      endedAt: sql`now()`,
    })
    .where(eq(runs.id, runId))
    .returning();
  if (!ended) throw new Error(`run ${runId} vanished under its lock`);
  if (closeHold) await settle(tx, readRun(row), credits);
  return readRun(ended);
}

/**
 * A customer who cancelled before the end pays nothing for a result that came in the same moment; but for
 * streamed text, which was delivered as it came.
 */
function afterCancel(row: typeof runs.$inferSelect, ending: Ending): Ending {
  if (!row.cancelRequestedAt || ending.status === "canceled" || "refusal" in ending) return ending;
  if (ending.status === "succeeded" && ending.streamed) {
    const { status: _, facts: __, streamed: ___, ...delivered } = ending;
    return { status: "canceled", ...delivered };
  }
  return { status: "canceled", credits: 0n, outputs: [], model: ending.model };
}

/** Closes the run's hold: takes `credits` of it and gives the rest back. Last in its transaction. */
export async function settle(tx: Tx, run: Run, credits: bigint): Promise<void> {
  const { accountId, holdId } = run;
  if (!holdId) return;
  if (!accountId || !isId("account", accountId) || !isId("hold", holdId)) {
    throw new Error(`run ${run.id} has a hold and no account`);
  }
  const cause = `tool:${run.tool}`;
  const command: Command =
    credits > 0n
      ? { verb: "capture", accountId, key: `${run.id}:capture`, holdId, credits, cause }
      : { verb: "release", accountId, key: `${run.id}:release`, holdId, cause };
  await applyCommands(tx, [command]);
}
