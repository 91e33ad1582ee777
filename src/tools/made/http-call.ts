import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { Bell } from "#platform/bell";
import { announce, hearChanges } from "#platform/changes";
import { db, type Tx } from "#platform/db";
import { fieldErrors } from "#platform/field-errors";
import { isId } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { storable } from "#platform/storable";
import { runs, toolCallMessages, toolCalls } from "#schema";
import type { RunContext } from "#tools/define";
import { failureSchema, type Reply, readReply, resultSchema } from "./http-answer";
import { findSecrets } from "./http-secret";
import { type SignedHeaders, verifyMessage } from "./http-signature";

/**
 * A run in the hands of a tool's own server. What that says is written down by whichever process hears it, and
 * found by whichever worker has the run: also by one that takes it up after the first has died.
 */

/** Should a notice be lost, the call is looked at anyway. */
const lookAgainMs = 5_000;

type Call = typeof toolCalls.$inferSelect;

/** Notes that a run is about to be sent, and finds what came of it before. */
export async function openCall(runId: string): Promise<Call> {
  await db().insert(toolCalls).values({ runId }).onConflictDoNothing();
  const call = await findCall(runId);
  if (!call) throw new Error(`the call of ${runId} was not written`);
  return call;
}

/** Notes that the server has taken the run and calls back. */
export async function acceptCall(runId: string): Promise<void> {
  await db().update(toolCalls).set({ acceptedAt: sql`now()` }).where(eq(toolCalls.runId, runId));
}

/** What the server has said of the run's end; null while it has said nothing. */
export async function findReply(runId: string): Promise<Reply | null> {
  const call = await findCall(runId);
  return call?.reply ? readReply(call.reply) : null;
}

/** Waits for the run's end, and passes progress on. @throws the signal's reason */
export async function awaitReply({
  runId,
  signal,
  onProgress,
}: Pick<RunContext<unknown>, "runId" | "signal" | "onProgress">): Promise<Reply> {
  const changed = new Bell();
  const ring = () => changed.ring();
  const stopHearing = await hearChanges(runId, ring);
  signal.addEventListener("abort", ring, { once: true });
  try {
    let told = "";
    for (;;) {
      signal.throwIfAborted();
      const call = await findCall(runId);
      if (call?.reply) return readReply(call.reply);
      const said = JSON.stringify([call?.progress, call?.step]);
      if (call?.progress != null && said !== told) onProgress(call.progress, { text: call.step ?? "" });
      told = said;
      await changed.wait(lookAgainMs);
    }
  } finally {
    stopHearing();
    signal.removeEventListener("abort", ring);
  }
}

const messageSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("run.progress"),
    data: z.object({ fraction: z.number().min(0).max(1), text: z.string().max(1_000).exactOptional() }),
  }),
  z.object({ type: z.literal("run.succeeded"), data: resultSchema }),
  z.object({ type: z.literal("run.failed"), data: failureSchema }),
]);
type Message = z.infer<typeof messageSchema>;

/**
 * Takes what a server says of a run. The same message twice counts once.
 * @param header reads a header by its name
 * @param body as it was signed
 * @throws Refusal not_found for a run that was not sent anywhere, signature_invalid, invalid_request; run_canceled;
 *   run_over when it has ended, or its end was told before
 */
export async function receiveCallback(
  runId: string,
  header: (name: keyof SignedHeaders) => string | undefined,
  body: string,
): Promise<{ repeated: boolean }> {
  const [run] = isId("run", runId)
    ? await db().select({ tool: runs.tool }).from(runs).where(eq(runs.id, runId))
    : [];
  if (!run || !(await findCall(runId))) throw new Refusal("not_found");
  const messageId = verifyMessage(await findSecrets(run.tool), header, body);
  if (!messageId) throw new Refusal("signature_invalid");
  const message = readMessage(runId, body);
  const isNew = await db().transaction((tx) => keep(tx, runId, messageId, message));
  if (isNew) announce({ owner: runId, runs: [runId] });
  return { repeated: !isNew };
}

/** @returns false for a message that was kept before */
async function keep(tx: Tx, runId: string, messageId: string, message: Message): Promise<boolean> {
  const [run] = await tx
    .select({ status: runs.status, cancelRequestedAt: runs.cancelRequestedAt })
    .from(runs)
    .where(eq(runs.id, runId))
    .for("share");
  const [call] = await tx.select().from(toolCalls).where(eq(toolCalls.runId, runId)).for("update");
  if (!run || !call) throw new Refusal("not_found");
  const isMessage = and(eq(toolCallMessages.runId, runId), eq(toolCallMessages.messageId, messageId));
  const [before] = await tx.select().from(toolCallMessages).where(isMessage);
  if (before) return false;
  if (run.cancelRequestedAt || run.status === "canceled") throw new Refusal("run_canceled");
  const isLive = run.status === "queued" || run.status === "running";
  if (!isLive || call.reply) throw new Refusal("run_over");
  await tx.insert(toolCallMessages).values({ runId, messageId });
  const { type, data } = message;
  const news =
    type === "run.progress"
      ? { progress: data.fraction, ...(data.text !== undefined && { step: storable(data.text, 120) }) }
      : { reply: data };
  await tx.update(toolCalls).set(news).where(eq(toolCalls.runId, runId));
  return true;
}

/** A signature is good for every run of its tool: what names its run is heard for that one alone. */
const namedSchema = z.object({ data: z.object({ run: z.unknown() }) });

function readMessage(runId: string, body: string): Message {
  let said: unknown;
  try {
    said = JSON.parse(body);
  } catch {
    throw new Refusal("malformed_request");
  }
  const named = namedSchema.safeParse(said).data?.data.run;
  if (named !== undefined && named !== runId)
    throw new Refusal("invalid_request", {
      errors: [{ path: "data.run", message: "It names another run." }],
    });
  const { data, error } = messageSchema.safeParse(said);
  if (error) throw new Refusal("invalid_request", { errors: fieldErrors(error) });
  return data;
}

async function findCall(runId: string): Promise<Call | null> {
  const [call] = await db().select().from(toolCalls).where(eq(toolCalls.runId, runId));
  return call ?? null;
}
