"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "#ui/use-format";
import { choices } from "./segment-filter";

/** A segment's filter, as the API keeps it, in words. */
export function SegmentWords({ filter }: { filter: Readonly<Record<string, string>> }) {
  const words = useSegmentWords();
  return <span className="break-words">{words(filter)}</span>;
}

/** Puts a segment's filter into one line. */
export function useSegmentWords(): (filter: Readonly<Record<string, string>>) => string {
  const t = useTranslations("office.customers");
  const list = useTranslations("officeCustomers.list");
  const plans = useTranslations("pricing.plan");
  const views = useTranslations("officeCustomers.views");
  const format = useFormat();
  return ({ query, plan, status, flag, verified, paid, balanceBelow, from, to }) => {
    const known = {
      plan: choices.plan.find((one) => one === plan),
      status: choices.status.find((one) => one === status),
      flag: choices.flag.find((one) => one === flag),
    };
    const parts = [
      query && `“${query}”`,
      known.plan && plans(known.plan),
      known.status && `${list("statusLabel")}: ${list(`status.${known.status}`)}`,
      known.flag && list(`flags.${known.flag}`),
      verified && `${t("verified")}: ${t(verified === "yes" ? "verifiedYes" : "verifiedNo")}`,
      paid && list(paid === "yes" ? "paidYes" : "paidNo"),
      balanceBelow && `${list("below")} ${format.integer(Number(balanceBelow))}`,
      from && `${t("from")} ${format.date(from)}`,
      to && `${t("to")} ${format.dateTime(to)}`,
    ].filter((part): part is string => Boolean(part));
    return parts.length === 0 ? views("all") : parts.join(" · ");
  };
}
