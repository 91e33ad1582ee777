import { setTimeout as pause } from "node:timers/promises";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { APICallError, type ModelMessage, streamText } from "ai";
import type { Id } from "#platform/id";
import { log } from "#platform/log";
import { costOf, type ModelUse, type TokenUsage } from "./cost";
import { ModelError } from "./error";
import { type Candidate, findCandidates } from "./model";
import { noteFailure, noteSuccess } from "./rest";
import { takeSeat } from "./seat";
import { leastTokens, mostTokens } from "./tokens";

/**
 * Asks models until one answers. As long as nothing of an answer was passed on, the next one takes the place of
 * one that fails, is too slow to begin, or has as much to do as it may; after that there is no way back.
 */

export type Question = {
  /** Which to ask first, in this order; without any, in the operator's. */
  models?: readonly Id<"model">[];
  system: string;
  messages: ModelMessage[];
  maxOutputTokens: number;
  /** The longest that the answer may take, in seconds; `signal` enforces it. */
  mostSeconds: number;
  signal: AbortSignal;
  onText(delta: string): void;
};

export type Answer = {
  text: string;
  /** False when `signal` ended it midway: `text` is what came until then. */
  whole: boolean;
  /** What the provider counted, as far as that can be; else counted by us. */
  usage: TokenUsage;
  /** Null for the model of AI_MODEL. */
  modelId: Id<"model"> | null;
  use: ModelUse;
};

/** A model that has not begun to answer by then is taken for one that hangs. */
const firstWordMs = 60_000;
/** When all have as much to do as they may. */
const busyMs = 500;

/** @throws ModelError; the signal's reason, when it fires before anything came */
export async function answer(question: Question): Promise<Answer> {
  const { signal } = question;
  const failed = new Map<string, Error>();
  for (;;) {
    const candidates = await findCandidates("text", question.models);
    let busy = false;
    for (const candidate of candidates) {
      if (failed.has(nameOf(candidate))) continue;
      signal.throwIfAborted();
      const seat = await takeSeat(candidate.provider, question.mostSeconds);
      if (!seat) {
        busy = true;
        continue;
      }
      try {
        return await askOne(candidate, question);
      } catch (error) {
        if (!(error instanceof Passed)) throw error;
        failed.set(nameOf(candidate), error);
        const { provider, model } = candidate;
        log().warn({ provider: provider.name, model: model.name, err: error.cause }, "a model failed");
      } finally {
        await seat.leave();
      }
    }
    if (!busy) {
      const reasons = [...failed.values()].map(({ message }) => message);
      throw new ModelError("unavailable", reasons.join("; ") || "no model is configured");
    }
    await pause(busyMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

function nameOf({ provider, model }: Candidate): string {
  return `${provider.id} ${model.id}`;
}

/** It failed with nothing passed on: another may be asked. */
class Passed extends Error {}

async function askOne(candidate: Candidate, question: Question): Promise<Answer> {
  const { provider } = candidate;
  const { signal } = question;
  const silence = new AbortController();
  const timer = setTimeout(
    () => silence.abort(new Error(`no word within ${firstWordMs / 1000} s`)),
    firstWordMs,
  );
  const heard: Heard = { text: "", ending: null };
  try {
    const own = AbortSignal.any([signal, silence.signal]);
    await hear(candidate, question, own, heard, () => clearTimeout(timer));
    if (silence.signal.aborted && !signal.aborted) throw silence.signal.reason;
  } catch (cause) {
    if (!signal.aborted) await fail(provider.id, cause, answered(candidate, question, heard));
  } finally {
    clearTimeout(timer);
  }
  if (signal.aborted && !heard.text) throw signal.reason;
  const whole = answered(candidate, question, heard);
  if (!signal.aborted) {
    const { text, ending } = heard;
    // A stream that stops without the model's word that it is done has broken off on the way.
    if (!ending || ending.reason === "error")
      await fail(provider.id, new Error("the stream ended midway"), whole);
    if (ending?.reason === "content-filter") throw new ModelError("refused", "content filter", whole.use);
    if (!text.trim()) throw new ModelError("refused", `empty answer, ${ending?.reason}`, whole.use);
  }
  await noteSuccess(provider.id);
  return whole;
}

type Heard = {
  text: string;
  ending: { reason: string; input: number | undefined; output: number | undefined } | null;
};

async function hear(
  { model, provider }: Candidate,
  { system, messages, maxOutputTokens, onText }: Question,
  signal: AbortSignal,
  heard: Heard,
  onFirst: () => void,
): Promise<void> {
  const api = createOpenAICompatible({
    name: "provider",
    baseURL: provider.baseUrl.replace(/\/+$/, ""),
    ...(provider.key && { apiKey: provider.key }),
    includeUsage: true,
  });
  const stream = streamText({
    model: api.chatModel(model.name),
    ...{ system, messages, maxOutputTokens },
    // The next model is the better second try.
    maxRetries: 0,
    abortSignal: signal,
    // Errors come through the stream; the default handler prints them.
    onError: () => undefined,
  });
  for await (const part of stream.fullStream) {
    if (part.type === "error") throw part.error;
    if (part.type === "text-delta" && part.text) {
      onFirst();
      heard.text += part.text;
      onText(part.text);
    }
    // A model that thinks before it writes does not hang.
    if (part.type === "reasoning-delta") onFirst();
    if (part.type === "finish") {
      const { inputTokens: input, outputTokens: output } = part.totalUsage;
      heard.ending = { reason: part.finishReason, input, output };
    }
  }
}

/** Remembers what the provider did, and says whether another may be asked. @throws ModelError, Passed */
async function fail(
  provider: Id<"provider"> | null,
  cause: unknown,
  { text, use }: Pick<Answer, "text" | "use">,
): Promise<never> {
  const call = APICallError.isInstance(cause) ? cause : null;
  const status = call?.statusCode;
  const message = `${status ?? "no answer"}: ${cause instanceof Error ? cause.message : String(cause)}`;
  // It is what was asked that it does not take; the provider is well.
  if (status === 400 || status === 413 || status === 422) throw new ModelError("refused", message);
  await noteFailure(provider, message, restOf(call));
  if (text) throw new ModelError("broke_off", message, use);
  throw new Passed(message, { cause });
}

/** For how many seconds to leave it alone whatever went before. */
function restOf(call: APICallError | null): number | undefined {
  const status = call?.statusCode;
  if (status === 401 || status === 403 || status === 404) return 60;
  if (status !== 429) return undefined;
  const told = Number(call?.responseHeaders?.["retry-after"]);
  return Number.isFinite(told) && told > 0 ? told : 10;
}

function answered({ model }: Candidate, question: Question, { text, ending }: Heard): Answer {
  const asked = question.system + question.messages.map(({ content }) => textOf(content)).join("");
  const most = mostTokens(asked);
  const usage = {
    inputTokens: believed(ending?.input, leastTokens(asked), most * 2 + 200),
    outputTokens: believed(ending?.output, leastTokens(text), question.maxOutputTokens),
  };
  const use = { name: model.name, cost: costOf(model, usage) };
  return { text, whole: ending !== null, usage, modelId: model.id, use };
}

/**
 * What a provider counted, unless it cannot be: fewer tokens than half of what we count, or more than there can
 * be. Then what we count.
 */
function believed(told: number | undefined, counted: number, most: number): number {
  const possible = told !== undefined && Number.isInteger(told) && told >= counted / 2 && told <= most;
  return possible ? told : Math.min(counted, most);
}

function textOf(content: ModelMessage["content"]): string {
  if (typeof content === "string") return content;
  return content.map((part) => (part.type === "text" ? part.text : "")).join("");
}
