"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { factsOf, fewCases, type MetricName } from "#analytics/catalogue";
import type { MetricJson } from "#api/contract";
import { SeriesMark } from "#ui/charts/series";
import { useFormat } from "#ui/use-format";
import { useAnalytics } from "./context";
import type { Figure } from "./figure";
import { type Chart, together } from "./figures";

type HeadlineProps = {
  name: MetricName;
  metric: MetricJson;
  chart: Chart;
  text: Figure["text"];
};

/** What all periods come to, against the ones before; the series by name; what the figures cannot say. */
export function Headline({ name, metric, chart, text }: HeadlineProps) {
  const t = useTranslations("officeAnalytics");
  const format = useFormat();
  const { shape, stages, perPeriod } = factsOf(name);
  const now = stages ? null : together(metric.total, shape);
  const then = stages ? null : metric.previous && together(metric.previous.total, shape);
  return (
    <div className="grid gap-1.5 text-13 text-text-2">
      <p className="flex flex-wrap items-baseline gap-x-3 empty:hidden">
        {now !== null && (
          <span className="num text-24 font-semibold text-text" data-testid={`metric-${name}`}>
            {text(now)}
          </span>
        )}
        {now !== null && perPeriod && metric.points.length > 1 && <span>{t(`average.${metric.grain}`)}</span>}
        {then !== null && now !== null && (
          <span className="num">
            {t("against", {
              before: text(then),
              // From nothing, or over zero, a change is no part of anything.
              change: then <= 0 || now < 0 ? "—" : `${now >= then ? "+" : ""}${format.share(now / then - 1)}`,
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
      {!stages && <Legend name={name} metric={metric} chart={chart} text={text} />}
      {chart.left > 0 && <p className="text-12 text-text-3">{t("left", { count: chart.left })}</p>}
    </div>
  );
}

function Legend({ name, metric, chart, text }: HeadlineProps) {
  const t = useTranslations("officeAnalytics");
  const { ofUsers } = factsOf(name);
  const { seesCustomers } = useAnalytics();
  const open = chart.incomplete.size > 0;
  return (
    <ul className="flex min-h-5 flex-wrap items-center gap-x-4 gap-y-1">
      {chart.series.length > 1 &&
        chart.series.map(({ key, label, hue }) => (
          <li key={key} className="inline-flex items-center gap-1.5">
            <SeriesMark hue={hue} />
            {ofUsers && seesCustomers && key.startsWith("usr_") ? (
              <Link href={`/admin/customers/${key}`} className="underline underline-offset-2">
                {label}
              </Link>
            ) : (
              label
            )}
            <SeriesTotal name={name} metric={metric} chart={chart} series={key} text={text} />
          </li>
        ))}
      {(chart.before || open) && (
        <li className="inline-flex items-center gap-1.5 text-text-3">
          <span aria-hidden="true" className="w-4 border-t-2 border-dashed border-text-3" />
          {chart.before && open ? t("legend.both") : chart.before ? t("before") : t("incomplete")}
        </li>
      )}
    </ul>
  );
}

function SeriesTotal({ name, metric, chart, series, text }: HeadlineProps & { series: string }) {
  const t = useTranslations("officeAnalytics");
  // "Others" of a picture are more than those of the figures.
  const adds = factsOf(name).shape === "sum";
  const total = adds
    ? chart.days.reduce((sum, { amounts }) => sum + (amounts[series] ?? 0), 0)
    : (metric.total[series] ?? null);
  const before = adds ? null : (metric.previous?.total[series] ?? null);
  if (total === null) return null;
  return (
    <span className="num text-text-3">
      {text(total)}
      {before !== null && ` (${t("beforeOf", { before: text(before) })})`}
    </span>
  );
}
