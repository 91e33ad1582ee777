"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useId } from "react";
import { factsOf, type MetricName } from "#analytics/catalogue";
import type { MetricJson } from "#api/contract";
import { ChartCard } from "#ui/charts/chart-card";
import { ChartTable } from "#ui/charts/chart-table";
import { Skeleton } from "#ui/primitives/skeleton";
import { QueryState } from "#ui/state/query-state";
import { useAnalytics } from "./context";
import { useFigure } from "./figure";
import { chartOf, isEmpty, metricCsv } from "./figures";
import { Headline } from "./headline";
import { NothingYet } from "./nothing-yet";
import { metricQuery } from "./queries";
import { usePeriodName, useSeriesName } from "./words";

/** Recharts is large: it comes when there is something to draw. */
const TimeSeries = dynamic(() => import("#ui/charts/time-series").then((module) => module.TimeSeries), {
  ssr: false,
  loading: () => <Skeleton className="size-full" />,
});

type MetricCardProps = {
  name: MetricName;
  /** The currency its money is in. */
  currency?: string | undefined;
};

/** A metric: what it is, how it is reckoned, its figures as picture, table and CSV. */
export function MetricCard({ name, currency }: MetricCardProps) {
  const t = useTranslations("officeMetrics");
  const words = useTranslations("officeAnalytics");
  const { range } = useAnalytics();
  const filters = currency ? { ...range.filters, currency } : range.filters;
  const query = useQuery(metricQuery(name, { ...range, filters }));
  const [view, setView] = useQueryState(
    `${name}View`,
    parseAsStringLiteral(["chart", "table"] as const)
      .withDefault("chart")
      .withOptions({ history: "push" }),
  );
  const nameOf = useSeriesName();
  const ignored = (["plan", "country", "tool"] as const).filter(
    (filter) => range.filters[filter] && !factsOf(name).filters.includes(filter),
  );
  const metric = query.data;
  return (
    <ChartCard
      title={t(`${name}.title`)}
      hint={t(`${name}.definition`)}
      view={view}
      onViewChange={(next) => void setView(next)}
      csv={
        metric && !isEmpty(metric)
          ? {
              text: () =>
                metricCsv(name, metric, {
                  ...{ period: words("period"), previous: words("before"), cases: words("casesHead") },
                  ...{ currency, nameOf },
                }),
              fileName: `${name}-${metric.first}-${metric.last}.csv`,
            }
          : null
      }
    >
      <QueryState query={query} failure={words("failureOf")} skeleton={<Skeleton className="h-72 w-full" />}>
        {(known) => (
          <div
            aria-busy={query.isPlaceholderData}
            className="grid gap-4 transition-opacity duration-200 aria-busy:opacity-60"
          >
            {ignored.length > 0 && (
              <p className="text-12 text-hold">
                {words("ignores", { filter: words(`filter.${ignored[0] ?? "plan"}`) })}
              </p>
            )}
            {isEmpty(known) ? (
              <NothingYet>{t(`${name}.appears`)}</NothingYet>
            ) : (
              <Figures name={name} metric={known} view={view} currency={currency} />
            )}
            <p className="text-12 text-text-3">
              <span className="font-medium">{words("formula")}</span> {t(`${name}.formula`)}
            </p>
          </div>
        )}
      </QueryState>
    </ChartCard>
  );
}

type FiguresProps = {
  name: MetricName;
  metric: MetricJson;
  view: "chart" | "table";
  currency: string | undefined;
};

function Figures({ name, metric, view, currency }: FiguresProps) {
  const t = useTranslations("officeMetrics");
  const words = useTranslations("officeAnalytics");
  const common = useTranslations("common");
  const labelId = useId();
  const nameOf = useSeriesName();
  const periodName = usePeriodName(metric.grain);
  const { text, figure } = useFigure(name, currency);
  const { shape, stages } = factsOf(name);
  const chart = chartOf(metric, shape, nameOf, common("other"), t(`${name}.title`));
  const totalLabel = shape === "sum" && !stages && chart.series.length > 1 ? common("total") : undefined;
  const before = chart.before ? { label: words("before"), amounts: chart.before } : undefined;
  return (
    <>
      <Headline name={name} metric={metric} chart={chart} currency={currency} id={labelId} />
      {view === "chart" ? (
        <div className="h-60">
          <TimeSeries
            label={`${t(`${name}.title`)}. ${t(`${name}.definition`)}`}
            days={chart.days}
            series={chart.series}
            dayName={periodName}
            amountText={text}
            figure={figure}
            totalLabel={totalLabel}
            shape={shape === "sum" ? "bars" : "lines"}
            before={before}
            incomplete={chart.incomplete}
            incompleteLabel={words("incomplete")}
          />
        </div>
      ) : (
        <ChartTable
          caption={t(`${name}.title`)}
          days={chart.days}
          series={chart.series}
          dayName={(period) => periodName(period, true)}
          figure={text}
          dayLabel={words("period")}
          totalLabel={totalLabel}
          further={[
            ...(before
              ? [
                  {
                    ...{ key: "before", label: before.label },
                    cell: (_: unknown, place: number) => {
                      const amount = before.amounts[place];
                      return amount === null || amount === undefined ? "—" : text(amount);
                    },
                  },
                ]
              : []),
            ...(metric.cases === null
              ? []
              : [
                  {
                    ...{ key: "cases", label: words("casesHead") },
                    cell: (_: unknown, place: number) => `${metric.points[place]?.cases ?? 0}`,
                  },
                ]),
          ]}
          className="max-h-80"
        />
      )}
    </>
  );
}
