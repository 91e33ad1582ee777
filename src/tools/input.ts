import { z } from "zod";
import { checkIn } from "#platform/field-words";
import { Refusal } from "#platform/refusal";
import type { Locale } from "./form";
import type { Tool } from "./tool";

/**
 * Checks an input at the boundary and fills its defaults. What comes back is what is stored, priced and run.
 * @throws Refusal invalid_request naming each wrong field, in the caller's language.
 */
export function parseInput(tool: Tool, input: unknown, locale: Locale = "en"): Record<string, unknown> {
  const checked = checkIn(tool.input, input, locale);
  if ("data" in checked) return checked.data;
  throw new Refusal("invalid_request", { errors: checked.errors });
}

/** The upload ids an accepted input names, in order. */
export function uploadIds(tool: Tool, input: Record<string, unknown>): string[] {
  return tool.files ? z.array(z.string()).parse(input[tool.files.field]) : [];
}
