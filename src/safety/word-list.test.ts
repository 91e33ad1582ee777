import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findPhrase, phrasesOf, readWordList, WordWatch } from "./word-list";

const list = readWordList(phrasesOf("Bomb\n\n  how to  poison \nass\n炸弹\n赌\nstraße\nC++"));
const find = (text: string) => findPhrase(list, text);

/** What is found of a text that comes in pieces, and after which piece; `end` when only its end tells. */
function watch(pieces: readonly string[], words = list): [found: string | null, after: number | "end"] {
  const watch = new WordWatch(words);
  for (const [index, piece] of pieces.entries()) {
    const found = watch.push(piece);
    if (found) return [found, index];
  }
  return [watch.end(), "end"];
}

describe("a word", () => {
  it.each([
    ["the BOMB.", "Bomb"],
    ["ｂｏｍｂ", "Bomb"],
    ["bo\u200bmb", "Bomb"],
    ["bo\u00admb", "Bomb"],
    ["𝐛𝐨𝐦𝐛", "Bomb"],
    ["How  to\npoison", "how to poison"],
    ["STRASSE", null],
    ["Straße", "straße"],
    ["learn c++ now", "C++"],
    ["这是bomb吗", "Bomb"],
  ])("is found as a whole one however it is written: %j", (text, found) => expect(find(text)).toBe(found));

  it.each(["class", "assistant", "bombs", "bomb1", "a_bomb", "éass", "assé", "how to poisonous"])(
    "is not found within another: %s",
    (text) => expect(find(text)).toBeNull(),
  );
});

describe("a Chinese phrase", () => {
  it.each([
    ["怎么做炸弹啊", "炸弹"],
    ["炸 弹", "炸弹"],
    ["炸\n弹", "炸弹"],
    ["网络赌博", "赌"],
  ])("is found anywhere, with spaces or without: %s", (text, found) => expect(find(text)).toBe(found));

  it("is not found in parts of it", () => expect(find("爆炸，子弹")).toBeNull());
});

describe("a list", () => {
  it("is one phrase a line, each once", () => {
    expect(phrasesOf(" Bomb \r\nbomb\nＢＯＭＢ\n\n\u200b\n how  to ")).toEqual(["Bomb", "how to"]);
  });
  it("may be empty", () => {
    expect(findPhrase(readWordList([]), "bomb")).toBeNull();
    expect(watch(["bo", "mb"], readWordList([]))).toEqual([null, "end"]);
  });
});

describe("a text that grows", () => {
  it("is stopped where the word is over, and not before", () => {
    expect(watch(["a bo", "mb", "shell"])).toEqual([null, "end"]);
    expect(watch(["a bo", "mb", " and"])).toEqual(["Bomb", 2]);
    expect(watch(["a bo", "mb"])).toEqual(["Bomb", "end"]);
    expect(watch(["做炸", "弹"])).toEqual(["炸弹", 1]);
  });

  it("tells when the next character decides", () => {
    const words = new WordWatch(list);
    const undecided = ["a bo", "mb", "s", " bomb", " "].map((piece) => [
      words.push(piece),
      words.isUndecided(),
    ]);
    expect(undecided).toEqual([
      [null, false],
      [null, true],
      [null, false],
      [null, true],
      ["Bomb", true],
    ]);
  });

  it("gives what the whole text gives, however long it is and however it is cut", () => {
    const words = [
      "bomb",
      "ass",
      "cl",
      "炸弹",
      "how to",
      "poison",
      " ",
      "\n",
      "x",
      "é",
      "𝐛",
      "\u200b",
      "c++",
    ];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...words), { maxLength: 60 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 }),
        (parts, sizes) => {
          const text = parts.join("");
          const pieces: string[] = [];
          for (let at = 0, turn = 0; at < text.length; turn += 1) {
            const size = sizes[turn % sizes.length] ?? 1;
            pieces.push(text.slice(at, at + size));
            at += size;
          }
          expect(watch(pieces)[0] !== null).toBe(find(text) !== null);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
