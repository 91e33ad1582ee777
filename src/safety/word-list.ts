/**
 * The operator's list of words and phrases, found in texts however they are written: full-width or not, large or
 * small, with invisible characters in between. Pure.
 *
 * A word is found only as a whole one: `ass` is not in `class`. Scripts that put no spaces between words (Chinese,
 * Japanese, Thai) have no such edges, so their phrases are found anywhere, and spaces between their characters do
 * not count.
 */

export type WordList = {
  /** The phrase, by the first two characters of its plain form (one, if it has one), longest first. */
  byStart: ReadonlyMap<string, readonly Phrase[]>;
  /** The length of the longest plain form. */
  longest: number;
};

type Phrase = {
  /** As the operator wrote it. */
  written: string;
  plain: string;
};

/** So many phrases, each at most so long, make a list. */
export const mostPhrases = 10_000;
export const longestPhrase = 100;

/** One phrase a line; empty lines, and those whose plain form is another's, are left out. */
export function phrasesOf(text: string): string[] {
  const byPlain = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const written = line.trim().replace(/\s+/g, " ");
    const plain = plainOf(written).trim();
    if (plain && !byPlain.has(plain)) byPlain.set(plain, written);
  }
  return [...byPlain.values()];
}

export function readWordList(phrases: readonly string[]): WordList {
  const byStart = new Map<string, Phrase[]>();
  let longest = 0;
  for (const written of phrases) {
    const plain = plainOf(written).trim();
    if (!plain) continue;
    longest = Math.max(longest, plain.length);
    const start = plain.slice(0, 2);
    byStart.set(start, [...(byStart.get(start) ?? []), { written, plain }]);
  }
  for (const phrases of byStart.values()) phrases.sort((a, b) => b.plain.length - a.plain.length);
  return { byStart, longest };
}

/** @returns the first phrase of the list that is in the text, as the operator wrote it */
export function findPhrase(list: WordList, text: string): string | null {
  return findFrom(list, plainOf(text), 0, true);
}

/** Looks through a text as it grows: what is found does not depend on how it was cut into pieces. */
export class WordWatch {
  readonly #list: WordList;
  /** The end of what has come, in its plain form: where a phrase may have begun that is not over. */
  #tail = "";
  #isCut = false;
  /** The first half of a character whose second has not come. */
  #half = "";

  constructor(list: WordList) {
    this.#list = list;
  }

  /** @returns a phrase that is there for certain, whatever comes next */
  push(piece: string): string | null {
    const come = this.#half + piece;
    this.#half = /[\uD800-\uDBFF]$/.exec(come)?.[0] ?? "";
    const plain = plainOf(this.#tail + come.slice(0, come.length - this.#half.length));
    // The first character of a cut tail only says what stands before the next.
    const found = findFrom(this.#list, plain, this.#isCut ? 1 : 0, false);
    const kept = this.#list.longest + 2;
    const cut = wholeCharacters(plain, plain.length - kept);
    this.#isCut ||= cut > 0;
    this.#tail = plain.slice(cut);
    return found;
  }

  /** True when what has come ends with a phrase that the next character may make another word of. */
  isUndecided(): boolean {
    return this.end() !== null;
  }

  /** @returns a phrase with which the text ends, now that nothing more comes */
  end(): string | null {
    return findFrom(this.#list, this.#tail, this.#isCut ? 1 : 0, true);
  }
}

/** Where a text may be cut at or before `at`, without halving a character. */
function wholeCharacters(text: string, at: number): number {
  if (at <= 0) return 0;
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}

function findFrom({ byStart }: WordList, plain: string, from: number, isWhole: boolean): string | null {
  if (byStart.size === 0) return null;
  for (let at = from; at < plain.length; at += 1) {
    for (const start of [plain.slice(at, at + 2), plain.charAt(at)]) {
      const found = byStart
        .get(start)
        ?.find((phrase) => plain.startsWith(phrase.plain, at) && standsAlone(plain, at, phrase, isWhole));
      if (found) return found.written;
    }
  }
  return null;
}

function standsAlone(plain: string, at: number, phrase: Phrase, isWhole: boolean): boolean {
  const end = at + phrase.plain.length;
  const first = characterAt(phrase.plain, 0);
  const last = characterBefore(phrase.plain, phrase.plain.length);
  if (isWordPart(first) && isWordPart(characterBefore(plain, at))) return false;
  if (!isWordPart(last)) return true;
  const next = characterAt(plain, end);
  return next === "" ? isWhole : !isWordPart(next);
}

function characterAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? "" : String.fromCodePoint(code);
}

function characterBefore(text: string, end: number): string {
  return characterAt(text, wholeCharacters(text, end - 1)).slice(0, end > 0 ? undefined : 0);
}

/** Scripts that write no space between words. */
const unspaced =
  "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}";
const wordPart = /^[\p{L}\p{M}\p{N}_]$/u;
const isUnspaced = new RegExp(`^[${unspaced}]$`, "u");
const spaceInside = new RegExp(`(?<=[${unspaced}]) (?=[${unspaced}])`, "gu");
/** Invisible characters (zero-width spaces, soft hyphens, marks of direction) and variation selectors. */
const invisible = /\p{Cf}|[\uFE00-\uFE0F]/gu;

function isWordPart(character: string): boolean {
  return wordPart.test(character) && !isUnspaced.test(character);
}

/** NFKC, small letters, single spaces. Of a plain text and a piece it is that of both texts joined. */
function plainOf(text: string): string {
  return text
    .replace(invisible, "")
    .normalize("NFKC")
    .toLowerCase()
    .normalize("NFKC")
    .replaceAll("ς", "σ")
    .replace(/\s+/g, " ")
    .replace(spaceInside, "");
}
