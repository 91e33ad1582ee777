import { byThousand, type RateName, type UnitName, unitNames } from "./names";

/**
 * What a run costs. Pure: the quote, the hold, the charge and the back office's simulation all come from
 * here, so they cannot differ. A tool counts units (so many pages, so many tokens); its rates say what each
 * costs, and are data, so that the operator can change them. Fractions of credits are added up over the whole
 * run, and only their sum is rounded up: many tiny uses do not cost a credit each.
 */

/** How many of each a run comes to. */
export type Units = Partial<Record<UnitName, number>>;

/** Whole credits by what they are for, in the order in which a price shows them. */
export type Rates = Partial<Record<RateName, number>>;

export const priceLabels = [...unitNames, "minimum", "maximum", "rounding"] as const;
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

/** `upTo`: so many credits are held, the actual usage is charged and the rest given back. */
export type PriceKind = "exact" | "upTo";

export type PriceQuote = {
  kind: PriceKind;
  credits: bigint;
  /** Their credits come to the price. */
  lines: PriceLine[];
  /** What was counted: with it a run can be priced again, by other rates too. */
  units: Units;
};

/** A tool's price: its rates, and how its units are counted. */
export type PriceRule<Input, File> = {
  kind: PriceKind;
  rates: Rates;
  units(input: Input, files: readonly File[]): Units;
};

/** A price known before the run. */
export function exactly<Input, File>(
  rates: Rates,
  units: PriceRule<Input, File>["units"],
): PriceRule<Input, File> {
  return { kind: "exact", rates, units };
}

/** The most that a run can use is priced and held; `run` then returns the units that it did use. */
export function atMost<Input, File>(
  rates: Rates,
  units: PriceRule<Input, File>["units"],
): PriceRule<Input, File> {
  return { kind: "upTo", rates, units };
}

/** The same for every run, in whole credits. */
export function fixed(credits: number): PriceRule<unknown, unknown> {
  return exactly({ run: credits }, () => ({ run: 1 }));
}

/**
 * The price of what was counted. Of units only those that have a rate cost anything.
 * @throws RangeError for a negative or endless quantity: a tool must measure before it prices
 */
export function priceUnits(kind: PriceKind, rates: Rates, units: Units): PriceQuote {
  const lines = unitNames
    .toSorted((a, b) => placeOf(a, rates) - placeOf(b, rates))
    .flatMap((unit) => lineOf(unit, rates[unit], units[unit]) ?? []);
  const sum = lines.reduce((total, line) => total + toMillionths(line.credits), 0);
  const { minimum, maximum } = boundsOf(rates, units);
  const whole = Math.ceil(sum / 1e6);
  const credits = Math.max(Math.min(whole, maximum), minimum);
  const label = credits > whole ? "minimum" : credits < whole ? "maximum" : "rounding";
  const missing = (credits * 1e6 - sum) / 1e6;
  if (missing !== 0) lines.push({ label, quantity: 1, unitCredits: missing, credits: missing });
  return { kind, credits: BigInt(credits), lines, units };
}

/** Of how many a rate is the price. */
export function perCount(unit: UnitName): 1 | 1000 {
  return byThousand.some((one) => one === unit) ? 1000 : 1;
}

/** Of a maximum and a minimum that contradict each other the minimum holds. */
function boundsOf(rates: Rates, units: Units): { minimum: number; maximum: number } {
  const { minimum = 0, maximum = Number.POSITIVE_INFINITY, maximumPerFile } = rates;
  const ofFiles = maximumPerFile === undefined ? maximum : maximumPerFile * (units.files ?? 0);
  return { minimum, maximum: Math.min(maximum, ofFiles) };
}

function lineOf(label: UnitName, rate: number | undefined, quantity = 0): PriceLine | null {
  if (!Number.isFinite(quantity) || quantity < 0) throw new RangeError(`price: ${quantity} ${label}`);
  if (rate === undefined || quantity === 0) return null;
  const unitCredits = rate / perCount(label);
  return { label, quantity, unitCredits, credits: toMillionths(quantity * unitCredits) / 1e6 };
}

function placeOf(unit: UnitName, rates: Rates): number {
  return Object.keys(rates).indexOf(unit);
}

/** Whole numbers add up exactly, and what binary fractions add is forgiven: 3 × 0.1 is 0.30000000000000004. */
function toMillionths(credits: number): number {
  return Math.round(credits * 1e6);
}
