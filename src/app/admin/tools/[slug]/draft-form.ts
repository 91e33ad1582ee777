import { type PlanId, planIds } from "#billing/catalogue";
import { readWhole } from "#format";
import { locales } from "#i18n/locale";
import type { Difference, ToolDraft, ToolState } from "#tools";
import { limitNames, rateNames, toolCategories, wordNames } from "#tools/names";

/** The form's values as they are typed, and what they come to. */
export type DraftValues = Record<string, string>;

export function valuesOf({ rates, limits, texts, minimumPlan, category }: ToolState): DraftValues {
  const words = locales.flatMap((locale) =>
    wordNames.map((word): [string, string] => [`texts.${locale}.${word}`, texts[locale][word]]),
  );
  return {
    ...Object.fromEntries(Object.entries(rates).map(([name, value]) => [`rates.${name}`, `${value}`])),
    ...Object.fromEntries(Object.entries(limits).map(([name, value]) => [`limits.${name}`, `${value}`])),
    ...Object.fromEntries(words),
    ...{ minimumPlan, category },
  };
}

/** Which fields do not fit: rates are whole credits, limits stay within the code's, no word is empty. */
export function faultsOf(values: DraftValues, code: ToolState): Set<string> {
  const { minimum = 0 } = ratesOf(values);
  const wrong = Object.entries(values).filter(([path, value]) => {
    const [group = "", name = ""] = path.split(".");
    if (group === "texts") return value.trim() === "";
    if (group !== "rates" && group !== "limits") return false;
    const figure = readWhole(value);
    if (figure === null) return true;
    if (group === "rates") return figure > 10_000 || (name.startsWith("maximum") && figure < minimum);
    const limit = limitNames.find((one) => one === name);
    return figure < 1 || figure > ((limit && code.limits[limit]) ?? 0);
  });
  return new Set(wrong.map(([path]) => path));
}

export function ratesOf(values: DraftValues): NonNullable<ToolDraft["rates"]> {
  return Object.fromEntries(
    rateNames.flatMap((name) => {
      const value = values[`rates.${name}`];
      return value === undefined ? [] : [[name, readWhole(value) ?? Number.NaN]];
    }),
  );
}

/** The draft that the API takes. */
export function draftOf(values: DraftValues): ToolDraft {
  const limits = Object.fromEntries(
    limitNames.flatMap((name) => {
      const value = values[`limits.${name}`];
      return value === undefined ? [] : [[name, readWhole(value) ?? Number.NaN]];
    }),
  );
  const words = (locale: string) =>
    Object.fromEntries(wordNames.map((word) => [word, (values[`texts.${locale}.${word}`] ?? "").trim()]));
  const minimumPlan: PlanId | undefined = planIds.find((one) => one === values.minimumPlan);
  const category = toolCategories.find((one) => one === values.category);
  return {
    ...{ rates: ratesOf(values), limits, texts: { en: words("en"), zh: words("zh") } },
    ...(minimumPlan && { minimumPlan }),
    ...(category && { category }),
  };
}

/** Value by value, what the form says otherwise than customers have it. */
export function differenceTo(values: DraftValues, published: ToolState): Difference[] {
  return Object.entries(valuesOf(published)).flatMap(([path, was]) => {
    const now = values[path] ?? was;
    const figure = path.startsWith("rates.") || path.startsWith("limits.");
    const after = figure ? (readWhole(now) ?? now.trim()) : now.trim();
    return `${after}` === was ? [] : [{ path, before: figure ? Number(was) : was, after }];
  });
}
