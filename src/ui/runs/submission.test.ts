import { describe, expect, it } from "vitest";
import { newSubmissions } from "./submission";

function submissions() {
  let count = 0;
  return newSubmissions(() => `key-${++count}`);
}

describe("an intention to run", () => {
  it("keeps its key for a double click, even when the first was answered in between", () => {
    const mine = submissions();
    const key = mine.keyFor("a", 0);
    mine.started(key);
    expect(mine.keyFor("a", 300)).toBe(key);
  });

  it("keeps its key for as long as nobody knows what became of it", () => {
    const mine = submissions();
    expect(mine.keyFor("a", 0)).toBe(mine.keyFor("a", 60_000));
  });

  it("is a new one for another input, after a refusal, and later for the same input", () => {
    const mine = submissions();
    const first = mine.keyFor("a", 0);
    const second = mine.keyFor("b", 1);
    mine.refused(second);
    const third = mine.keyFor("b", 2);
    mine.started(third);
    const fourth = mine.keyFor("b", 5_000);
    expect(new Set([first, second, third, fourth]).size).toBe(4);
  });
});
