"use client";

import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ChartCard, type ChartView } from "#ui/charts/chart-card";
import { ChartTable } from "#ui/charts/chart-table";
import { chartCsv } from "#ui/charts/csv";
import { type DayAmounts, type Series, SeriesMark } from "#ui/charts/series";
import { Skeleton } from "#ui/primitives/skeleton";

/** Recharts is large: it comes when there is something to draw. */
const TimeSeries = dynamic(() => import("#ui/charts/time-series").then((module) => module.TimeSeries), {
  ssr: false,
  loading: () => <Skeleton className="size-full" />,
});

type Amounts = { days: DayAmounts[]; series: Series[]; total: number };

type MonthlyChartProps = {
  title: string;
  /** The unit and the zone its months are counted in. */
  hint: string;
  /** What is drawn. A day's key is a month, or a name that `monthName` knows. */
  picture: Amounts;
  /** The same in full, for the table and the CSV. */
  figures: Amounts;
  /** In one sentence, what it comes to. */
  summary: string;
  monthName: (month: string) => string;
  amountText: (amount: number) => string;
  figure: (amount: number) => string;
  view: ChartView;
  onViewChange: (view: ChartView) => void;
  fileName: string;
  controls?: ReactNode;
  /** Said where there is nothing yet. */
  empty: string;
  /** A table of its own, in place of the sums by series. */
  table?: ReactNode;
  csv?: () => string;
};

/** Amounts by month as bars, as a table and as CSV. */
export function MonthlyChart({
  title,
  hint,
  picture,
  figures,
  summary,
  monthName,
  amountText,
  figure,
  view,
  onViewChange,
  fileName,
  controls,
  empty,
  table,
  csv,
}: MonthlyChartProps) {
  const common = useTranslations("common");
  const heads = { day: common("data.month"), total: common("total") };
  const nothing = figures.days.length === 0;
  const text = csv ?? (() => chartCsv(figures.days, figures.series, heads));
  return (
    <ChartCard
      title={title}
      hint={hint}
      view={view}
      onViewChange={onViewChange}
      csv={nothing ? null : { text, fileName }}
      controls={controls}
    >
      {nothing ? (
        <p className="grid h-40 place-items-center text-center text-13 text-text-2">{empty}</p>
      ) : (
        <div className="grid gap-4">
          <div className="grid gap-1.5 text-13 text-text-2">
            <p className="font-medium text-text">{summary}</p>
            {picture.series.length > 1 && <Legend picture={picture} figure={figure} />}
          </div>
          {view === "chart" && (
            <div className="h-60">
              <TimeSeries
                label={`${title}. ${summary}`}
                days={picture.days}
                series={picture.series}
                dayName={monthName}
                amountText={amountText}
                figure={figure}
                totalLabel={common("total")}
              />
            </div>
          )}
          {view === "table" &&
            (table ?? (
              <ChartTable
                caption={title}
                days={figures.days}
                series={figures.series}
                dayName={monthName}
                figure={figure}
                dayLabel={heads.day}
                totalLabel={heads.total}
                className="max-h-80"
              />
            ))}
        </div>
      )}
    </ChartCard>
  );
}

function Legend({ picture: { days, series }, figure }: Pick<MonthlyChartProps, "picture" | "figure">) {
  return (
    <ul className="flex min-h-5 flex-wrap items-center gap-x-4 gap-y-1">
      {series.map(({ key, label, hue }) => (
        <li key={key} className="inline-flex items-center gap-1.5">
          <SeriesMark hue={hue} />
          {label}
          <span className="num text-text-3">
            {figure(days.reduce((sum, day) => sum + (day.amounts[key] ?? 0), 0))}
          </span>
        </li>
      ))}
    </ul>
  );
}
