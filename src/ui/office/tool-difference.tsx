"use client";

import { useTranslations } from "next-intl";
import { planIds } from "#billing/catalogue";
import { isLocale } from "#i18n/locale";
import type { Difference } from "#tools";
import { limitNames, rateNames, toolCategories, unitNames, wordNames } from "#tools/names";
import { languageNames } from "#ui/preferences";
import { useFormat } from "#ui/use-format";

/** What changes, value by value: name, old → new. */
export function DifferenceList({ difference }: { difference: readonly Difference[] }) {
  const nameOf = useToolNames();
  const textOf = useToolValues();
  return (
    <ul className="grid gap-1 text-13" data-testid="difference">
      {difference.map(({ path, before, after }) => (
        <li key={path} className="flex flex-wrap gap-x-2 break-words">
          <span className="text-text-3">{nameOf(path)}</span>
          <span className="num min-w-0">
            <del className="text-text-3">{textOf(path, before)}</del> → {textOf(path, after)}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** What stands in the path of a made tool's value. */
const partNames = [
  "texts",
  "fields",
  "output",
  "price",
  "examples",
  "options",
  "columns",
  "label",
  "help",
  "placeholder",
  "name",
  "value",
  "text",
  "title",
  "input",
  "category",
  "icon",
  "minimumPlan",
  "timeoutSeconds",
  "keepsHistory",
  "enabled",
  "kind",
  "control",
  "required",
  "system",
  "prompt",
  "models",
  "temperature",
  "maxOutputTokens",
  "continues",
  "maxLength",
  "maxCount",
  "maxBytes",
  "maxCharacters",
  "minimum",
  "maximum",
  "whole",
  "on",
  "off",
  "size",
  "count",
  "type",
  "summary",
  "description",
  "takes",
  "gives",
  "run",
  "images",
  "inputTokens",
  "outputTokens",
  "url",
  "retries",
  "rates",
  "most",
  "files",
  "pages",
  "documents",
  "megapixels",
  "seconds",
  "characters",
] as const;

/** A value's name in the reader's words. */
export function useToolNames(): (path: string) => string {
  const t = useTranslations("officeTools");
  const parts = useTranslations("officeMade.path");
  const made = useTranslations("officeMade");
  /** Part by part; what the operator named stands as it is. */
  const madeName = (path: string) =>
    path
      .split(".")
      .filter((part) => part !== "work")
      .map((part) => {
        const known = partNames.find((one) => one === part);
        return isLocale(part) ? languageNames[part] : known ? parts(known) : part;
      })
      .join(" · ");
  /** A part of a made tool's price, as its form calls it. */
  const priceName = ([part = "", unit]: string[]) => {
    const rate = rateNames.find((one) => one === (unit ?? part));
    const counted = part === "most" && unitNames.find((one) => one === unit);
    if (counted) return made("mostOf", { unit: made(`units.${counted}`) });
    return rate ? `${parts("price")} · ${t(`rate.${rate}`)}` : null;
  };
  return (path) => {
    const [group = "", name = "", word = "", ...rest] = path.split(".");
    const price = group === "work" && name === "price" ? priceName([word, ...rest]) : null;
    if (price) return price;
    const rate = rateNames.find((one) => one === name);
    const limit = limitNames.find((one) => one === name);
    const text = wordNames.find((one) => one === word);
    if (group === "rates" && rate) return t(`rate.${rate}`);
    if (group === "limits" && limit) return t(`limit.${limit}`);
    if (group === "texts" && text)
      return `${t(`word.${text}`)} · ${isLocale(name) ? languageNames[name] : name}`;
    const plain = (["enabled", "minimumPlan", "category"] as const).find((one) => one === group);
    return plain ? t(plain) : madeName(path);
  };
}

export function useToolValues(): (path: string, value: Difference["before"]) => string {
  const t = useTranslations("officeTools");
  const plans = useTranslations("pricing.plan");
  const kinds = useTranslations("tools.categories");
  const format = useFormat();
  return (path, value) => {
    if (value === null || value === "") return "—";
    if (typeof value === "number") return format.fraction(value);
    if (typeof value === "boolean") return t(value ? "on" : "off");
    const plan = path === "minimumPlan" && planIds.find((one) => one === value);
    if (plan) return plans(plan);
    const category = path === "category" && toolCategories.find((one) => one === value);
    return category ? kinds(category) : value;
  };
}
