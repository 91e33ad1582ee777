"use client";

import { useTranslations } from "next-intl";
import { currencies, planIds } from "#billing/catalogue";
import { useFormat } from "#ui/use-format";
import type { Change } from "./act-words";

type Leaf = string | number | boolean | null;

const plain = ["creditsPerMonth", "rolloverCap", "credits", "bonus", "expiresAfterMonths"] as const;
const limits = ["concurrentRuns", "fileMb", "retentionDays", "priority", "tools"] as const;

/** What a field of the catalogue is called, by its path such as `plans.pro.prices.month.usd`. */
export function useFieldName(): (path: string) => string {
  const t = useTranslations("officePlans");
  const names = useTranslations("pricing.plan");
  return (path) => {
    const [kind, id = "", ...rest] = path.split(".");
    if (kind === "order") return t(id === "plans" ? "orderOfPlans" : "orderOfPacks");
    const planId = planIds.find((one) => one === id);
    const item = kind === "plans" && planId ? names(planId) : t("packNamed", { id });
    const field = fieldOf(t, rest);
    return field ? `${item} · ${field}` : path;
  };
}

type Words = ReturnType<typeof useTranslations<"officePlans">>;

/** The form's own words for it; null for a field that has none. */
function fieldOf(t: Words, [group, name, part]: string[]): string | null {
  const field = plain.find((one) => one === group);
  const limit = limits.find((one) => one === name);
  if (field) return t(field);
  if (group === "archived") return t("onSale");
  if (group === "text") return t(name === "zh" ? "text_zh" : "text_en");
  if (group === "trial") return t(name === "days" ? "trialDays" : "trialCredits");
  if (group === "entitlements" && limit) return t(`entitlement.${limit}`);
  if (group !== "prices") return null;
  if (!part) return `${t("packPrice")} · ${name?.toUpperCase()}`;
  return `${t(name === "year" ? "year" : "month")} · ${part.toUpperCase()}`;
}

/** A changed field with its values as customers would read them. */
export function useChangeWords(): (change: { path: string; before: Leaf; after: Leaf }) => Change {
  const t = useTranslations("officePlans");
  const format = useFormat();
  const nameOf = useFieldName();
  const valueText = (path: string, value: Leaf): string | null => {
    const last = path.split(".").at(-1);
    // The form asks whether it is on sale, the catalogue keeps that it is not.
    if (typeof value === "boolean") return t(value === (last === "archived") ? "no" : "yes");
    if (typeof value !== "number") return value;
    const currency = path.includes(".prices.") && currencies.find((one) => one === last);
    return currency ? format.money(value, currency) : format.integer(value);
  };
  return ({ path, before, after }) => ({
    name: nameOf(path),
    before: valueText(path, before),
    after: valueText(path, after),
  });
}
