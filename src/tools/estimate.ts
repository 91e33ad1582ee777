import { estimateCost, type ModelUse } from "#models";
import { drawForm, type FormField, type Locale } from "./form";
import { parseInput } from "./input";
import { fileField, filesOf, inputOf, type MadeDefinition } from "./made";
import { mostInputTokens } from "./made/conversation";
import { madeTool } from "./made/made-tool";

/** The form that customers would see. */
export function drawMade(definition: MadeDefinition, locale: Locale): FormField[] {
  return drawForm(inputOf(definition), locale, filesOf(definition.fields));
}

/**
 * What a run of an input is held for, and what the model that is asked first costs for as much at most.
 * @param input as the tool's form takes it; files are left out
 * @throws Refusal invalid_request naming the wrong fields
 */
export async function estimateMade(
  definition: MadeDefinition,
  input: Record<string, unknown>,
  locale: Locale,
): Promise<{ credits: bigint; use: ModelUse | null }> {
  const { work, fields } = definition;
  const tool = madeTool("estimate", definition);
  const files = fileField(fields);
  const parsed = parseInput(tool, { ...input, ...(files && { [files.name]: ["none"] }) }, locale);
  const { credits } = tool.price(parsed, []);
  // What the operator's own server costs only they know.
  if (work.kind === "http") return { credits, use: null };
  const { output, models } = work;
  const usage =
    output.kind === "image"
      ? { images: output.count }
      : { inputTokens: mostInputTokens(definition, work, parsed, []), outputTokens: work.maxOutputTokens };
  return { credits, use: await estimateCost(usage, models) };
}
