import { text } from "node:stream/consumers";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { db, type Tx } from "#platform/db";
import type { Id } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { runs } from "#schema";
import { turnsOf } from "./made/conversation";
import { turnsSchema } from "./made/form";
import { openOutput } from "./output";
import type { Owner } from "./owner";
import { findTool } from "./published";
import { findByKey, isOver, type Run, requireOutput, requireRun } from "./run";
import { removedCode } from "./run-removal";
import type { Tool } from "./tool";

/**
 * Going on with a result: another run of the same tool, as it is offered now, whose input is that of the run
 * before it with what came out and what is asked of it now. So it is priced, held and tried again like any other,
 * whatever becomes of the run before it.
 */

export type Continuation = { tool: Tool; input: Record<string, unknown>; parentId: Id<"run"> };

/**
 * The order of a run that goes on with another.
 * @throws Refusal not_found; not_continuable when the tool gives nothing to go on with, the run is not over, or its
 *   result is not there any more
 */
export async function continuationOf(owner: Owner, id: string, message: string): Promise<Continuation> {
  const run = await requireRun(owner, id);
  const tool = await findTool(run.tool);
  if (!tool?.continues || !isOver(run) || run.purgedAt || run.trial !== null)
    throw new Refusal("not_continuable");
  const answer = await answerOf(owner, id);
  const input = inputSchema.parse(run.input);
  const turns = [...turnsOf(input), { answer, message }];
  if (!turnsSchema.safeParse(turns).success) throw new Refusal("not_continuable");
  return { tool, parentId: run.id, input: { ...input, turns } };
}

/**
 * The run that this key began before, which needs nothing of the run that it goes on with.
 * @throws Refusal idempotency_conflict when it asked for something else
 */
export async function findContinuation(
  owner: Owner,
  { id, message, idempotencyKey }: { id: string; message: string; idempotencyKey: string },
): Promise<Run | null> {
  const run = await findByKey(db(), owner, idempotencyKey);
  if (!run) return null;
  // What was asked may have been deleted, or removed with the result that it was asked of.
  const asked = turnsOf(inputSchema.parse(run.input)).at(-1)?.message ?? message;
  if (run.parentId !== id || asked !== message) throw new Refusal("idempotency_conflict");
  return run;
}

const inputSchema = z.record(z.string(), z.unknown());

/**
 * Makes sure that what is gone on with was not removed since it was read: by the run's row, or by that of a run
 * before it, whose text is then missing there. Staff remove under the owner's lock, which the caller has.
 * @throws Refusal not_continuable
 */
export async function requireUnremoved(tx: Tx, parentId: string, input: unknown): Promise<void> {
  const [row] = await tx.select().from(runs).where(eq(runs.id, parentId));
  const turns = turnsOf(inputSchema.parse(input));
  if (
    !row ||
    row.errorCode === removedCode ||
    turnsOf(inputSchema.parse(row.input)).length + 1 < turns.length
  )
    throw new Refusal("not_continuable");
}

/** @throws Refusal not_continuable, also for what another revision of the tool made: a picture is nothing said */
async function answerOf(owner: Owner, id: string): Promise<string> {
  try {
    const output = await requireOutput(owner, id, 0);
    if (!/^text\/(plain|markdown)$/.test(output.mediaType)) throw new Refusal("not_continuable");
    return await text(await openOutput(output));
  } catch (error) {
    throw error instanceof Refusal ? new Refusal("not_continuable") : error;
  }
}
