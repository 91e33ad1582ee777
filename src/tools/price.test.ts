import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { atMost, exactly, fixed, perThousand, perUnit, usageOf } from "./price";

describe("a price", () => {
  it("is the sum of its lines, rounded up once to whole credits", () => {
    expect(exactly([perUnit("pages", 3, 2), perUnit("megapixels", 1.2, 2)])).toEqual({
      kind: "exact",
      credits: 9n,
      lines: [
        { label: "pages", quantity: 3, unitCredits: 2, credits: 6 },
        { label: "megapixels", quantity: 1.2, unitCredits: 2, credits: 2.4 },
        { label: "rounding", quantity: 1, unitCredits: 0.6, credits: 0.6 },
      ],
    });
  });

  it("adds up what costs less than a credit: many tiny uses do not cost one each", () => {
    const tiny = Array.from({ length: 40 }, () => perThousand("outputTokens", 30, 4));
    expect(exactly(tiny).credits).toBe(5n);
    expect(usageOf([perThousand("inputTokens", 80, 1), perThousand("outputTokens", 80, 4)])).toBe(1n);
  });

  it("is not rounded up by what binary fractions add", () => {
    const credits = (line: Parameters<typeof exactly>[0][number]) => exactly([line]).credits;
    expect(credits(perUnit("pages", 3, 0.1))).toBe(1n);
    expect(credits(perUnit("pages", 30, 0.1))).toBe(3n);
    expect(credits(perThousand("inputTokens", 3000, 1))).toBe(3n);
    expect(exactly(Array.from({ length: 10 }, () => perUnit("pages", 1, 0.1)))).toMatchObject({
      credits: 1n,
    });
  });

  it("says how its bounds changed it", () => {
    expect(exactly([fixed(1)], { minimum: 3 })).toMatchObject({
      credits: 3n,
      lines: [{ label: "run" }, { label: "minimum", credits: 2 }],
    });
    expect(exactly([perUnit("pages", 1, 0.4)], { minimum: 1 }).lines).toMatchObject([
      { label: "pages", credits: 0.4 },
      { label: "rounding", credits: 0.6 },
    ]);
    expect(atMost([perUnit("pages", 40, 1)], { maximum: 12 })).toMatchObject({
      kind: "upTo",
      credits: 12n,
      lines: [{ label: "pages" }, { label: "maximum", credits: -28 }],
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
          const sum = quote.lines.reduce((total, { credits }) => total + credits, 0);
          expect(sum).toBeCloseTo(Number(quote.credits), 3);
          expect(quote.credits).toBeGreaterThanOrEqual(BigInt(limits.minimum));
          expect(quote.credits).toBeLessThanOrEqual(BigInt(limits.maximum));
          const used = all.map(({ quantity, unit }) => perUnit("pages", quantity * share, unit));
          expect(usageOf(used, limits)).toBeLessThanOrEqual(quote.credits);
        },
      ),
    );
  });
});
