import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { atMost, exactly, fixed, perThousand, perUnit, usageOf } from "./price";

describe("a price", () => {
  it("is the sum of its lines, each rounded up to whole credits", () => {
    expect(exactly([perUnit("pages", 3, 2), perUnit("megapixels", 1.2, 2)])).toEqual({
      kind: "exact",
      credits: 9n,
      lines: [
        { label: "pages", quantity: 3, unitCredits: 2, credits: 6n },
        { label: "megapixels", quantity: 1.2, unitCredits: 2, credits: 3n },
      ],
    });
  });

  it("is not rounded up by what binary fractions add", () => {
    expect(perUnit("pages", 3, 0.1).credits).toBe(1n);
    expect(perUnit("pages", 30, 0.1).credits).toBe(3n);
    expect(perThousand("inputTokens", 3000, 1).credits).toBe(3n);
  });

  it("says how its bounds changed it", () => {
    expect(exactly([fixed(1)], { minimum: 3 })).toMatchObject({
      credits: 3n,
      lines: [{ label: "run" }, { label: "minimum", credits: 2n }],
    });
    expect(atMost([perUnit("pages", 40, 1)], { maximum: 12 })).toMatchObject({
      kind: "upTo",
      credits: 12n,
      lines: [{ label: "pages" }, { label: "maximum", credits: -28n }],
    });
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("of %s units is refused", (quantity) => {
    expect(() => perUnit("images", quantity, 1)).toThrow(RangeError);
  });

  it("is always the sum of its lines, within its bounds, and grows with what is used", () => {
    const line = fc.record({ quantity: fc.double({ min: 0, max: 1e6, noNaN: true }), unit: fc.nat(20) });
    const bounds = fc.record({ minimum: fc.nat(10), maximum: fc.integer({ min: 10, max: 40 }) });
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 5 }),
        bounds,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (all, limits, share) => {
          const lines = all.map(({ quantity, unit }) => perUnit("pages", quantity, unit));
          const quote = atMost(lines, limits);
          expect(quote.lines.reduce((sum, { credits }) => sum + credits, 0n)).toBe(quote.credits);
          expect(quote.credits).toBeGreaterThanOrEqual(BigInt(limits.minimum));
          expect(quote.credits).toBeLessThanOrEqual(BigInt(limits.maximum));
          const used = all.map(({ quantity, unit }) => perUnit("pages", quantity * share, unit));
          expect(usageOf(used, limits)).toBeLessThanOrEqual(quote.credits);
        },
      ),
    );
  });
});
