import type { z } from "zod";
import type { FieldError } from "./refusal";

/**
 * One sentence for each wrong field, the first that zod finds: it goes on to count what is not even of the
 * right type (a text in a list's place has "too many items"). Keys that nobody knows stand together, in one
 * sentence at the first of them: a body may hold thousands.
 */
export function fieldErrors(
  { issues }: z.ZodError,
  wordsOf: (issue: z.core.$ZodIssue) => string = ({ message }) => message,
): FieldError[] {
  const byPath = new Map<string, string>();
  for (const issue of issues) {
    const unknown = issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
    const path = [...issue.path, ...unknown].join(".");
    if (!byPath.has(path)) byPath.set(path, wordsOf(issue));
  }
  return [...byPath].map(([path, message]) => ({ path, message }));
}
