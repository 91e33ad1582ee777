import { z } from "@hono/zod-openapi";
import { inputSchema, type Locale, priceLabels, type Quote, type Tool } from "#tools";
import { creditsJson, creditsSchema } from "./schemas";

/** A tool and its price, as the API tells them. */

export const fieldSchema = z
  .looseObject({
    name: z.string(),
    label: z.string(),
    help: z.string().nullable(),
    required: z.boolean(),
    advanced: z.boolean(),
    control: z.enum(["text", "longText", "choice", "number", "switch", "file"]),
  })
  .openapi("FormField", { description: "A field of the tool's input, as a form draws it." });

const limitsSchema = z.object({
  field: z.string().openapi({ description: "The input's field that lists upload ids." }),
  accept: z.array(z.string()).openapi({ description: "Media types, as found in the content." }),
  maxBytes: z.int(),
  maxCount: z.int(),
  maxPixels: z.int().nullable(),
  maxPages: z.int().nullable(),
});

export const toolSchema = z
  .object({
    slug: z.string(),
    category: z.string(),
    icon: z.string().openapi({ description: "A lucide icon's name." }),
    name: z.string(),
    summary: z.string(),
    description: z.string(),
    takes: z.string(),
    gives: z.string(),
    streaming: z.boolean().openapi({ description: "Gives text bit by bit." }),
    continues: z.boolean().openapi({ description: "Its results can be gone on with." }),
    tryable: z.boolean().openapi({ description: "Visitors may try it without an account." }),
    enabled: z.boolean().openapi({ description: "False while it is switched off and takes no new runs." }),
    minimumPlan: z.string().openapi({ description: "The smallest plan that may run it.", example: "free" }),
    configured: z.boolean(),
    missing: z.string().nullable().openapi({ description: "The setting it lacks." }),
    medianSeconds: z.number().nullable().openapi({ description: "How long it usually takes." }),
    timeoutSeconds: z.number(),
    files: limitsSchema.nullable(),
    fields: z.array(fieldSchema),
    examples: z.array(
      z.object({
        title: z.string(),
        input: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
        samples: z.array(z.string()),
      }),
    ),
  })
  .openapi("Tool");

export const quoteSchema = z
  .object({
    kind: z.enum(["exact", "upTo"]).openapi({ description: "`upTo`: held, and what was used is charged." }),
    credits: creditsSchema,
    lines: z.array(
      z.object({
        label: z.enum(priceLabels),
        quantity: z.number(),
        unitCredits: z.number(),
        credits: z.number().openapi({
          description: "May be a fraction: only their sum is rounded up, which `rounding` shows.",
        }),
      }),
    ),
    available: creditsSchema
      .nullable()
      .openapi({ description: "Your balance now; null without an account." }),
    availableAfter: creditsSchema.nullable(),
    short: creditsSchema.openapi({ description: "How many are missing; 0 when there are enough." }),
  })
  .openapi("Quote", {
    example: {
      kind: "exact",
      credits: 6,
      lines: [{ label: "pages", quantity: 3, unitCredits: 2, credits: 6 }],
      available: 100,
      availableAfter: 94,
      short: 0,
    },
  });

export type ToolJson = z.infer<typeof toolSchema>;
export type QuoteJson = z.infer<typeof quoteSchema>;

export function toolJson(
  tool: Tool,
  locale: Locale,
  { seconds, missing }: { seconds: number | null; missing: string | null },
): ToolJson {
  const { slug, category, icon, streaming, files, enabled, minimumPlan } = tool;
  return {
    ...{ slug, category, icon, streaming, enabled, minimumPlan },
    ...tool.texts[locale],
    continues: tool.continues ?? false,
    tryable: tool.tryable !== undefined,
    configured: missing === null,
    missing,
    medianSeconds: seconds,
    timeoutSeconds: tool.limits.timeoutSeconds,
    files: files && {
      field: files.field,
      accept: [...files.accept],
      maxBytes: files.maxBytes,
      maxCount: files.maxCount,
      maxPixels: files.maxPixels ?? null,
      maxPages: files.maxPages ?? null,
    },
    fields: inputSchema(tool, locale),
    examples: tool.examples.map(({ title, input, samples }) => ({ title: title[locale], input, samples })),
  };
}

export function quoteJson({ kind, credits, lines, available }: Quote): QuoteJson {
  const after = available === null ? null : available - credits;
  const enough = after === null || after >= 0n;
  return {
    kind,
    credits: creditsJson(credits),
    lines,
    available: available === null ? null : creditsJson(available),
    availableAfter: after === null ? null : creditsJson(enough ? after : 0n),
    short: enough || after === null ? 0 : creditsJson(-after),
  };
}
