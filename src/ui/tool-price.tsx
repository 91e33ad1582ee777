"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "#ui/use-format";

/** What a price may count; the pages have words for each. */
export type PriceUnit =
  | "run"
  | "files"
  | "images"
  | "pages"
  | "documents"
  | "megapixels"
  | "inputTokens"
  | "outputTokens"
  | "minimum"
  | "maximum";

export type UnitPrice = { kind: "exact" | "upTo"; credits: number; unit: PriceUnit | null };

/** "2 credits per page", "up to 12 credits per run". */
export function usePriceText(): (price: UnitPrice) => string {
  const t = useTranslations("tools.price");
  const format = useFormat();
  return ({ kind, credits, unit }) => {
    const amount = `${format.decimal(credits)} ${format.creditUnit(credits)}`;
    return t(kind, { credits: amount, unit: t(`unit.${unit ?? "run"}`) });
  };
}
