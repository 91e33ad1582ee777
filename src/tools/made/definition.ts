import { z } from "zod";
import { planIds } from "#billing/catalogue";
import { toolCategories, toolIcons } from "#tools/names";
import { fieldSchema } from "./field";
import { httpWorkSchema } from "./http-work";
import { fieldName, inBoth, words } from "./parts";
import { promptWorkSchema } from "./prompt-work";

/**
 * A tool that the operator makes without code, as data: what its form asks, what is done with it, what it costs.
 * `madeTool` makes a tool of it like those of builtin/. Pure; safe in a browser.
 */

const texts = z.strictObject({
  ...{ name: words(80), summary: words(200), description: words(2000), takes: words(80), gives: words(80) },
});

export const madeSchema = z.strictObject({
  category: z.enum(toolCategories),
  icon: z.enum(toolIcons),
  texts: inBoth(texts),
  fields: z.array(fieldSchema).min(1).max(20),
  examples: z
    .array(
      z.strictObject({
        title: inBoth(words(80)),
        /** Values for the form, without files. */
        input: z.record(fieldName, z.union([z.string().max(50_000), z.number(), z.boolean()])),
      }),
    )
    .max(6),
  minimumPlan: z.enum(planIds),
  timeoutSeconds: z.int().min(5).max(900),
  /** Without it input and results are deleted an hour after the run. */
  keepsHistory: z.boolean(),
  work: z.discriminatedUnion("kind", [promptWorkSchema, httpWorkSchema]),
});
export type MadeDefinition = z.infer<typeof madeSchema>;

/** In URLs, and in the ledger's causes for ever. */
export const madeSlug = z
  .string()
  .regex(
    /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    "It begins with a small letter; then small letters, digits and single hyphens.",
  )
  .min(2)
  .max(40)
  .refine((slug) => slug !== "new", "This name is reserved.");
