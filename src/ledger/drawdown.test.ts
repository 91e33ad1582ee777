import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawDown, type LotState, spendingOrder, splitHold } from "./drawdown";

function aLot(lot: Partial<LotState> & { grantId: LotState["grantId"] }): LotState {
  return {
    source: "pack",
    credits: 100n,
    remaining: 10n,
    held: 0n,
    expiresAtMs: null,
    createdAtMs: 0,
    ...lot,
  };
}

const ids = (lots: readonly LotState[]) => lots.map(({ grantId }) => grantId);

describe("lots are spent (L5)", () => {
  test("earliest expiry first, then oldest, those without expiry last", () => {
    const lots = [
      aLot({ grantId: "grant_never", createdAtMs: 1 }),
      aLot({ grantId: "grant_late", expiresAtMs: 900, createdAtMs: 1 }),
      aLot({ grantId: "grant_young", expiresAtMs: 500, createdAtMs: 3 }),
      aLot({ grantId: "grant_old", expiresAtMs: 500, createdAtMs: 2 }),
    ];
    expect(ids(lots.sort(spendingOrder))).toEqual(["grant_old", "grant_young", "grant_late", "grant_never"]);
  });

  test("from the first until the amount is met", () => {
    const lots = [aLot({ grantId: "grant_a" }), aLot({ grantId: "grant_b" }), aLot({ grantId: "grant_c" })];
    expect(drawDown(lots, 12n, 0).map(({ lot, credits }) => [lot.grantId, credits])).toEqual([
      ["grant_a", 10n],
      ["grant_b", 2n],
    ]);
  });

  test("never after their expiry, which itself is too late (L6)", () => {
    const lots = [aLot({ grantId: "grant_a", expiresAtMs: 50 })];
    expect(drawDown(lots, 10n, 49)).toHaveLength(1);
    expect(() => drawDown(lots, 1n, 50)).toThrow(
      expect.objectContaining({ code: "insufficient_credits", facts: { need: 1, have: 0 } }),
    );
  });

  test("not at all when they do not hold enough, and the refusal tells what there is", () => {
    const lots = [aLot({ grantId: "grant_a" }), aLot({ grantId: "grant_b" })];
    expect(() => drawDown(lots, 21n, 0)).toThrow(expect.objectContaining({ facts: { need: 21, have: 20 } }));
    expect(lots.every((lot) => lot.remaining === 10n)).toBe(true);
  });
});

test("a split hold comes to what it took, and consumes exactly what was captured", () => {
  const amounts = fc.array(fc.record({ credits: fc.bigInt(1n, 50n), expiresAtMs: fc.nat(5) }), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(amounts, fc.nat(100), (parts, percent) => {
      const taken = parts.map(({ credits, expiresAtMs }, index) => ({
        lot: aLot({ grantId: `grant_${index}`, expiresAtMs }),
        credits,
      }));
      const total = parts.reduce((sum, { credits }) => sum + credits, 0n);
      const captured = (total * BigInt(percent)) / 100n;
      const split = splitHold(taken, captured);
      expect(split.reduce((sum, { consumed }) => sum + consumed, 0n)).toBe(captured);
      expect(split.reduce((sum, { returned }) => sum + returned, 0n)).toBe(total - captured);
      // Whatever expires later is returned before anything that expires earlier.
      const firstReturned = split.findIndex(({ returned }) => returned > 0n);
      if (firstReturned >= 0) {
        expect(split.slice(firstReturned + 1).every(({ consumed }) => consumed === 0n)).toBe(true);
      }
    }),
  );
});
