import { costOf, costOfImages, type ModelUse, type TokenUsage } from "./cost";
import { findCandidates } from "./model";

/**
 * What so much would cost with the model that is asked first.
 * @param models by name, which to ask first
 * @returns null without any model; a cost of null when nobody has said what it costs
 */
export async function estimateCost(
  usage: TokenUsage | { images: number },
  models: readonly string[],
): Promise<ModelUse | null> {
  const drawn = "images" in usage;
  const [candidate] = await findCandidates(drawn ? "image" : "text", models);
  if (!candidate) return null;
  const { model } = candidate;
  return { name: model.name, cost: drawn ? costOfImages(model, usage.images) : costOf(model, usage) };
}
