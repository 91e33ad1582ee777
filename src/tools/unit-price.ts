import type { PriceLabel, PriceQuote } from "./price";
import type { Tool, ToolFile } from "./tool";

/** What a tool costs for one of what it counts, for cards and lists: by the very rule that prices a run. */
export type UnitPrice = {
  kind: PriceQuote["kind"];
  /** Credits for one unit; for `upTo` the most that a run with the defaults and one small file can cost. */
  credits: number;
  /** What is counted; null where the credits are those of a whole run. */
  unit: Exclude<PriceLabel, "rounding"> | null;
  /** Credits that a run costs however little it counts; null where that is what one unit or less comes to. */
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

/** The price for one unit; null for a tool whose rule cannot tell without a real input. */
export function unitPrice(tool: Tool): UnitPrices | null {
  const byPrice = new Map<string, UnitPrice & { types: string[] }>();
  for (const mediaType of tool.files?.accept ?? [null]) {
    const price = priceOf(tool, mediaType);
    if (!price) return null;
    const name = JSON.stringify(price);
    const known = byPrice.get(name) ?? { ...price, types: [] };
    if (mediaType) known.types.push(mediaType);
    byPrice.set(name, known);
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
    return { kind, credits: Number(credits), unit: null, least: null };
  } catch {
    return null;
  }
}

/** What the smallest of such files costs, where the rule raises its price. */
function leastOf(tool: Tool, files: readonly ToolFile[]): number | null {
  const smallest = files.map((file) => ({ ...file, width: 1, height: 1 }));
  const { credits, lines } = tool.price(sampleInput(tool), smallest);
  return lines.some(({ label }) => label === "minimum") ? Number(credits) : null;
}

/** The defaults, and the least that stands in for what has none. */
function sampleInput(tool: Tool): Record<string, unknown> {
  const empty = tool.files ? { [tool.files.field]: [sample.id] } : {};
  const parsed = tool.input.safeParse(empty);
  if (parsed.success) return empty;
  const missing = parsed.error.issues.map(({ path }) => String(path[0]));
  return { ...empty, ...Object.fromEntries(missing.map((name) => [name, "sample"])) };
}
