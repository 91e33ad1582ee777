"use client";

import { useQuery } from "@tanstack/react-query";
import { ChevronDown } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { BalanceJson, EntrySumsJson } from "#api/contract";
import { cn } from "#cn";
import { balanceQuery, entrySumsQuery } from "#ui/credits/queries";
import { Rolling } from "#ui/credits/rolling";
import { CreditGlyph } from "#ui/icons";
import { Card } from "#ui/primitives/card";
import { Skeleton } from "#ui/primitives/skeleton";
import { QueryState } from "#ui/state/query-state";
import { useFormat } from "#ui/use-format";
import { noFilter } from "./filter";

/** Available, on hold and in all; opened, it adds the entries up to them. */
export function BalanceStrip() {
  const t = useTranslations("credits");
  const query = useQuery(balanceQuery());
  return (
    <Card aria-label={t("strip")}>
      <QueryState query={query} failure={t("failureBalance")} skeleton={<StripSkeleton />}>
        {(balance) => (
          <>
            <Figures balance={balance} />
            <Why balance={balance} />
          </>
        )}
      </QueryState>
    </Card>
  );
}

function Figures({ balance: { available, held, total, nextExpiry } }: { balance: BalanceJson }) {
  const t = useTranslations("common.credits");
  const words = useTranslations("credits");
  const format = useFormat();
  return (
    <div className="grid grid-cols-2 gap-x-4 gap-y-4 px-4 py-4 sm:grid-cols-[auto_auto_auto_1fr] sm:gap-x-10 sm:px-5">
      <dl className="contents">
        <Figure name={t("available")} className="max-sm:col-span-2">
          <span className="flex items-center gap-2 text-24">
            <CreditGlyph className="size-5" />
            <Rolling value={available} text={format.integer(available)} />
          </span>
        </Figure>
        <Figure name={t("onHold")}>
          <span className={cn("text-24", held > 0 && "text-hold")}>
            <Rolling value={held} text={format.integer(held)} />
          </span>
        </Figure>
        <Figure name={words("inAll")}>
          <span className="text-24">
            <Rolling value={total} text={format.integer(total)} />
          </span>
        </Figure>
      </dl>
      <p className="self-end text-13 text-text-2 max-sm:col-span-2 sm:justify-self-end sm:text-right">
        {nextExpiry
          ? t("expire", { credits: format.credits(nextExpiry.credits), date: format.date(nextExpiry.at) })
          : t("noExpiry")}
      </p>
    </div>
  );
}

function Figure({ name, className, children }: { name: ReactNode; className?: string; children: ReactNode }) {
  return (
    <div className={cn("grid gap-0.5", className)}>
      <dt className="text-13 text-text-2">{name}</dt>
      <dd className="font-semibold text-text">{children}</dd>
    </div>
  );
}

/** Why the balance is what it is: the entries' sums, and that they come to it. */
function Why({ balance }: { balance: BalanceJson }) {
  const t = useTranslations("credits.why");
  const sums = useQuery(entrySumsQuery(noFilter));
  return (
    <details className="group border-t border-line">
      <summary className="flex min-h-11 list-none items-center gap-2 px-4 text-13 font-medium text-text-2 -outline-offset-2 hover:text-text sm:px-5 [&::-webkit-details-marker]:hidden">
        <ChevronDown
          aria-hidden="true"
          className="size-4 text-text-3 transition-transform duration-120 group-open:rotate-180"
          strokeWidth={1.75}
        />
        {t("title")}
      </summary>
      <div className="grid gap-4 px-4 pb-5 sm:px-5 md:grid-cols-[minmax(0,1fr)_minmax(0,320px)] md:gap-10">
        <p className="max-w-prose text-14 text-text-2">{t("text")}</p>
        <QueryState query={sums} failure={t("failure")} skeleton={<Skeleton className="h-40 w-full" />}>
          {(known) => <Addition sums={known} balance={balance} />}
        </QueryState>
      </div>
    </details>
  );
}

function Addition({ sums, balance }: { sums: EntrySumsJson; balance: BalanceJson }) {
  const t = useTranslations("credits.why");
  const format = useFormat();
  // What has expired but is not booked yet is in the entries and no longer in the balance.
  const due = balance.total - sums.net;
  const lines = [
    { name: t("issued"), credits: sums.issued, shown: true },
    { name: t("consumed"), credits: sums.consumed, shown: true },
    { name: t("expired"), credits: sums.expired, shown: sums.expired !== 0 },
    { name: t("reversed"), credits: sums.reversed, shown: sums.reversed !== 0 },
    { name: t("due"), credits: due, shown: due !== 0 },
  ];
  return (
    <div className="num grid gap-1.5 text-14" data-testid="why">
      {lines
        .filter(({ shown }) => shown)
        .map(({ name, credits }) => (
          <p key={name} className="flex justify-between gap-6 text-text-2">
            {name}
            <span className="text-text">{format.signed(credits)}</span>
          </p>
        ))}
      <p className="flex justify-between gap-6 border-t border-line pt-1.5 font-medium text-text">
        {t("sum")}
        <span data-testid="why-sum">{format.integer(sums.net + due)}</span>
      </p>
      <p className="text-13 text-text-2" data-testid="why-equation">
        {t("equation", {
          available: format.integer(balance.available),
          held: format.integer(balance.held),
          total: format.integer(balance.total),
        })}
      </p>
    </div>
  );
}

function StripSkeleton() {
  return (
    <>
      <div className="flex h-22 items-center gap-10 px-4 sm:px-5">
        <Skeleton className="h-12 w-28" />
        <Skeleton className="h-12 w-16" />
        <Skeleton className="h-12 w-20" />
      </div>
      <div className="flex h-11 items-center border-t border-line px-4 sm:px-5">
        <Skeleton className="h-4 w-44" />
      </div>
    </>
  );
}
