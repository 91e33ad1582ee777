"use client";

import { Clock4 } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { BalanceJson } from "#api/contract";
import { cn } from "#cn";
import { CreditGlyph } from "#ui/icons";
import { Skeleton } from "#ui/primitives/skeleton";
import { useFormat } from "#ui/use-format";
import { LotMark, LotsBar } from "./lots-bar";
import { Rolling } from "./rolling";

const shownLots = 3;

/** What can be spent, what is on hold, what expires next, and the lots it all lies in. */
export function BalanceFigures({ balance, more }: { balance: BalanceJson; more?: ReactNode }) {
  const t = useTranslations("common.credits");
  const format = useFormat();
  const { available, held, nextExpiry, lots } = balance;
  const rest = lots.slice(shownLots);
  return (
    <div className="grid gap-4">
      <div className="grid gap-1">
        <p className="text-13 text-text-2">{t("available")}</p>
        <p className="flex items-center gap-2.5 text-40 font-semibold">
          <CreditGlyph className="size-7" />
          <Rolling value={available} text={format.integer(available)} />
          <span className="self-end pb-1 text-14 font-normal text-text-3">
            {format.creditUnit(available)}
          </span>
        </p>
        <p className={cn("flex min-h-5 items-center gap-2 text-13", held > 0 ? "text-hold" : "text-text-3")}>
          <span
            aria-hidden="true"
            className={cn("size-2.5 rounded-[3px]", held > 0 ? "hatched" : "bg-line")}
          />
          <span>
            {t("onHold")} <span className="num font-medium">{format.credits(held)}</span>
          </span>
        </p>
      </div>
      <LotsBar lots={lots} />
      {lots.length > 0 && (
        <ul className="grid gap-1.5">
          {lots.slice(0, shownLots).map((lot, place) => (
            <li key={lot.grantId} className="flex items-center gap-2 text-13">
              <LotMark place={place} />
              <span className="min-w-0 grow truncate text-text-2">
                {t(`source.${lot.source}`)}
                <span className="text-text-3">
                  {" · "}
                  {lot.expiresAt ? t("expires", { date: format.date(lot.expiresAt) }) : t("never")}
                </span>
              </span>
              <span className="num whitespace-nowrap text-text">
                {format.integer(lot.remaining)}
                <span className="text-text-3"> / {format.integer(lot.credits)}</span>
              </span>
            </li>
          ))}
          {rest.length > 0 && (
            <li className="flex items-center gap-2 text-13 text-text-3">
              <LotMark place={shownLots} />
              <span className="grow">{t("moreLots", { count: rest.length })}</span>
              <span className="num">
                {format.integer(rest.reduce((sum, { remaining }) => sum + remaining, 0))}
              </span>
            </li>
          )}
        </ul>
      )}
      <p className="flex items-start gap-2 text-13 text-text-2">
        <Clock4 aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-text-3" strokeWidth={1.75} />
        {nextExpiry
          ? t("expire", { credits: format.credits(nextExpiry.credits), date: format.date(nextExpiry.at) })
          : t("noExpiry")}
      </p>
      {more}
    </div>
  );
}

/** The figures' shape while they load. */
export function BalanceSkeleton() {
  return (
    <div className="grid gap-4">
      <div className="grid gap-1">
        <Skeleton className="h-5 w-16" />
        <Skeleton className="h-11 w-40" />
        <Skeleton className="h-5 w-28" />
      </div>
      <Skeleton className="h-2 w-full rounded-full" />
      <Skeleton className="h-5 w-full" />
      <Skeleton className="h-5 w-48" />
    </div>
  );
}
