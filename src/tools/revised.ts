import { codeTool } from "./catalog";
import { madeTool } from "./made/made-tool";
import { applySettings, type ToolValues } from "./settings";
import type { Tool } from "./tool";

/**
 * A tool as a revision's values say: what the operator made stands before what the code has by the same name.
 * Null when neither is there.
 */
export function toolAs(slug: string, revision: number, values: ToolValues): Tool | null {
  const base = baseOf(slug, values);
  return base && applySettings(base, revision, values);
}

/** The same before rates, limits and words are set: a made tool has these in its definition. */
export function baseOf(slug: string, { made }: Pick<ToolValues, "made">): Tool | null {
  return made ? madeTool(slug, made) : codeTool(slug);
}
