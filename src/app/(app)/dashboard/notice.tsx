"use client";

import { useQuery } from "@tanstack/react-query";
import { Hourglass, Info } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { balanceQuery } from "#ui/credits/queries";
import { useMinute } from "#ui/state/states";
import { useFormat } from "#ui/use-format";
import { noticeOf } from "./balance-notice";

/**
 * The one thing worth a line about the balance: that it is used up, nearly used up, or about to expire.
 * An unconfirmed mail address has its own line above every page, and then this one is left out.
 */
export function BalanceNotice() {
  const t = useTranslations("dashboard.notice");
  const format = useFormat();
  const now = useMinute();
  const { data: balance } = useQuery(balanceQuery());
  const notice = balance && now && noticeOf(balance, now);
  if (!notice) return null;
  const words = {
    empty: () => ({ text: t("empty"), action: t("lowAction"), href: "/pricing" }),
    low: () => ({
      text: t("low", {
        percent: format.percent(notice.used),
        credits: format.credits(notice.credits),
      }),
      action: t("lowAction"),
      href: "/pricing",
    }),
    expiring: () => ({
      text: t("expiring", {
        credits: format.credits(notice.credits),
        date: format.date(notice.at ?? now),
      }),
      action: t("expiringAction"),
      href: "/credits?tab=lots",
    }),
  };
  const { text, action, href } = words[notice.kind]();
  const Icon = notice.kind === "expiring" ? Hourglass : Info;
  return (
    <aside
      aria-label={t("label")}
      className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-card border border-line bg-surface px-4 py-3 text-14 text-text sm:px-5"
    >
      <Icon aria-hidden="true" className="size-4 shrink-0 text-text-2" strokeWidth={1.75} />
      <p className="min-w-0 flex-1">{text}</p>
      <Link href={href} className="font-medium underline decoration-line-strong underline-offset-3">
        {action}
      </Link>
    </aside>
  );
}
