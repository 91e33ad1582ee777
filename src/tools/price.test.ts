import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exactly, fixed, priceUnits, type Rates, type Units } from "./price";

const price = (rates: Rates, units: Units) => priceUnits("exact", rates, units);

describe("a price", () => {
  it("is the sum of its lines, rounded up once to whole credits", () => {
    expect(price({ pages: 2, megapixels: 2 }, { megapixels: 1.2, pages: 3 })).toEqual({
      kind: "exact",
      credits: 9n,
      units: { megapixels: 1.2, pages: 3 },
      lines: [
        { label: "pages", quantity: 3, unitCredits: 2, credits: 6 },
        { label: "megapixels", quantity: 1.2, unitCredits: 2, credits: 2.4 },
        { label: "rounding", quantity: 1, unitCredits: 0.6, credits: 0.6 },
      ],
    });
  });

  it("counts tokens by the thousand and adds up what costs less than a credit", () => {
    const rates = { inputTokens: 1, outputTokens: 4 };
    expect(price(rates, { inputTokens: 80, outputTokens: 80 }).credits).toBe(1n);
    expect(price(rates, { outputTokens: 1200 }).credits).toBe(5n);
    expect(price(rates, { inputTokens: 3000 }).credits).toBe(3n);
  });

  it("is not rounded up by what binary fractions add", () => {
    expect(price({ pages: 0.1 }, { pages: 3 }).credits).toBe(1n);
    expect(price({ pages: 0.1 }, { pages: 30 }).credits).toBe(3n);
  });

  it("shows its lines in the order of the rates, and none for what was not counted", () => {
    const labels = (rates: Rates) => price(rates, { pages: 1, documents: 1 }).lines.map(({ label }) => label);
    expect(labels({ documents: 1, pages: 1, images: 7 })).toEqual(["documents", "pages"]);
  });

  it("says how its bounds changed it", () => {
    expect(price({ run: 1, minimum: 3 }, { run: 1 })).toMatchObject({
      credits: 3n,
      lines: [{ label: "run" }, { label: "minimum", credits: 2 }],
    });
    expect(price({ pages: 0.4, minimum: 1 }, { pages: 1 }).lines).toMatchObject([
      { label: "pages", credits: 0.4 },
      { label: "rounding", credits: 0.6 },
    ]);
    expect(price({ pages: 1, maximum: 12 }, { pages: 40 })).toMatchObject({
      credits: 12n,
      lines: [{ label: "pages" }, { label: "maximum", credits: -28 }],
    });
    expect(price({ pages: 1, maximumPerFile: 12 }, { pages: 40, files: 2 }).credits).toBe(24n);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("of %s units is refused", (images) => {
    expect(() => price({ images: 1 }, { images })).toThrow(RangeError);
  });

  it("is always the sum of its lines, within its bounds, and grows with what is used", () => {
    const quantity = fc.double({ min: 0, max: 1e6, noNaN: true });
    const units = fc.record({ pages: quantity, megapixels: quantity, outputTokens: quantity });
    const rate = fc.nat(20);
    const rates = fc.record({
      ...{ pages: rate, megapixels: rate, outputTokens: rate },
      ...{ minimum: fc.nat(10), maximum: fc.integer({ min: 10, max: 40 }) },
    });
    fc.assert(
      fc.property(units, rates, fc.double({ min: 0, max: 1, noNaN: true }), (counted, by, share) => {
        const quote = price(by, counted);
        const sum = quote.lines.reduce((total, { credits }) => total + credits, 0);
        expect(sum).toBeCloseTo(Number(quote.credits), 3);
        expect(quote.credits).toBeGreaterThanOrEqual(BigInt(by.minimum));
        expect(quote.credits).toBeLessThanOrEqual(BigInt(by.maximum));
        const used = Object.fromEntries(Object.entries(counted).map(([name, n]) => [name, n * share]));
        expect(price(by, used).credits).toBeLessThanOrEqual(quote.credits);
      }),
    );
  });
});

it("a rule counts, and its rates say what that costs", () => {
  const rule = exactly<{ size: number }, string>({ images: 2 }, ({ size }, files) => ({
    images: size * files.length,
  }));
  expect(price(rule.rates, rule.units({ size: 2 }, ["a", "b"])).credits).toBe(8n);
  const { rates, units } = fixed(7);
  expect(price(rates, units({}, [])).credits).toBe(7n);
});
