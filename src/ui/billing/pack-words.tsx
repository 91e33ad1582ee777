"use client";

import { useTranslations } from "next-intl";
import type { Currency, Pack } from "#billing/catalogue";
import { useFormat } from "#ui/use-format";

/** "Buy 500 credits for $9". */
export function usePackWords(): (pack: Pack, currency: Currency) => string {
  const t = useTranslations("pricing");
  const format = useFormat();
  return ({ credits, bonus, prices }, currency) =>
    t("buyPack", {
      credits: format.credits(credits + bonus),
      money: format.money(prices[currency], currency),
    });
}
