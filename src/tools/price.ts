/**
 * What a run costs. Pure: the quote, the hold and the charge all come from here, so they cannot differ.
 * A tool names its lines, the sum of the lines is the price. Fractions of credits are added up over the whole
 * run, and only their sum is rounded up: many tiny uses do not cost a credit each.
 */

export const priceLabels = [
  "run",
  "files",
  "images",
  "pages",
  "documents",
  "megapixels",
  "inputTokens",
  "outputTokens",
  "minimum",
  "maximum",
  "rounding",
] as const;
export type PriceLabel = (typeof priceLabels)[number];

export type PriceLine = {
  /**
   * What is counted; `minimum` and `maximum` bring the sum up or down to the tool's bounds, and `rounding` up
   * to whole credits.
   */
  label: PriceLabel;
  quantity: number;
  /** Credits for one; may be a fraction (tokens are priced by the thousand). */
  unitCredits: number;
  /** Quantity × unit, to the millionth; negative only for `maximum`. */
  credits: number;
};

export type PriceQuote = {
  /** `upTo`: so many credits are held, the actual usage is charged and the rest given back. */
  kind: "exact" | "upTo";
  credits: bigint;
  /** Their credits come to the price. */
  lines: PriceLine[];
};

/** Whole credits; a price below `minimum` is raised to it, one above `maximum` is cut to it. */
export type PriceBounds = { minimum?: number; maximum?: number };

/** The same for every run. */
export function fixed(credits: number): PriceLine {
  return perUnit("run", 1, credits);
}

/**
 * So much for each unit.
 * @throws RangeError for a negative or endless quantity: a tool must measure before it prices.
 */
export function perUnit(label: PriceLabel, quantity: number, unitCredits: number): PriceLine {
  if (!Number.isFinite(quantity) || quantity < 0) throw new RangeError(`price: ${quantity} ${label}`);
  return { label, quantity, unitCredits, credits: toMillionths(quantity * unitCredits) / 1e6 };
}

/** So much for each thousand tokens. */
export function perThousand(
  label: "inputTokens" | "outputTokens",
  tokens: number,
  creditsPerThousand: number,
): PriceLine {
  return perUnit(label, tokens, creditsPerThousand / 1000);
}

/** A price known before the run. */
export function exactly(lines: readonly PriceLine[], bounds: PriceBounds = {}): PriceQuote {
  return bounded("exact", lines, bounds);
}

/** The most a run can cost. What it did cost is `usageOf` its actual lines. */
export function atMost(lines: readonly PriceLine[], bounds: PriceBounds = {}): PriceQuote {
  return bounded("upTo", lines, bounds);
}

/** The credits of what was really used, by the bounds of the quote. The runner cuts it to what was held. */
export function usageOf(lines: readonly PriceLine[], bounds: PriceBounds = {}): bigint {
  return bounded("exact", lines, bounds).credits;
}

function bounded(kind: PriceQuote["kind"], lines: readonly PriceLine[], bounds: PriceBounds): PriceQuote {
  const sum = lines.reduce((total, line) => total + toMillionths(line.credits), 0);
  const { minimum = 0, maximum = Number.POSITIVE_INFINITY } = bounds;
  const whole = Math.ceil(sum / 1e6);
  const credits = Math.min(Math.max(whole, minimum), maximum);
  const label = credits > whole ? "minimum" : credits < whole ? "maximum" : "rounding";
  const missing = (credits * 1e6 - sum) / 1e6;
  const corrected = missing === 0 ? [...lines] : [...lines, correction(label, missing)];
  return { kind, credits: BigInt(credits), lines: corrected };
}

function correction(label: "minimum" | "maximum" | "rounding", credits: number): PriceLine {
  return { label, quantity: 1, unitCredits: credits, credits };
}

/** Whole numbers add up exactly, and what binary fractions add is forgiven: 3 × 0.1 is 0.30000000000000004. */
function toMillionths(credits: number): number {
  return Math.round(credits * 1e6);
}
