import type { FormField } from "./form";
import type { PriceLabel, PriceQuote } from "./price";
import { inputSchema, type Tool, type ToolFile } from "./tool";

/** What a tool costs for one of what it counts, for cards and lists: by the very rule that prices a run. */
export type UnitPrice = {
  kind: PriceQuote["kind"];
  /** Credits for one unit; for `upTo` the most that a run can cost, with one small file if it takes any. */
  credits: number;
  /** What is counted; null where the credits are those of a whole run. */
  unit: Exclude<PriceLabel, "rounding"> | null;
  /** Credits that a run costs however little it counts or uses; null where that is what one unit or less comes to. */
  least: number | null;
};

/** The price of the first type of file that a tool takes, and those of the types that cost otherwise. */
export type UnitPrices = UnitPrice & {
  /** The media types it goes for. */
  types: readonly string[];
  others: readonly (UnitPrice & { types: readonly string[] })[];
};

const sample = {
  id: "sample",
  name: "sample",
  bytes: 1_000,
  width: 1_000,
  height: 1_000,
  pages: 1,
} as const satisfies Partial<ToolFile>;

/** A page asks for a tool's price in several places, and the most of a price by use takes some reckoning. */
const known = new WeakMap<Tool, UnitPrices | null>();

/** The price for one unit; null for a tool whose rule cannot tell without a real input. */
export function unitPrice(tool: Tool): UnitPrices | null {
  const before = known.get(tool);
  if (before !== undefined) return before;
  const price = pricesOf(tool);
  known.set(tool, price);
  return price;
}

function pricesOf(tool: Tool): UnitPrices | null {
  const byPrice = new Map<string, UnitPrice & { types: string[] }>();
  for (const mediaType of tool.files?.accept ?? [null]) {
    const price = priceOf(tool, mediaType);
    if (!price) return null;
    const name = JSON.stringify(price);
    const same = byPrice.get(name) ?? { ...price, types: [] };
    if (mediaType) same.types.push(mediaType);
    byPrice.set(name, same);
  }
  const [first, ...others] = byPrice.values();
  return first ? { ...first, others } : null;
}

/** For one file of this type; null: for a tool without files. */
function priceOf(tool: Tool, mediaType: string | null): UnitPrice | null {
  const files = mediaType ? [{ ...sample, mediaType }] : [];
  try {
    const { kind, credits, lines } = tool.price(sampleInput(tool), files);
    const [line, ...others] = lines.filter(({ label }) => label !== "rounding");
    if (kind === "exact" && line && line.label !== "rounding" && others.length === 0) {
      const { unitCredits, label } = line;
      return { kind, credits: unitCredits, unit: label, least: leastOf(tool, files) };
    }
    if (kind === "exact") return { kind, credits: Number(credits), unit: null, least: null };
    // Whatever is used is rounded up to a credit.
    const { minimum = 1 } = tool.pricing.rates;
    return { kind, credits: Number(mostOf(tool, files)), unit: null, least: Math.max(1, minimum) };
  } catch {
    return null;
  }
}

/** What the smallest of such files costs, where the rule raises its price. */
function leastOf(tool: Tool, files: readonly ToolFile[]): number | null {
  const smallFiles = files.map((file) => ({ ...file, width: 1, height: 1 }));
  const { credits, lines } = tool.price(sampleInput(tool), smallFiles);
  return lines.some(({ label }) => label === "minimum") ? Number(credits) : null;
}

/** What a run cannot do without: the smallest that the form takes. */
function sampleInput(tool: Tool): Record<string, unknown> {
  const needed = inputSchema(tool, "en").filter(({ required, control }) => required || control === "file");
  return Object.fromEntries(needed.map((field) => [field.name, smallest(field)]));
}

function smallest(field: FormField): unknown {
  switch (field.control) {
    case "file":
      return [sample.id];
    case "choice":
      return field.default ?? field.options[0]?.value;
    case "number":
      return field.default ?? field.minimum ?? Math.min(1, field.maximum ?? 1);
    case "switch":
      return field.default;
    default:
      return "sample".padEnd(field.minLength ?? 0).slice(0, field.maxLength ?? undefined);
  }
}

/** The most that a run can cost: the tool's maximum, else what the longest texts cost with the dearest choices. */
function mostOf(tool: Tool, files: readonly ToolFile[]): bigint {
  const { maximum, minimum = 0 } = tool.pricing.rates;
  if (maximum !== undefined) return BigInt(Math.max(maximum, minimum));
  const form = inputSchema(tool, "en");
  const priceOf = (input: object) => tool.price(input, files).credits;
  let dearest: object = Object.fromEntries(form.map((field) => [field.name, largest(field)]));
  for (const field of form) {
    if (field.control !== "choice") continue;
    const chosen = dearest;
    for (const { value } of field.options) {
      const other = { ...chosen, [field.name]: value };
      if (priceOf(other) > priceOf(dearest)) dearest = other;
    }
  }
  return priceOf(dearest);
}

/** The longest texts, of letters that are a token each; the last of the options. */
function largest(field: FormField): unknown {
  switch (field.control) {
    case "text":
    case "longText":
      return "字".repeat(field.maxLength ?? 1_000);
    case "number":
      return field.maximum ?? smallest(field);
    case "choice":
      return field.options.at(-1)?.value;
    default:
      return smallest(field);
  }
}
