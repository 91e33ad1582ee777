import { sql } from "drizzle-orm";
import { hasModel, ModelError, type ModelUse, moderate } from "#models";
import { db, type Tx } from "#platform/db";
import { log } from "#platform/log";
import { storable } from "#platform/storable";
import { contentRefusals, missingVerdicts } from "#schema";
import { type CurrentRules, currentRules } from "./settings";
import { findPhrase, WordWatch } from "./word-list";

/** Whether texts may go in or come out: the list of words always, a moderation model where one is set. */

export type Stage = "input" | "output";
export type ContentRefusal = Omit<typeof contentRefusals.$inferSelect, "runId" | "createdAt">;

/** What of a text a model is shown: so many pieces of so many characters. The words are looked for in all of it. */
const pieceCharacters = 10_000;
const mostPieces = 20;
export const shownCharacters = pieceCharacters * mostPieces;

/** A check of one run's texts, by the rules as they are when it begins. */
export async function openCheck(): Promise<ContentCheck> {
  return new ContentCheck(await currentRules());
}

export class ContentCheck {
  readonly #rules: CurrentRules;
  /** What the models that were asked cost. */
  readonly uses: ModelUse[] = [];

  constructor(rules: CurrentRules) {
    this.#rules = rules;
  }

  /** Looks for words in a text that grows; what it finds is told by `byWords`. */
  watch(): WordWatch {
    return new WordWatch(this.#rules.words);
  }

  /** @returns the first phrase of the list that is in the text */
  findIn(text: string): string | null {
    return findPhrase(this.#rules.words, text);
  }

  byWords(stage: Stage, found: string | null): ContentRefusal | null {
    return found === null ? null : { stage, foundBy: "words", found };
  }

  /**
   * Why the texts may not pass; null when they may.
   * @throws the signal's reason
   */
  async look(stage: Stage, texts: readonly string[], signal: AbortSignal): Promise<ContentRefusal | null> {
    const some = texts.filter((text) => text.trim() !== "");
    for (const text of some) {
      const refusal = this.byWords(stage, this.findIn(text));
      if (refusal) return refusal;
    }
    return this.ask(stage, some, signal);
  }

  /** The same by the model alone, for texts whose words were looked at. */
  async ask(stage: Stage, texts: readonly string[], signal: AbortSignal): Promise<ContentRefusal | null> {
    const { asksModel, verdictSeconds } = this.#rules;
    const pieces = piecesOf(texts);
    if (!asksModel || pieces.length === 0 || !(await hasModel("moderation"))) return null;
    try {
      const verdict = await moderate({ texts: pieces, mostSeconds: verdictSeconds, signal });
      this.uses.push(verdict.use);
      if (!verdict.flagged) return null;
      return { stage, foundBy: "model", found: storable(verdict.categories.join(", "), 300) };
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      return this.#unjudged(stage, error);
    }
  }

  async #unjudged(stage: Stage, error: ModelError): Promise<ContentRefusal | null> {
    const { withoutVerdict } = this.#rules;
    log().warn({ err: error, stage, withoutVerdict }, "no moderation model gave a verdict");
    await db()
      .insert(missingVerdicts)
      .values({ day: sql`(now() at time zone 'utc')::date`, outcome: withoutVerdict, count: 1 })
      .onConflictDoUpdate({
        target: [missingVerdicts.day, missingVerdicts.outcome],
        set: { count: sql`${missingVerdicts.count} + 1` },
      });
    return withoutVerdict === "pass" ? null : { stage, foundBy: "unjudged", found: "" };
  }
}

/** Notes in the transaction that ends a run why it was refused. */
export async function recordRefusal(tx: Tx, runId: string, refusal: ContentRefusal): Promise<void> {
  await tx
    .insert(contentRefusals)
    .values({ runId, ...refusal })
    .onConflictDoNothing();
}

function piecesOf(texts: readonly string[]): string[] {
  const pieces: string[] = [];
  for (const text of texts) {
    for (let at = 0; at < text.length && pieces.length < mostPieces; at += pieceCharacters) {
      const piece = storable(text.slice(at, at + pieceCharacters), pieceCharacters);
      if (piece.trim()) pieces.push(piece);
    }
  }
  return pieces;
}
