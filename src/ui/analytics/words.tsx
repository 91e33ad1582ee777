"use client";

import { useLocale, useTranslations } from "next-intl";
import { useMemo } from "react";
import { type FilterName, factsOf, type Grain, type MetricName } from "#analytics/catalogue";
import { formats } from "#format";
import { intlLocales } from "#i18n/locale";
import { useFormat } from "#ui/use-format";
import { useAnalytics } from "./context";

/** Names a filter's value: a plan, a currency, a country, a tool. */
export function useValueName(): (filter: FilterName, value: string) => string {
  const wordOf = useWord();
  const countryOf = useCountryName();
  return (filter, value) => {
    if (filter === "currency") return value.toUpperCase();
    return (filter === "country" && countryOf(value)) || wordOf(value);
  };
}

/**
 * Names one of a metric's series; sources, and what else we have no word for, name themselves.
 * @param inFull ids stand unshortened, for a file
 */
export function useSeriesName(metric: MetricName, inFull = false): (series: string) => string {
  const wordOf = useWord();
  const countryOf = useCountryName();
  const { ofCountries, ofUsers } = factsOf(metric);
  return (series) => {
    if (ofUsers && !inFull && series.length > 14) return `${series.slice(0, 8)}…${series.slice(-4)}`;
    return (ofCountries && countryOf(series)) || wordOf(series);
  };
}

function useCountryName(): (code: string) => string | null {
  const locale = useLocale();
  const countries = useMemo(() => new Intl.DisplayNames([intlLocales[locale]], { type: "region" }), [locale]);
  return (code) => (/^[A-Z]{2}$/.test(code) ? (countries.of(code) ?? code) : null);
}

function useWord(): (name: string) => string {
  const t = useTranslations("officeAnalytics.series");
  const { tools } = useAnalytics();
  return (name) => {
    const known = named.find((one) => one === name);
    return known ? t(known) : (tools.find(({ slug }) => slug === name)?.name ?? name);
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
