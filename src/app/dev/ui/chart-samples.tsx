"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { ChartCard, type ChartView } from "#ui/charts/chart-card";
import { ChartTable } from "#ui/charts/chart-table";
import type { DayAmounts, Series } from "#ui/charts/series";
import { TimeSeries } from "#ui/charts/time-series";
import { useFormat } from "#ui/use-format";
import type { SamplesProps } from "./sample";

const series: readonly Series[] = [
  { key: "ocr", label: "Read text from images", hue: "c1" },
  { key: "upscale", label: "Upscale an image", hue: "c2" },
  { key: "other", label: "Other", hue: "c0" },
];

const days: readonly DayAmounts[] = Array.from({ length: 14 }, (_, index) => ({
  day: `2026-11-${String(index + 10).padStart(2, "0")}`,
  amounts: { ocr: (index * 7) % 11, upscale: (index * 5) % 23, other: index % 3 },
}));

export function ChartSamples(_: SamplesProps) {
  const t = useTranslations("devUi");
  const common = useTranslations("common");
  const format = useFormat();
  const [view, setView] = useState<ChartView>("chart");
  const dayName = (day: string, long: boolean) => (long ? format.date(day) : format.shortDate(day));
  return (
    <ChartCard
      title={t("perDay")}
      hint={t("perDayHint")}
      view={view}
      onViewChange={setView}
      csv={{ text: () => "day,credits\n", fileName: "sample.csv" }}
    >
      {view === "chart" ? (
        <div className="h-64">
          <TimeSeries
            label={t("perDay")}
            days={days}
            series={series}
            dayName={dayName}
            amountText={format.credits}
            figure={format.integer}
            totalLabel={common("total")}
          />
        </div>
      ) : (
        <ChartTable
          caption={t("perDay")}
          days={days}
          series={series}
          dayName={(day) => dayName(day, true)}
          figure={format.integer}
          dayLabel={t("day")}
          totalLabel={common("total")}
          className="h-64"
        />
      )}
    </ChartCard>
  );
}
