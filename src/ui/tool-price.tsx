"use client";

import { useTranslations } from "next-intl";
import { typeLabel } from "#ui/files/media-types";
import { useFormat } from "#ui/use-format";

/** What a price may count; the pages have words for each. */
type PriceUnit =
  | "run"
  | "files"
  | "images"
  | "pages"
  | "documents"
  | "megapixels"
  | "seconds"
  | "characters"
  | "inputTokens"
  | "outputTokens"
  | "minimum"
  | "maximum";

type UnitPrice = {
  kind: "exact" | "upTo";
  credits: number;
  unit: PriceUnit | null;
  /** What a run costs at least. */
  least: number | null;
};

/** With the prices of the files that cost otherwise, each by its media types. */
export type UnitPrices = UnitPrice & {
  types: readonly string[];
  others: readonly (UnitPrice & { types: readonly string[] })[];
};

/** "2 credits per image", "up to 12 credits per run", "…, at least 2 credits"; a line for each where files cost differently: "PDF: 1 credit per page". */
function usePriceLines(): (price: UnitPrices) => string[] {
  const t = useTranslations("tools.price");
  const format = useFormat();
  const one = ({ kind, credits, unit, least }: UnitPrice) => {
    const amount = `${format.decimal(credits)} ${format.creditUnit(credits)}`;
    const price = t(kind, { credits: amount, unit: t(`unit.${unit ?? "run"}`) });
    return least === null ? price : t("atLeast", { price, least: format.credits(least) });
  };
  return (price) => {
    if (price.others.length === 0) return [one(price)];
    const ofTypes = (each: UnitPrice & { types: readonly string[] }) =>
      t("ofTypes", { types: each.types.map(typeLabel).join(t("and")), price: one(each) });
    return [price, ...price.others].map(ofTypes);
  };
}

/** What a tool costs, each price in a line of its own. */
export function UnitPriceLines({ price }: { price: UnitPrices }) {
  const lines = usePriceLines();
  return lines(price).map((line) => (
    <span key={line} className="block">
      {line}
    </span>
  ));
}
