"use client";

import { useTranslations } from "next-intl";
import { factsOf, fewCases, type MetricName } from "#analytics/catalogue";
import type { MetricJson } from "#api/contract";
import { SeriesMark } from "#ui/charts/series";
import { useFormat } from "#ui/use-format";
import { useFigure } from "./figure";
import { type Chart, together } from "./figures";

type HeadlineProps = {
  name: MetricName;
  metric: MetricJson;
  chart: Chart;
  currency: string | undefined;
  id: string;
};

/** What all periods come to, against the ones before; the series by name; what the figures cannot say. */
export function Headline({ name, metric, chart, currency, id }: HeadlineProps) {
  const t = useTranslations("officeAnalytics");
  const format = useFormat();
  const { text } = useFigure(name, currency);
  const { shape, stages } = factsOf(name);
  const now = stages ? null : together(metric.total, shape);
  const then = metric.previous && together(metric.previous.total, shape);
  const open = chart.incomplete.size > 0;
  return (
    <div className="grid gap-1.5 text-13 text-text-2" id={id}>
      <p className="flex flex-wrap items-baseline gap-x-3">
        {now !== null && (
          <span className="num text-24 font-semibold text-text" data-testid={`metric-${name}`}>
            {text(now)}
          </span>
        )}
        {then !== null && now !== null && (
          <span className="num">
            {t("against", {
              before: text(then),
              change: then === 0 ? "—" : `${now >= then ? "+" : ""}${format.share(now / then - 1)}`,
            })}
          </span>
        )}
        {metric.cases !== null && (
          <span className="num text-text-3">{t("cases", { count: metric.cases })}</span>
        )}
      </p>
      {metric.cases !== null && metric.cases < fewCases && (
        <p className="text-12 text-hold">{t("tooFew", { few: fewCases })}</p>
      )}
      <ul className="flex min-h-5 flex-wrap items-center gap-x-4 gap-y-1">
        {chart.series.length > 1 &&
          chart.series.map(({ key, label, hue }) => (
            <li key={key} className="inline-flex items-center gap-1.5">
              <SeriesMark hue={hue} />
              {label}
              <SeriesTotal metric={metric} chart={chart} series={key} shape={shape} text={text} />
            </li>
          ))}
        {(chart.before || open) && (
          <li className="inline-flex items-center gap-1.5 text-text-3">
            <span aria-hidden="true" className="w-4 border-t-2 border-dashed border-text-3" />
            {chart.before && open ? t("legend.both") : chart.before ? t("before") : t("incomplete")}
          </li>
        )}
      </ul>
    </div>
  );
}

type SeriesTotalProps = {
  metric: MetricJson;
  chart: Chart;
  series: string;
  shape: "sum" | "level" | "rate";
  text: (amount: number) => string;
};

function SeriesTotal({ metric, chart, series, shape, text }: SeriesTotalProps) {
  // "Others" of a picture are more than those of the figures.
  const total =
    shape === "sum"
      ? chart.days.reduce((sum, { amounts }) => sum + (amounts[series] ?? 0), 0)
      : (metric.total[series] ?? null);
  return total === null ? null : <span className="num text-text-3">{text(total)}</span>;
}
