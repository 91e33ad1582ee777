import { z } from "zod";

/** What the schemas of made tools share. Pure; safe in a browser. */

export const words = (most: number) => z.string().trim().min(1).max(most);
export const inBoth = <T extends z.ZodType>(schema: T) => z.strictObject({ en: schema, zh: schema });
/** Whole credits of a rate. */
export const rate = z.int().min(0).max(10_000);
/** By which prompts and requests name a field. */
export const fieldName = z
  .string()
  .regex(
    /^[a-z][a-z0-9_]{0,30}$/,
    "It begins with a small letter; then small letters, digits and underscores.",
  );

export function isFieldName(text: string): boolean {
  return fieldName.safeParse(text).success;
}
