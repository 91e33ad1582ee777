import { APICallError } from "ai";
import { z } from "zod";
import { costOf, type ModelUse, sumOfUses } from "./cost";
import { ModelError } from "./error";
import type { Candidate } from "./model";
import { fetchProvider } from "./protocol";
import { noteSuccess } from "./rest";
import { takeSeat } from "./seat";
import { leastTokens } from "./tokens";
import { askInTurn, fail } from "./turn";

/** Asks a moderation model whether texts may pass: `POST /moderations` of the OpenAI API. */

export type ModerationRequest = {
  /** Judged together: flagged is what one of them is flagged for. */
  texts: readonly string[];
  /** No verdict by then is none; all models together have so long. */
  mostSeconds: number;
  signal: AbortSignal;
};

export type Verdict = {
  flagged: boolean;
  /** What for, in the provider's words: `violence`. */
  categories: string[];
  use: ModelUse;
};

/**
 * Asks one after the other, as `answer` does; but one whose provider rests is not asked at all, for here somebody
 * else decides what happens without a verdict.
 * @throws ModelError when none gave a verdict in time; the signal's reason
 */
export async function moderate({ texts, mostSeconds, signal }: ModerationRequest): Promise<Verdict> {
  const timeUp = AbortSignal.timeout(mostSeconds * 1000);
  const turn = { mostSeconds, signal: AbortSignal.any([signal, timeUp]), skipsResting: true };
  try {
    return await askInTurn("moderation", turn, async (candidate) => {
      const verdict = await askAll(candidate, texts, turn).catch((cause: unknown) => {
        signal.throwIfAborted();
        return fail(candidate.provider.id, cause, null);
      });
      await noteSuccess(candidate.provider.id);
      return verdict;
    });
  } catch (error) {
    signal.throwIfAborted();
    if (!timeUp.aborted) throw error;
    throw new ModelError("unavailable", `no verdict within ${mostSeconds} s`);
  }
}

/** So many texts in one request: providers bound how much they read at once. */
const textsAtOnce = 2;

/** So many requests go on beside the first, as far as the provider has seats: a long text is judged within the time. */
const mostBeside = 4;

/** Until something is flagged, or fails. */
async function askAll(
  candidate: Candidate,
  texts: readonly string[],
  { mostSeconds, signal }: Pick<ModerationRequest, "mostSeconds" | "signal">,
): Promise<Verdict> {
  const left: string[][] = [];
  for (let at = 0; at < texts.length; at += textsAtOnce) left.push(texts.slice(at, at + textsAtOnce));
  const beside = Math.min(mostBeside, left.length - 1);
  const asked: Verdict[] = [];
  let over = false;
  const ask = async (): Promise<void> => {
    try {
      for (let some = left.shift(); some && !over; some = left.shift()) {
        const verdict = await askOne(candidate, some, signal);
        asked.push(verdict);
        over ||= verdict.flagged;
      }
    } catch (error) {
      over = true;
      throw error;
    }
  };
  const askBeside = async (): Promise<void> => {
    const seat = await takeSeat(candidate.provider, mostSeconds);
    if (seat) await ask().finally(() => seat.leave());
  };
  const ends = await Promise.allSettled([ask(), ...Array.from({ length: beside }, askBeside)]);
  const flagged = asked.find((verdict) => verdict.flagged);
  const failure = ends.find((end) => end.status === "rejected");
  if (failure && !flagged) throw failure.reason;
  const none = { name: candidate.model.name, cost: 0n };
  const use = sumOfUses(asked.map((verdict) => verdict.use)) ?? none;
  return { flagged: flagged !== undefined, categories: flagged?.categories ?? [], use };
}

const verdicts = z.object({
  results: z
    .array(z.object({ flagged: z.boolean(), categories: z.record(z.string(), z.unknown()).optional() }))
    .min(1),
});

async function askOne(
  { model, provider }: Candidate,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<Verdict> {
  const url = `${provider.baseUrl.replace(/\/+$/, "")}/moderations`;
  const response = await fetchProvider(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(provider.key && { authorization: `Bearer ${provider.key}` }),
    },
    body: JSON.stringify({ model: model.name, input: texts }),
    signal,
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new APICallError({
      ...{ message: response.statusText, url, requestBodyValues: {}, statusCode: response.status },
      responseHeaders: Object.fromEntries(response.headers),
    });
  }
  const { results } = verdicts.parse(await response.json());
  const categories = results.flatMap((result) =>
    Object.entries(result.categories ?? {}).flatMap(([name, found]) => (found === true ? [name] : [])),
  );
  const inputTokens = texts.reduce((sum, text) => sum + leastTokens(text), 0);
  // Nothing is written, so only what reading costs has to be known.
  const cost = costOf({ ...model, outputCost: 0n }, { inputTokens, outputTokens: 0 });
  return {
    flagged: results.some(({ flagged }) => flagged),
    categories: [...new Set(categories)],
    use: { name: model.name, cost },
  };
}
