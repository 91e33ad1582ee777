import { setTimeout as pause } from "node:timers/promises";
import { APICallError } from "ai";
import type { Id } from "#platform/id";
import { log } from "#platform/log";
import type { ModelUse } from "./cost";
import { ModelError, ModelsBusy } from "./error";
import { type Candidate, findCandidates, type ModelKind } from "./model";
import { noteFailure } from "./rest";
import { takeSeat } from "./seat";

/**
 * Asks models of a kind one after the other until one does it: the next takes the place of one that fails with
 * nothing passed on, or has as much to do as it may.
 */

export type Turn = {
  /** By name, which to ask first, in this order; without any, in the operator's. */
  models?: readonly string[];
  /** The longest that it may take, in seconds; `signal` enforces it. */
  mostSeconds: number;
  signal: AbortSignal;
  /** When all have as much to do as they may, this is waited for them; without it, as long as `signal` lets. */
  mostWaitMs?: number;
  /** What is read and written, at least: a model that takes fewer tokens is not asked. */
  tokens?: number;
  /** One whose provider rests is not asked, instead of last. */
  skipsResting?: boolean;
};

/** When all have as much to do as they may. */
const busyMs = 500;

const endless = Number.POSITIVE_INFINITY;

/** @throws ModelError; ModelsBusy; the signal's reason */
export async function askInTurn<T>(
  kind: ModelKind,
  { models, mostSeconds, signal, tokens = 0, mostWaitMs = endless, skipsResting = false }: Turn,
  ask: (candidate: Candidate) => Promise<T>,
): Promise<T> {
  const failed = new Map<string, Error>();
  let waitedMs = 0;
  for (;;) {
    const candidates = await findCandidates(kind, models);
    let busy = false;
    for (const candidate of candidates) {
      if (failed.has(nameOf(candidate)) || (skipsResting && candidate.provider.rests)) continue;
      if (tokens > (candidate.model.contextTokens ?? endless)) {
        failed.set(nameOf(candidate), new TooLarge(`${candidate.model.name} takes fewer tokens`));
        continue;
      }
      signal.throwIfAborted();
      const seat = await takeSeat(candidate.provider, mostSeconds);
      if (!seat) {
        busy = true;
        continue;
      }
      try {
        return await ask(candidate);
      } catch (error) {
        if (!(error instanceof Passed)) throw error;
        failed.set(nameOf(candidate), error);
        const { provider, model } = candidate;
        log().warn({ provider: provider.name, model: model.name, err: error.cause }, "a model failed");
      } finally {
        await seat.leave();
      }
    }
    if (!busy) throw noneLeft([...failed.values()], tokens);
    if (waitedMs >= mostWaitMs) throw new ModelsBusy(`no model of kind ${kind} had time`);
    await pause(busyMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    waitedMs += busyMs;
  }
}

function noneLeft(failures: readonly Error[], tokens: number): ModelError {
  if (failures.length > 0 && failures.every((failure) => failure instanceof TooLarge))
    return new ModelError("too_large", `At least ${tokens} tokens: no model takes so many.`);
  const reasons = failures.map(({ message }) => message);
  return new ModelError("unavailable", reasons.join("; ") || "no model is configured");
}

function nameOf({ provider, model }: Candidate): string {
  return `${provider.id} ${model.id}`;
}

/** It failed with nothing passed on: another may be asked. */
class Passed extends Error {}

/** It takes fewer tokens than it would need to: one that takes more may be asked. */
class TooLarge extends Passed {}

/**
 * Remembers what the provider did, and says whether another may be asked.
 * @param passed what was used for what was passed on already; null for nothing
 * @throws ModelError, or what has `askInTurn` ask the next
 */
export async function fail(
  provider: Id<"provider"> | null,
  cause: unknown,
  passed: ModelUse | null,
): Promise<never> {
  const call = APICallError.isInstance(cause) ? cause : null;
  const status = call?.statusCode;
  const message = `${status ?? "no answer"}: ${cause instanceof Error ? cause.message : String(cause)}`;
  if (isTooLarge(call)) throw new TooLarge(message, { cause });
  // It is what was asked that it does not take; the provider is well. Its words are the operator's to read.
  if (isOfTheRequest(call)) {
    log().warn({ err: cause, provider }, "a model refused a request");
    throw new ModelError("refused", `the provider answered ${status}`);
  }
  await noteFailure(provider, message, restOf(call));
  if (passed) throw new ModelError("broke_off", message, passed);
  throw new Passed(message, { cause });
}

/** In the words of OpenAI's and vLLM's, Anthropic's and Google's servers. */
const ofTheContext = /context.?length|context.?window|prompt is too long|token count .*exceeds/i;

function isTooLarge(call: APICallError | null): boolean {
  const isRefusal = call?.statusCode === 400 || call?.statusCode === 413;
  return isRefusal && ofTheContext.test(`${call?.message} ${call?.responseBody}`);
}

/** Some say with 400 that the key is wrong or the money spent. */
const ofTheAccount = /api.?key|credential|credit balance|billing|quota|FAILED_PRECONDITION/i;

function isOfTheRequest(call: APICallError | null): boolean {
  const status = call?.statusCode;
  if (status === 413 || status === 422) return true;
  return status === 400 && !ofTheAccount.test(`${call?.message} ${call?.responseBody}`);
}

/** For how many seconds to leave it alone whatever went before. */
function restOf(call: APICallError | null): number | undefined {
  const status = call?.statusCode;
  if (status === 400 || status === 401 || status === 403 || status === 404) return 60;
  if (status !== 429) return undefined;
  const told = Number(call?.responseHeaders?.["retry-after"]);
  return Number.isFinite(told) && told > 0 ? told : 10;
}
