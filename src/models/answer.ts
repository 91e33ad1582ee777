import { type ModelMessage, streamText } from "ai";
import { costOf, type ModelUse, type TokenUsage } from "./cost";
import { ModelError } from "./error";
import type { Candidate } from "./model";
import { languageModel } from "./protocol";
import { noteSuccess } from "./rest";
import { mostWaitMs } from "./seat";
import { leastTokens, mostImageTokens, mostTokens } from "./tokens";
import { askInTurn, fail, type Turn } from "./turn";

/**
 * Asks models until one answers. As long as nothing of an answer was passed on, the next one takes the place of
 * one that fails, is too slow to begin, or has as much to do as it may; after that there is no way back.
 */

export type Question = Turn & {
  system: string;
  messages: ModelMessage[];
  maxOutputTokens: number;
  /** The provider's own without one. */
  temperature?: number;
  onText(delta: string): void;
};

export type Answer = {
  /** What came until then, when `signal` ended it midway. */
  text: string;
  /** What the provider counted, as far as that can be; else counted by us. */
  usage: TokenUsage;
  use: ModelUse;
};

/** A model that has not begun to answer by then is taken for one that hangs. */
const firstWordMs = 60_000;

/** @throws ModelError; ModelsBusy; the signal's reason, when it fires before anything came */
export async function answer(question: Question): Promise<Answer> {
  const tokens = leastTokens(askedOf(question)) + question.maxOutputTokens;
  return askInTurn("text", { ...question, tokens, mostWaitMs }, (candidate) => askOne(candidate, question));
}

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
    if (!signal.aborted)
      await fail(provider.id, cause, heard.text ? answered(candidate, question, heard).use : null);
  } finally {
    clearTimeout(timer);
  }
  if (signal.aborted && !heard.text) throw signal.reason;
  const whole = answered(candidate, question, heard);
  if (!signal.aborted) {
    const { text, ending } = heard;
    // A stream that stops without the model's word that it is done has broken off on the way.
    if (!ending || ending.reason === "error")
      await fail(provider.id, new Error("the stream ended midway"), text ? whole.use : null);
    if (ending?.reason === "content-filter") throw new ModelError("refused", "content filter", whole.use);
    if (!text.trim()) throw new ModelError("empty", `empty answer, ${ending?.reason}`, whole.use);
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
  { system, messages, maxOutputTokens, temperature, onText }: Question,
  signal: AbortSignal,
  heard: Heard,
  onFirst: () => void,
): Promise<void> {
  const stream = streamText({
    model: languageModel(provider, model.name),
    ...{ system, messages, maxOutputTokens },
    ...(temperature !== undefined && { temperature }),
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
      // Some SDKs end a stream that broke off with a reason of their own; a model's has its own word for it.
      const reason = part.rawFinishReason === undefined ? "error" : part.finishReason;
      heard.ending = { reason, input, output };
    }
  }
}

function answered({ model }: Candidate, question: Question, { text, ending }: Heard): Answer {
  const asked = askedOf(question);
  const images = question.messages.reduce((sum, { content }) => sum + imagesIn(content), 0);
  const most = mostTokens(asked) * 2 + 200 + images * mostImageTokens;
  const usage = {
    inputTokens: believed(ending?.input, leastTokens(asked), most),
    outputTokens: believed(ending?.output, leastTokens(text), question.maxOutputTokens),
  };
  const use = { name: model.name, cost: costOf(model, usage) };
  return { text, usage, use };
}

/**
 * What a provider counted, unless it cannot be: fewer tokens than half of what we count, or more than there can
 * be. Then what we count.
 */
function believed(told: number | undefined, counted: number, most: number): number {
  const possible = told !== undefined && Number.isInteger(told) && told >= counted / 2 && told <= most;
  return possible ? told : Math.min(counted, most);
}

function askedOf({ system, messages }: Question): string {
  return system + messages.map(({ content }) => textOf(content)).join("");
}

function textOf(content: ModelMessage["content"]): string {
  if (typeof content === "string") return content;
  return content.map((part) => (part.type === "text" ? part.text : "")).join("");
}

function imagesIn(content: ModelMessage["content"]): number {
  return typeof content === "string" ? 0 : content.filter(({ type }) => type === "image").length;
}
