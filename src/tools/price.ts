/**
 * What a run costs. Pure: the quote, the hold and the charge all come from here, so they cannot differ.
 * A tool names its lines, the sum of the lines is the price.
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
] as const;
export type PriceLabel = (typeof priceLabels)[number];

export type PriceLine = {
  /** What is counted; `minimum` and `maximum` bring the sum up or down to the tool's bounds. */
  label: PriceLabel;
  quantity: number;
  /** Credits for one; may be a fraction (tokens are priced by the thousand). */
  unitCredits: number;
  /** Quantity × unit, rounded up to whole credits; negative only for `maximum`. */
  credits: bigint;
};

export type PriceQuote = {
  /** `upTo`: so many credits are held, the actual usage is charged and the rest given back. */
  kind: "exact" | "upTo";
  credits: bigint;
  lines: PriceLine[];
};

/** Whole credits; a price below `minimum` is raised to it, one above `maximum` is cut to it. */
export type PriceBounds = { minimum?: number; maximum?: number };

/** The same for every run. */
export function fixed(credits: number): PriceLine {
  return perUnit("run", 1, credits);
}

/**
 * So much for each unit, rounded up to whole credits a line.
 * @throws RangeError for a negative or endless quantity: a tool must measure before it prices.
 */
export function perUnit(label: PriceLabel, quantity: number, unitCredits: number): PriceLine {
  if (!Number.isFinite(quantity) || quantity < 0) throw new RangeError(`price: ${quantity} ${label}`);
  return { label, quantity, unitCredits, credits: roundUp(quantity * unitCredits) };
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
  const sum = lines.reduce((total, line) => total + line.credits, 0n);
  const minimum = BigInt(bounds.minimum ?? 0);
  const maximum = bounds.maximum === undefined ? null : BigInt(bounds.maximum);
  if (sum < minimum)
    return { kind, credits: minimum, lines: [...lines, correction("minimum", minimum - sum)] };
  if (maximum !== null && sum > maximum) {
    return { kind, credits: maximum, lines: [...lines, correction("maximum", maximum - sum)] };
  }
  return { kind, credits: sum, lines: [...lines] };
}

function correction(label: "minimum" | "maximum", credits: bigint): PriceLine {
  return { label, quantity: 1, unitCredits: Number(credits), credits };
}

/** Rounds up, forgiving what binary fractions add: 3 × 0.1 is 0.30000000000000004. */
function roundUp(credits: number): bigint {
  return BigInt(Math.ceil(Number(credits.toFixed(6))));
}
