"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { factsOf, type MetricName } from "#analytics/catalogue";
import type { MetricJson } from "#api/contract";
import { ChartCard } from "#ui/charts/chart-card";
import { ChartTable } from "#ui/charts/chart-table";
import { Skeleton } from "#ui/primitives/skeleton";
import { QueryState } from "#ui/state/query-state";
import { useFormat } from "#ui/use-format";
import { useAnalytics } from "./context";
import { useFigure } from "./figure";
import { type Chart, chartOf, isEmpty, metricCsv } from "./figures";
import { Headline } from "./headline";
import { NothingYet } from "./nothing-yet";
import { metricQuery } from "./queries";
import { Stages } from "./stages";
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
  const nameOf = useSeriesName(name, true);
  const ignored = (["plan", "country", "tool"] as const).filter(
    (filter) => range.filters[filter] && !factsOf(name).filters.includes(filter),
  );
  const { list } = useFormat();
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
            className="flex grow flex-col gap-4 transition-opacity duration-200 aria-busy:opacity-60"
          >
            {ignored.length > 0 && (
              <p className="text-12 text-hold">
                {words("ignores", {
                  filters: list(ignored.map((filter) => words(`filter.${filter}`).toLowerCase())),
                })}
              </p>
            )}
            {isEmpty(known) ? (
              <NothingYet>{t(`${name}.appears`)}</NothingYet>
            ) : (
              <Figures name={name} metric={known} view={view} currency={currency} />
            )}
            <p className="mt-auto text-12 text-text-3">
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
  const { tools } = useAnalytics();
  const nameOf = useSeriesName(name);
  const periodName = usePeriodName(metric.grain);
  const { text, figure } = useFigure(name, currency, metric);
  const { shape, stages, unit } = factsOf(name);
  const chart = chartOf(
    name,
    metric,
    {
      ...{ nameOf, otherLabel: common("other"), alone: t(`${name}.title`) },
      known: tools.map(({ slug }) => slug),
    },
    view === "table",
  );
  // The unit stands in the title; in each cell it would be in the way.
  const written = unit === "credits" ? figure : text;
  const totalLabel = shape === "sum" && !stages && chart.series.length > 1 ? common("total") : undefined;
  const before = chart.before ? { label: words("before"), amounts: chart.before } : undefined;
  return (
    <>
      <Headline name={name} metric={metric} chart={chart} text={text} />
      {view === "chart" && stages && <Stages name={name} metric={metric} />}
      {view === "chart" && !stages && (
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
            atMost={unit === "share" && name !== "netRetention" ? 1 : undefined}
            before={before}
            incomplete={chart.incomplete}
            incompleteLabel={words("incomplete")}
          />
        </div>
      )}
      {view === "table" && (
        <ChartTable
          caption={t(`${name}.title`)}
          days={chart.days}
          series={chart.series}
          dayName={(period) => periodName(period, true)}
          figure={written}
          dayLabel={words("period")}
          totalLabel={totalLabel}
          further={[
            ...comparedColumns(metric, chart, written, {
              before: words("before"),
              ofSeries: (series) => words("seriesBefore", { series }),
            }),
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

type ComparedWords = { before: string; ofSeries: (series: string) => string };

/** The period before in a table: as one column, or beside what is no number together a column each. */
function comparedColumns(
  metric: MetricJson,
  chart: Chart,
  text: (amount: number) => string,
  words: ComparedWords,
) {
  const { previous } = metric;
  if (!previous) return [];
  const written = (amount: number | null | undefined) =>
    amount === null || amount === undefined ? "—" : text(amount);
  const { before } = chart;
  if (before) {
    return [
      {
        ...{ key: "before", label: words.before },
        cell: (_: unknown, place: number) => written(before[place]),
      },
    ];
  }
  return chart.series.map(({ key, label }) => ({
    ...{ key: `before:${key}`, label: words.ofSeries(label) },
    cell: (_: unknown, place: number) => written(previous.points[place]?.values[key]),
  }));
}
