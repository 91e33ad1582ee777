import type { ModelCosts } from "./model";

export type TokenUsage = { inputTokens: number; outputTokens: number };

/** Which model was asked, as its provider calls it, and what it cost in millionths of a US dollar; null: unknown. */
export type ModelUse = { name: string; cost: bigint | null };

/**
 * What an answer cost the operator, in millionths of a US dollar, rounded to the nearest.
 * @returns null when one of the model's costs that it takes is not known
 */
export function costOf({ inputCost, outputCost }: ModelCosts, usage: TokenUsage): bigint | null {
  if (inputCost === null || outputCost === null) return null;
  const millionths = BigInt(usage.inputTokens) * inputCost + BigInt(usage.outputTokens) * outputCost;
  return (millionths + 500_000n) / 1_000_000n;
}

/** The same for images that were drawn. */
export function costOfImages({ imageCost }: ModelCosts, count: number): bigint | null {
  return imageCost === null ? null : imageCost * BigInt(count);
}

/** Several uses as one, under the first one's name. Unknown with one that is not known. */
export function sumOfUses([first, ...others]: readonly ModelUse[]): ModelUse | undefined {
  if (!first) return undefined;
  const cost = others.reduce<bigint | null>(
    (sum, { cost }) => (sum === null || cost === null ? null : sum + cost),
    first.cost,
  );
  return { name: first.name, cost };
}
