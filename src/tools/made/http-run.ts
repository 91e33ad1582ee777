import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { config } from "#platform/config";
import { log } from "#platform/log";
import { storable } from "#platform/storable";
import { Interruption, type LocalFile, type RunContext, type RunOutcome, ToolError } from "#tools/define";
import { badAnswer, failureSchema, outcomeOf, type Reply, readReply, refusedBy } from "./http-answer";
import { acceptCall, awaitReply, findReply, openCall } from "./http-call";
import { inputFileUrl } from "./http-file";
import { type GuardedAnswer, RequestFault, requestGuarded } from "./http-request";
import { findSecrets } from "./http-secret";
import { signMessage } from "./http-signature";
import type { HttpWork } from "./http-work";

/** A run that the operator's own server does: sent to it, waited for, and taken back. */

/** Of an answer, with results in it as text or base64. */
const mostBytes = 10_000_000;
/** The pause before the first repetition; each next one is twice as long. */
const firstPauseMs = 500;
const longestPauseMs = 30_000;
const cancelMs = 5_000;

export type HttpTool = { slug: string; work: HttpWork; timeoutSeconds: number };

/**
 * @throws ToolError not_configured, tool_refused, tool_unavailable, tool_bad_answer; the signal's reason
 */
export async function runHttp(context: RunContext<unknown>, tool: HttpTool): Promise<RunOutcome> {
  const { runId, signal } = context;
  const secrets = await findSecrets(tool.slug);
  if (secrets.length === 0) throw new ToolError("not_configured", "The tool has no secret: make one.");
  const call = await openCall(runId);
  try {
    // What the server has accepted it does, whichever worker asks: it is not sent twice.
    const said = call.acceptedAt || call.reply ? null : await sendRun(context, tool, secrets);
    return await outcomeOf(said ?? (await awaitReply(context)), tool.work, context);
  } catch (error) {
    if (signal.aborted && isForGood(signal.reason)) tellCanceled(runId, tool, secrets);
    throw error;
  }
}

/** A worker that stops, or one that is late, has a successor that waits for the same answer. */
function isForGood(reason: unknown): boolean {
  return !(reason instanceof Interruption) || reason.why === "canceled" || reason.why === "unpaid";
}

/** @returns what the server said at once; null when it calls back */
async function sendRun(
  context: RunContext<unknown>,
  tool: HttpTool,
  secrets: readonly string[],
): Promise<Reply | null> {
  const { runId, signal } = context;
  const body = orderOf(context, tool);
  for (let tries = 0; ; tries++) {
    const { fault, answer } = await post(tool.work.url, runId, secrets, body, signal);
    // It may have called back before it answered, or broken down in between: what it said first stands.
    const reply = await findReply(runId);
    if (reply) return reply;
    if (answer && !mayPass(answer.status)) return takeAnswer(runId, answer);
    if (fault && fault.why !== "unreachable") throw faultError(fault);
    const what = fault?.message ?? `status ${answer?.status}`;
    if (tries >= tool.work.retries) throw new ToolError("tool_unavailable", `${tries + 1} times: ${what}`);
    log().info({ runId, tool: tool.slug, what }, "a tool's server is asked again");
    await pause(pauseMs(tries, answer), undefined, { signal });
  }
}

type Posted = { fault?: RequestFault; answer?: GuardedAnswer };

/** Signed anew each time, for a signature is good for minutes; the id stays. */
async function post(
  url: string,
  id: string,
  secrets: readonly string[],
  body: string,
  signal: AbortSignal,
): Promise<Posted> {
  const headers = { "content-type": "application/json", ...signMessage(secrets, id, body) };
  try {
    return {
      answer: await requestGuarded({ url, method: "POST", headers, body, signal, maxBytes: mostBytes }),
    };
  } catch (error) {
    if (error instanceof RequestFault) return { fault: error };
    throw error;
  }
}

/** No answer that counts: the server may give one the next time. */
function mayPass(status: number): boolean {
  return status === 429 || status >= 500;
}

async function takeAnswer(runId: string, { status, body }: GuardedAnswer): Promise<Reply | null> {
  if (status === 202) {
    await acceptCall(runId);
    return null;
  }
  const said = readJson(body);
  if (status === 200) return readReply(said);
  const { data: failure } = failureSchema.safeParse(said);
  if (failure && status >= 400) throw refusedBy(failure);
  if (status >= 300 && status < 400) throw badAnswer(`status ${status}: no redirect is followed`);
  throw badAnswer(`status ${status} without an error in the form of the contract`);
}

/** Undefined for what is no JSON. Characters that no database keeps are left out. */
function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"), (_, value) =>
      typeof value === "string" ? storable(value, value.length) : value,
    );
  } catch {
    return undefined;
  }
}

function faultError({ why, message }: RequestFault): ToolError {
  return why === "too_large" ? badAnswer(message) : new ToolError("tool_unavailable", message);
}

/** Twice as long each time and never quite the same, or as long as the server says. */
function pauseMs(tries: number, answer: GuardedAnswer | undefined): number {
  const seconds = z.coerce.number().min(0).safeParse(answer?.headers["retry-after"]);
  const asked = seconds.success ? seconds.data * 1000 : 0;
  const backOff = firstPauseMs * 2 ** tries * (0.5 + Math.random() / 2);
  return Math.min(Math.max(backOff, asked), longestPauseMs);
}

/** What the server is told of a run: nothing of whose it is. */
function orderOf({ runId, input, files }: RunContext<unknown>, { slug, timeoutSeconds }: HttpTool): string {
  return message("run.started", {
    ...{ run: runId, tool: slug, input, timeoutSeconds },
    files: files.map((file, position) => fileOf(file, inputFileUrl(runId, position, timeoutSeconds + 60))),
    callbackUrl: `${config().baseUrl}/api/tool-callbacks/${runId}`,
  });
}

function fileOf({ path: _, ...file }: LocalFile, url: string) {
  return { ...file, url };
}

function message(type: string, data: object): string {
  return JSON.stringify({ type, timestamp: new Date().toISOString(), data });
}

/** Best effort, and nobody waits for it: the run has ended. */
function tellCanceled(runId: string, { slug, work }: HttpTool, secrets: readonly string[]): void {
  const body = message("run.canceled", { run: runId, tool: slug });
  post(work.url, `${runId}_canceled`, secrets, body, AbortSignal.timeout(cancelMs))
    .then(
      ({ fault }) => fault && log().info({ err: fault, runId }, "a tool's server was not told of a cancel"),
    )
    .catch((error: unknown) => log().info({ err: error, runId }, "a tool's server was not told of a cancel"));
}
