"use client";

import { useTranslations } from "next-intl";
import { factsOf, type MetricName } from "#analytics/catalogue";
import type { MetricJson } from "#api/contract";
import { StageBars } from "#ui/charts/stage-bars";
import { useFormat } from "#ui/use-format";
import { useSeriesName } from "./words";

/**
 * A way in steps. The first step counts browsers and the others people, so that the bars are parts of the second: of
 * those who signed up.
 */
export function Stages({ name, metric }: { name: MetricName; metric: MetricJson }) {
  const t = useTranslations("officeAnalytics.stages");
  const titles = useTranslations("officeMetrics");
  const format = useFormat();
  const nameOf = useSeriesName(name);
  const { stages = [] } = factsOf(name);
  const [visits = "", people = ""] = stages;
  const days = factsOf(name).settlesAfterDays ?? 0;
  const of = (figures: { total: MetricJson["total"] } | null, key: string) => figures?.total[key] ?? 0;
  const share = (figures: { total: MetricJson["total"] } | null, key: string): number | null => {
    const whole = of(figures, people);
    return key === visits || whole === 0 ? null : of(figures, key) / whole;
  };
  const shareText = (key: string) => {
    if (key === visits) return "";
    if (key !== people) return t("ofPeople", { share: percent(share(metric, key)) });
    const all = of(metric, visits);
    return all === 0 ? "" : t("ofVisits", { share: percent(of(metric, people) / all) });
  };
  const percent = (part: number | null) => (part === null ? "—" : format.share(part));
  const { previous } = metric;
  const before = (key: string) => {
    if (!previous) return null;
    const part = share(previous, key);
    const figure = format.integer(of(previous, key));
    const text =
      part === null || key === people
        ? t("before", { before: figure })
        : t("beforeShare", { before: figure, share: percent(part) });
    return { share: part, text };
  };
  return (
    <div className="grid gap-4">
      <StageBars
        label={titles(`${name}.title`)}
        figure={format.integer}
        stages={stages.map((key) => ({
          ...{ key, label: nameOf(key), amount: of(metric, key) },
          ...{ share: share(metric, key), shareText: shareText(key), before: before(key) },
        }))}
      />
      <p className="text-12 text-text-3">
        {t("bars")} {previous && t("dashed")}{" "}
        {metric.points.some(({ incomplete }) => incomplete) && t("settling", { days })}
      </p>
    </div>
  );
}
