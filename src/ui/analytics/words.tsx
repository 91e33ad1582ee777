"use client";

import { useLocale, useTranslations } from "next-intl";
import { useMemo } from "react";
import type { FilterName, Grain } from "#analytics/catalogue";
import { formats } from "#format";
import { intlLocales } from "#i18n/locale";
import { useFormat } from "#ui/use-format";
import { useAnalytics } from "./context";

/** Names a filter's value: a plan, a currency, a country, a tool. */
export function useValueName(): (filter: FilterName, value: string) => string {
  const nameOf = useSeriesName();
  const locale = useLocale();
  const countries = useMemo(() => new Intl.DisplayNames([intlLocales[locale]], { type: "region" }), [locale]);
  return (filter, value) => {
    if (filter === "currency") return value.toUpperCase();
    if (filter === "country" && /^[A-Z]{2}$/.test(value)) return countries.of(value) ?? value;
    return nameOf(value);
  };
}

/** Names one of a metric's series; sources, and what else we have no word for, name themselves. */
export function useSeriesName(): (series: string) => string {
  const t = useTranslations("officeAnalytics.series");
  const { tools } = useAnalytics();
  return (series) => {
    const known = named.find((name) => name === series);
    return known ? t(known) : (tools.find(({ slug }) => slug === series)?.name ?? series);
  };
}

const named = [
  ...(["all", "unknown", "none", "pro", "premium", "enterprise"] as const),
  ...(["new", "expansion", "contraction", "churn", "reactivation", "transfer"] as const),
  ...([
    "other",
    "free",
    "welcome",
    "planCredits",
    "promo",
    "referralCredits",
    "adjustment",
    "noModel",
  ] as const),
  ...(["subscription", "pack", "top_up", "failed", "recovered"] as const),
  ...(["visit", "signup", "verified", "firstRun", "outOfCredits", "paid"] as const),
  ...(["web", "api", "worker", "payments", "mail", "pages"] as const),
  ...(["key_created", "code_redeemed", "plan_changed", "plan_cancelled", "card_changed"] as const),
  ...(["top_up_changed", "runs_exported", "entries_exported", "result_downloaded"] as const),
  ...(["daily", "weekly", "monthly", "direct", "referral"] as const),
];

/** Names periods: a day, the week from a Monday on, a month. They are dates without a zone, so they are read in UTC. */
export function usePeriodName(grain: Grain): (period: string, long: boolean) => string {
  const { locale } = useFormat();
  const t = useTranslations("officeAnalytics");
  const { date, shortDate, month } = useMemo(() => formats({ locale, timeZone: "UTC" }), [locale]);
  return (period, long) => {
    if (grain === "month") return month(period.slice(0, 7));
    const noon = `${period}T12:00:00Z`;
    if (!long) return shortDate(noon);
    return grain === "week" ? t("weekOf", { day: date(noon) }) : date(noon);
  };
}
