import type { z } from "zod";
import type { FieldError } from "./refusal";

/**
 * One sentence for each wrong field, the first that zod finds: it goes on to count what is not even of the
 * right type (a text in a list's place has "too many items"). Keys that nobody knows are fields too.
 */
export function fieldErrors({ issues }: z.ZodError): FieldError[] {
  const byPath = new Map<string, string>();
  for (const issue of issues) {
    const keys = issue.code === "unrecognized_keys" ? issue.keys.map((key) => [key]) : [[]];
    for (const key of keys) {
      const path = [...issue.path, ...key].join(".");
      if (!byPath.has(path)) byPath.set(path, issue.message);
    }
  }
  return [...byPath].map(([path, message]) => ({ path, message }));
}
