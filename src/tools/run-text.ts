import { and, asc, eq, gt } from "drizzle-orm";
import { Bell } from "#platform/bell";
import { hearChanges } from "#platform/changes";
import { db } from "#platform/db";
import { runChunks } from "#schema";
import { type Owner, ownerId } from "./owner";
import { isOver, type RunStatus, requireRun } from "./run";

/** A run's streamed text as it grows. */
export type TextEvent =
  | ({ type: "text"; text: string } & TextPlace)
  /** What was written so far is void: another attempt has begun, or the run ended without a result. */
  | { type: "reset" }
  | { type: "end"; status: RunStatus };

/** How far a reader has come, in the text of which attempt; -1 when nothing was read of it. */
export type TextPlace = { attempt: number; position: number };

/** Should a notice be lost, the text is looked at anyway. */
const lookAgainMs = 5_000;

/**
 * Everything stored after `after` (null for all), then what comes, until the run is over or the signal fires.
 * @throws Refusal not_found
 */
export async function* followText(
  owner: Owner,
  runId: string,
  { after, signal }: { after: TextPlace | null; signal: AbortSignal },
): AsyncGenerator<TextEvent> {
  const changed = new Bell();
  const stopHearing = await hearChanges(ownerId(owner), (change) => {
    const concerned =
      change === "missed" || change.text?.includes(runId) || change.runs?.includes(runId) || false;
    if (concerned) changed.ring();
  });
  signal.addEventListener("abort", () => changed.ring(), { once: true });
  try {
    let place = after;
    while (!signal.aborted) {
      // The run before its text: once it is over, no text comes after what is read next.
      const run = await requireRun(owner, runId);
      const { attempt } = run;
      if (place && place.attempt !== attempt) yield { type: "reset" };
      if (place?.attempt !== attempt) place = { attempt, position: -1 };
      for (const { position, text } of await readChunks(run.id, place.position)) {
        place = { attempt, position };
        yield { type: "text", text, ...place };
      }
      if (isOver(run)) {
        if (place.position >= 0 && !(await hasText(run.id))) yield { type: "reset" };
        yield { type: "end", status: run.status };
        return;
      }
      if (!signal.aborted) await changed.wait(lookAgainMs);
    }
  } finally {
    stopHearing();
  }
}

function readChunks(runId: string, after: number): Promise<{ position: number; text: string }[]> {
  return db()
    .select({ position: runChunks.position, text: runChunks.text })
    .from(runChunks)
    .where(and(eq(runChunks.runId, runId), gt(runChunks.position, after)))
    .orderBy(asc(runChunks.position));
}

async function hasText(runId: string): Promise<boolean> {
  return (await db().$count(runChunks, eq(runChunks.runId, runId))) > 0;
}
