import { z } from "zod";
import { fieldName, inBoth, words } from "./parts";

/** The fields of a made tool's form, as data. Pure; safe in a browser. */

const common = {
  name: fieldName,
  label: inBoth(words(80)),
  help: inBoth(words(300)).nullable(),
  required: z.boolean(),
};

const option = z.strictObject({
  value: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, "Small letters, digits, hyphens and underscores."),
  label: inBoth(words(80)),
  /** What a prompt says for it; the value itself without one. */
  text: words(500).nullable(),
});

export const fieldSchema = z.discriminatedUnion("control", [
  z.strictObject({
    ...common,
    control: z.literal("text"),
    placeholder: inBoth(words(200)).nullable(),
    maxLength: z.int().min(1).max(1_000),
  }),
  z.strictObject({
    ...common,
    control: z.literal("longText"),
    placeholder: inBoth(words(200)).nullable(),
    maxLength: z.int().min(1).max(50_000),
  }),
  z.strictObject({ ...common, control: z.literal("choice"), options: z.array(option).min(2).max(50) }),
  z.strictObject({
    ...common,
    control: z.literal("number"),
    minimum: z.number().nullable(),
    maximum: z.number().nullable(),
    whole: z.boolean(),
  }),
  z.strictObject({
    ...common,
    control: z.literal("switch"),
    /** What a prompt says when it is on, and off. */
    on: z.string().max(500),
    off: z.string().max(500),
  }),
  /** Images, which a model is shown. */
  z.strictObject({
    ...common,
    control: z.literal("image"),
    maxCount: z.int().min(1).max(10),
    maxBytes: z.int().min(1_000).max(25_000_000),
  }),
  /** Documents, whose text stands in a prompt. */
  z.strictObject({
    ...common,
    control: z.literal("file"),
    maxCount: z.int().min(1).max(10),
    maxBytes: z.int().min(1_000).max(25_000_000),
    /** Of all files together; the rest is left out. */
    maxCharacters: z.int().min(1).max(200_000),
  }),
]);
export type MadeField = z.infer<typeof fieldSchema>;
export type FieldControl = MadeField["control"];

/** The one that takes files, of which a tool has at most one. */
export function fileField(
  fields: readonly MadeField[],
): Extract<MadeField, { control: "image" | "file" }> | null {
  for (const field of fields) if (field.control === "image" || field.control === "file") return field;
  return null;
}
