import { describe, expect, it } from "vitest";
import { seed } from "#billing/catalogue";
import { packFor } from "./smallest-pack";

const { packs } = seed;

describe("the pack that is offered to whoever is short of credits", () => {
  it("is the smallest that covers what is missing, its bonus counted, and else the largest", () => {
    for (const [index, { id, credits, bonus }] of packs.entries()) {
      const size = credits + bonus;
      expect([packFor(size, packs)?.id, packFor(size + 1, packs)?.id]).toEqual([
        id,
        (packs[index + 1] ?? packs.at(-1))?.id,
      ]);
    }
    expect(packFor(1, [...packs].reverse())?.id).toBe(packs[0]?.id);
  });
});
