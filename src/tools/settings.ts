import { z } from "zod";
import { planIds } from "#billing/catalogue";
import type { FieldError } from "#platform/refusal";
import type { Locale } from "./form";
import { faultsOf, type MadeDefinition, madeSchema } from "./made";
import { type LimitName, limitNames, type RateName, rateNames, toolCategories } from "./names";
import type { Rates } from "./price";
import { pricedBy, type Tool, type ToolTexts } from "./tool";

/**
 * What the operator may say of a tool. Of a tool of the code only what differs from it is stored, so that a better
 * text or a new rate of the code comes through, and whatever no longer fits it is left out when it is read. A tool
 * that the operator made is stored whole, as `made`.
 */

const mostCredits = 10_000;
const words = (most: number) => z.string().trim().min(1).max(most).optional();

const textsSchema = z.strictObject({
  name: words(80),
  summary: words(200),
  description: words(2000),
  takes: words(80),
  gives: words(80),
} satisfies Record<keyof ToolTexts, z.ZodType>);

export type Limits = Partial<Record<LimitName, number>>;

/** What is drafted, compared and published. */
export const draftSchema = z.strictObject({
  rates: z.partialRecord(z.enum(rateNames), z.int().min(0).max(mostCredits)).optional(),
  limits: z.partialRecord(z.enum(limitNames), z.int().min(1)).optional(),
  minimumPlan: z.enum(planIds).optional(),
  category: z.enum(toolCategories).optional(),
  texts: z.strictObject({ en: textsSchema.optional(), zh: textsSchema.optional() }).optional(),
});
export type ToolDraft = z.infer<typeof draftSchema> & { made?: MadeDefinition | undefined };

/**
 * A revision: what was drafted, and what is changed at once. It was checked when it was stored, perhaps by other
 * code than this: a part that no longer fits is left out, so that one row cannot take every tool away.
 */
const { rates, limits, minimumPlan, category, texts } = draftSchema.shape;
const valuesSchema = z.object({
  rates: rates.catch(undefined),
  limits: limits.catch(undefined),
  minimumPlan: minimumPlan.catch(undefined),
  category: category.catch(undefined),
  texts: texts.catch(undefined),
  made: madeSchema.optional().catch(undefined),
  enabled: z.boolean().optional(),
  /** Where it stands in lists: the lower, the further up. */
  position: z.number().optional(),
});
export type ToolValues = z.infer<typeof valuesSchema>;

/** A revision's or a trial's row. */
export function readValues(column: unknown): ToolValues {
  return valuesSchema.parse(column);
}

/** The tool as a revision says. */
export function applySettings(code: Tool, revision: number, values: ToolValues): Tool {
  const rates = over(code.pricing.rates, values.rates);
  const { timeoutSeconds: _, ...most } = limitsOf(code);
  const limits = lowered({ timeoutSeconds: code.limits.timeoutSeconds, ...most }, values.limits);
  const { timeoutSeconds = code.limits.timeoutSeconds, ...ofFiles } = limits;
  const texts = (locale: Locale): ToolTexts => over(code.texts[locale], values.texts?.[locale]);
  return {
    ...code,
    ...pricedBy({ kind: code.pricing.kind, rates }, code.units),
    texts: { en: texts("en"), zh: texts("zh") },
    category: values.category ?? code.category,
    minimumPlan: values.minimumPlan ?? code.minimumPlan,
    enabled: values.enabled ?? code.enabled,
    limits: { ...code.limits, timeoutSeconds },
    files: code.files && { ...code.files, ...ofFiles },
    revision,
  };
}

/** Everything that a revision decides of a tool, as it stands. */
export type ToolState = {
  enabled: boolean;
  minimumPlan: Tool["minimumPlan"];
  category: Tool["category"];
  rates: Rates;
  limits: Limits;
  texts: Tool["texts"];
};

export function stateOf(tool: Tool): ToolState {
  const { enabled, minimumPlan, category, texts } = tool;
  return { enabled, minimumPlan, category, rates: tool.pricing.rates, limits: limitsOf(tool), texts };
}

