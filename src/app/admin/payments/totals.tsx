"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useFormat } from "#ui/use-format";
import { type Book, totalsQuery } from "./filter";

type TotalsProps = { book: Book; query: Parameters<typeof totalsQuery>[1] };

/** What the filter comes to, each currency by itself: they are never added up. */
export function Totals({ book, query }: TotalsProps) {
  const t = useTranslations("officePayments");
  const format = useFormat();
  const { data } = useQuery(totalsQuery(book, query));
  return (
    <dl aria-label={t("totals")} data-testid="totals" className="num flex min-h-12 flex-wrap gap-x-8 gap-y-2">
      {data?.data.map(({ currency, count, amountCents, refundedCents }) => (
        <div key={currency} className="grid">
          <dt className="text-12 text-text-3">{t("totalOf", { currency: currency.toUpperCase(), count })}</dt>
          <dd className="text-16 font-semibold">
            {format.money(amountCents, currency)}
            {refundedCents > 0 && (
              <span className="ml-2 text-13 font-normal text-text-2">
                {t("refundedOf", { money: format.money(refundedCents, currency) })}
              </span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
