"use client";

import { useTranslations } from "next-intl";
import { CreditGlyph } from "#ui/icons";
import { UnitPriceLines, type UnitPrices } from "#ui/tool-price";

/** A tool's price with the glyph: "2 credits per page". */
export function PriceText({ price }: { price: UnitPrices | null }) {
  const t = useTranslations("common.credits");
  if (!price) return "—";
  const isFree = [price, ...price.others].every(({ credits }) => credits === 0);
  return (
    <span className="num inline-flex items-center gap-1.5">
      <CreditGlyph className="mt-0.5 self-start" />
      <span>{isFree ? t("free") : <UnitPriceLines price={price} />}</span>
    </span>
  );
}
