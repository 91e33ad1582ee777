"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { TodayJson } from "#api/contract";
import { cn } from "#cn";
import type { Formats } from "#format";
import type { Right } from "#identity";
import { Skeleton } from "#ui/primitives/skeleton";
import { QueryState } from "#ui/state/query-state";
import { useFormat } from "#ui/use-format";
import { type FigureName, figureLinks } from "./overview-links";
import { type Figure, figuresOf } from "./today";

/** Today's figures, each beside what it was a week ago at this hour, and a link to what is behind it. */
export function TodayFigures({ query, may }: { query: UseQueryResult<TodayJson>; may: readonly Right[] }) {
  const t = useTranslations("officeOverview.today");
  const format = useFormat();
  const { data } = query;
  const day = data && weekdayOf(data.before.from, format);
  return (
    <section aria-labelledby="today" aria-busy={query.isFetching}>
      <div className="flex flex-wrap items-baseline gap-x-3 pb-3">
        <h2 id="today" className="text-14 font-semibold text-text">
          {t("title")}
        </h2>
        {data && day && (
          <p className="num text-13 text-text-3">
            {t("hint", { time: format.hour(data.today.to), day, zone: format.timeZone })}
          </p>
        )}
      </div>
      <QueryState query={query} failure={t("failure")} skeleton={<FiguresSkeleton />}>
        {(today) => (
          <ul className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-4">
            {figuresOf(today, format).map((figure) => (
              <FigureCard
                key={figure.name}
                figure={figure}
                day={day ?? ""}
                href={hrefOf(figure.name, today, format.timeZone, may)}
              />
            ))}
          </ul>
        )}
      </QueryState>
    </section>
  );
}

function FigureCard({ figure, day, href }: { figure: Figure; day: string; href: string | null }) {
  const t = useTranslations("officeOverview.today");
  const { name, known } = figure;
  const aside = () => {
    if (!known) return null;
    if (known.waiting !== undefined) return t("waiting", { count: known.waiting });
    return known.before === null ? t("nowOnly") : t("then", { value: known.before, day });
  };
  return (
    <li className="h-full" data-testid={`figure-${name}`}>
      <Sheet href={href}>
        <span className="text-13 text-text-2">{t(`name.${name}`)}</span>
        {known ? (
          <Value value={known.value ?? t("none")} />
        ) : (
          <span className="text-13 text-danger">{t("unknown")}</span>
        )}
        <span className="num text-12 text-text-3">{aside()}</span>
      </Sheet>
    </li>
  );
}

function Value({ value }: { value: string | readonly string[] }) {
  if (typeof value === "string") {
    return <span className="num text-20 font-semibold break-words text-text">{value}</span>;
  }
  return (
    <span
      className={cn(
        "num flex flex-wrap gap-x-3 font-semibold text-text *:whitespace-nowrap",
        value.length > 2 ? "text-14" : "text-20",
      )}
    >
      {value.map((amount) => (
        <span key={amount}>{amount}</span>
      ))}
    </span>
  );
}

const sheet = "grid h-full content-start gap-1 rounded-card border border-line bg-surface px-4 py-3";

function Sheet({ href, children }: { href: string | null; children: ReactNode }) {
  if (!href) return <div className={sheet}>{children}</div>;
  return (
    <Link href={href} className={`${sheet} transition-colors duration-120 hover:border-line-strong`}>
      {children}
    </Link>
  );
}

function hrefOf(name: FigureName, { today }: TodayJson, timeZone: string, may: readonly Right[]) {
  const link = figureLinks[name];
  return link && may.includes(link.right) ? link.href(today, timeZone) : null;
}

/** "Fri 20 Nov", "11月20日周五". */
function weekdayOf(at: string, { locale, timeZone, shortDate }: Formats): string {
  const weekday = new Intl.DateTimeFormat(locale, { timeZone, weekday: "short" }).format(new Date(at));
  return locale === "zh" ? `${shortDate(at)}${weekday}` : `${weekday} ${shortDate(at)}`;
}

function FiguresSkeleton() {
  return (
    <div aria-hidden="true" className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-4">
      {[0, 1, 2, 3, 4, 5, 6, 7].map((position) => (
        <Skeleton key={position} className="h-24 rounded-card" />
      ))}
    </div>
  );
}
