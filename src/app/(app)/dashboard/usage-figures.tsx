"use client";

import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { formats } from "#format";
import type { ChartView } from "#ui/charts/chart-card";
import { ChartTable } from "#ui/charts/chart-table";
import { SeriesMark } from "#ui/charts/series";
import { Skeleton } from "#ui/primitives/skeleton";
import { useFormat } from "#ui/use-format";
import type { stackUsage } from "./usage";

/** Recharts is large: it comes when there is something to draw. */
const TimeSeries = dynamic(() => import("#ui/charts/time-series").then((module) => module.TimeSeries), {
  ssr: false,
  loading: () => <Skeleton className="size-full" />,
});

type UsageFiguresProps = {
  stack: ReturnType<typeof stackUsage>;
  /** How many days. */
  count: number;
  view: ChartView;
};

/** The sum, what each tool had of it, and the days as bars or as a table. */
export function UsageFigures({ stack: { days, series, total }, count, view }: UsageFiguresProps) {
  const t = useTranslations("dashboard.usage");
  const common = useTranslations("common");
  const format = useFormat();
  const dayName = useDayName();
  const summary = t("total", { credits: format.credits(total), days: count });
  return (
    <div className="grid gap-4">
      <div className="grid gap-1.5 text-13 text-text-2">
        <p className="font-medium text-text">{summary}</p>
        <ul className="flex min-h-5 flex-wrap items-center gap-x-4 gap-y-1">
          {series.map(({ key, label, hue }) => (
            <li key={key} className="inline-flex items-center gap-1.5">
              <SeriesMark hue={hue} />
              {label}
              <span className="num text-text-3">
                {format.integer(days.reduce((sum, day) => sum + (day.amounts[key] ?? 0), 0))}
              </span>
            </li>
          ))}
        </ul>
      </div>
      {total === 0 && <NothingUsed days={count} />}
      {total > 0 && view === "table" && (
        <ChartTable
          caption={summary}
          days={days}
          series={series}
          dayName={(day) => dayName(day, true)}
          figure={format.integer}
          dayLabel={t("day")}
          totalLabel={common("total")}
          className="h-60"
        />
      )}
      {total > 0 && view === "chart" && (
        <div className="h-60">
          <TimeSeries
            label={t("chartLabel", { days: count, credits: format.credits(total) })}
            days={days}
            series={series}
            dayName={dayName}
            amountText={format.credits}
            figure={format.integer}
            totalLabel={common("total")}
          />
        </div>
      )}
    </div>
  );
}

/** Names days. A day is a date without a zone, so it is read in UTC, where it is the same date. */
function useDayName(): (day: string, long: boolean) => string {
  const { locale } = useFormat();
  return useMemo(() => {
    const { date, shortDate } = formats({ locale, timeZone: "UTC" });
    return (day, long) => (long ? date(`${day}T12:00:00Z`) : shortDate(`${day}T12:00:00Z`));
  }, [locale]);
}

const sampleHeights = [18, 34, 12, 52, 40, 8, 26, 64, 30, 46, 20, 58] as const;

/** Pale bars where the first ones will stand. */
function NothingUsed({ days }: { days: number }) {
  const t = useTranslations("dashboard.usage");
  return (
    <div className="relative grid h-60 place-items-start justify-items-center pt-4">
      <div
        aria-hidden="true"
        className="absolute inset-0 flex items-end gap-2 border-b border-line opacity-50"
      >
        {sampleHeights.map((height) => (
          <span key={height} className="grow rounded-t-[3px] bg-line" style={{ height: `${height}%` }} />
        ))}
      </div>
      <div className="relative grid gap-1 text-center">
        <p className="text-14 font-semibold text-text">{t("empty", { days })}</p>
        <p className="text-13 text-text-2">{t("emptyText")}</p>
      </div>
    </div>
  );
}

/** The figures' shape while they load. */
export function UsageSkeleton() {
  return (
    <div className="grid gap-4">
      <div className="grid gap-1.5">
        <Skeleton className="h-5 w-44" />
        <Skeleton className="h-5 w-72 max-w-full" />
      </div>
      <Skeleton className="h-60 w-full" />
    </div>
  );
}