/** What two states of a tool are compared by: of a made one the whole definition, of others what may be set. */
export function comparable(tool: Tool, { made }: Pick<ToolValues, "made">): object {
  return made ? { enabled: tool.enabled, ...made } : stateOf(tool);
}

/** The draft without what the code says anyway. */
export function withoutDefaults(code: Tool, draft: ToolDraft): ToolDraft {
  if (draft.made) return { made: draft.made };
  const { texts = {} } = draft;
  const en = unlike(code.texts.en, texts.en);
  const zh = unlike(code.texts.zh, texts.zh);
  const words = { ...(en && { en }), ...(zh && { zh }) };
  const rates = unlike(code.pricing.rates, draft.rates);
  const limits = unlike(limitsOf(code), draft.limits);
  const { minimumPlan, category } = draft;
  return {
    ...(rates && { rates }),
    ...(limits && { limits }),
    ...(minimumPlan && minimumPlan !== code.minimumPlan && { minimumPlan }),
    ...(category && category !== code.category && { category }),
    ...(Object.keys(words).length > 0 && { texts: words }),
  };
}

/** What a draft may not say of this tool: a rate that it has not, a limit above the code's. */
export function draftErrors(code: Tool, draft: ToolDraft): FieldError[] {
  if (draft.made) return faultsOf(draft.made, "en");
  const most = limitsOf(code);
  const ofRates = Object.keys(draft.rates ?? {}).flatMap((name) =>
    name in code.pricing.rates ? [] : [{ path: `rates.${name}`, message: "This tool has no such rate." }],
  );
  const ofLimits = limitNames.flatMap((name) => {
    const [wanted, limit] = [draft.limits?.[name], most[name]];
    if (wanted === undefined) return [];
    if (limit === undefined) return [{ path: `limits.${name}`, message: "This tool has no such limit." }];
    return wanted > limit ? [{ path: `limits.${name}`, message: `At most ${limit}.` }] : [];
  });
  const rates = over(code.pricing.rates, draft.rates);
  const { minimum = 0, maximum, maximumPerFile } = rates;
  const tooLow = ({ name, value }: { name: RateName; value: number | undefined }) =>
    value !== undefined && value < minimum ? [{ path: `rates.${name}`, message: "Below the minimum." }] : [];
  return [
    ...ofRates,
    ...ofLimits,
    ...tooLow({ name: "maximum", value: maximum }),
    ...tooLow({ name: "maximumPerFile", value: maximumPerFile }),
  ];
}

function limitsOf({ limits, files }: Tool): Limits {
  const { timeoutSeconds } = limits;
  if (!files) return { timeoutSeconds };
  const { maxBytes, maxCount, maxPixels, maxPages } = files;
  return {
    ...{ timeoutSeconds, maxBytes, maxCount },
    ...(maxPixels !== undefined && { maxPixels }),
    ...(maxPages !== undefined && { maxPages }),
  };
}

/** The values of `base`, in its order, with what `changes` says of them. */
function over<Value, T extends Record<string, Value>>(
  base: T,
  changes: { [K in keyof T]?: T[K] | undefined } = {},
): T {
  const said = Object.entries(changes).filter(([name, value]) => name in base && value !== undefined);
  return { ...base, ...Object.fromEntries(said) };
}

/** Never above the code's, which may have come down since. */
function lowered(most: Limits, wanted: Limits = {}): Limits {
  return Object.fromEntries(
    limitNames.flatMap((name) => {
      const limit = most[name];
      return limit === undefined ? [] : [[name, Math.min(limit, wanted[name] ?? limit)]];
    }),
  );
}

/** What `changes` says otherwise than `base`; undefined when that is nothing. */
function unlike<T extends object>(base: Partial<Record<keyof T, unknown>>, changes: T | undefined) {
  if (!changes) return undefined;
  const different = Object.entries(changes).filter(
    ([name, value]) => value !== undefined && value !== Object.getOwnPropertyDescriptor(base, name)?.value,
  );
  return different.length > 0 ? Object.fromEntries(different) : undefined;
}
