import { z } from "zod";
import { fieldErrors } from "#platform/field-errors";
import { Refusal } from "#platform/refusal";
import type { Locale } from "./form";
import type { Tool } from "./tool";

/** What zod says of a wrong field, in each language. */
export const zodWords = { en: z.locales.en().localeError, zh: z.locales.zhCN().localeError };

/**
 * Checks an input at the boundary and fills its defaults. What comes back is what is stored, priced and run.
 * @throws Refusal invalid_request naming each wrong field, in the caller's language.
 */
export function parseInput(tool: Tool, input: unknown, locale: Locale = "en"): Record<string, unknown> {
  const parsed = tool.input.safeParse(input, { error: zodWords[locale] });
  if (parsed.success) return parsed.data;
  throw new Refusal("invalid_request", { errors: fieldErrors(parsed.error) });
}

/** The upload ids an accepted input names, in order. */
export function uploadIds(tool: Tool, input: Record<string, unknown>): string[] {
  return tool.files ? z.array(z.string()).parse(input[tool.files.field]) : [];
}
