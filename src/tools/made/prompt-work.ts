import { z } from "zod";
import { imageSizes } from "#tools/names";
import { fieldName, inBoth, rate, words } from "./parts";

/** What a model is told, what comes out and what it costs. Pure; safe in a browser. */

const column = z.strictObject({
  name: fieldName,
  label: inBoth(words(80)),
  type: z.enum(["text", "number", "switch"]),
});
export type TableColumn = z.infer<typeof column>;

export const outputSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("text") }),
  z.strictObject({ kind: z.literal("markdown") }),
  z.strictObject({ kind: z.literal("table"), columns: z.array(column).min(1).max(20) }),
  z.strictObject({ kind: z.literal("image"), size: z.enum(imageSizes), count: z.int().min(1).max(4) }),
]);

export const promptPriceSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("fixed"), run: rate }),
  /** Credits for a thousand tokens; never more than the maximum for a run. */
  z.strictObject({
    kind: z.literal("tokens"),
    ...{ inputTokens: rate, outputTokens: rate, minimum: rate, maximum: rate.min(1) },
  }),
  z.strictObject({ kind: z.literal("images"), images: rate }),
]);

export const promptWorkSchema = z.strictObject({
  kind: z.literal("prompt"),
  /** With placeholders: `{{topic}}`. */
  system: z.string().max(20_000),
  prompt: words(20_000),
  /** By their providers' names: asked in this order, then the others in the operator's. */
  models: z.array(words(200)).max(5),
  /** The provider's own without one. */
  temperature: z.number().min(0).max(2).nullable(),
  maxOutputTokens: z.int().min(1).max(32_000),
  output: outputSchema,
  price: promptPriceSchema,
  /** Customers may go on from a result; each step is a run with its price. */
  continues: z.boolean(),
});
export type PromptWork = z.infer<typeof promptWorkSchema>;
