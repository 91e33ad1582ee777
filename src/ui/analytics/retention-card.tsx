"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { parseAsStringLiteral, useQueryStates } from "nuqs";
import { fewCases } from "#analytics/catalogue";
import type { CohortsJson } from "#api/contract";
import { addDays } from "#format";
import { api } from "#ui/api";
import { ChartCard } from "#ui/charts/chart-card";
import { ChartTable } from "#ui/charts/chart-table";
import { CohortGrid } from "#ui/charts/cohort-grid";
import { csvText } from "#ui/charts/csv";
import { Skeleton } from "#ui/primitives/skeleton";
import { Segmented } from "#ui/primitives/tabs";
import { QueryState } from "#ui/state/query-state";
import { useFormat } from "#ui/use-format";
import { useAnalytics } from "./context";
import { NothingYet } from "./nothing-yet";
import { usePeriodName } from "./words";

const grains = ["week", "month"] as const;

/** A week's cohorts make sense over months only: at least so many days are looked at. */
const leastDays = { week: 83, month: 364 } as const;

/** Retention cohorts as a grid, as a table of heads and as CSV. */
export function RetentionCard() {
  const t = useTranslations("officeAnalytics.cohorts");
  const words = useTranslations("officeAnalytics");
  const format = useFormat();
  const { range } = useAnalytics();
  const [{ cohorts: grain, cohortsView: view }, set] = useQueryStates(
    {
      cohorts: parseAsStringLiteral(grains).withDefault("month"),
      cohortsView: parseAsStringLiteral(["chart", "table"] as const).withDefault("chart"),
    },
    { history: "push" },
  );
  const periodName = usePeriodName(grain);
  const earliest = addDays(range.last, -leastDays[grain]);
  const asked = { from: [range.first, earliest].toSorted()[0] ?? earliest, to: range.last, grain };
  const query = useQuery({
    queryKey: ["office", "analytics", "cohorts", asked],
    queryFn: ({ signal }) => api.get<CohortsJson>("/admin/analytics/cohorts", { signal, query: asked }),
    placeholderData: keepPreviousData,
  });
  const cohorts = query.data?.cohorts ?? [];
  const shown = query.data?.grain ?? grain;
  const rows = cohorts.map(({ cohort, size, cells }) => ({
    ...{ key: cohort, name: periodName(cohort, shown === "month"), size, few: size < fewCases, cells },
  }));
  const columns = Math.max(0, ...cohorts.map(({ cells }) => cells.length));
  return (
    <div className="min-w-0 xl:col-span-2">
      <ChartCard
        title={t("title")}
        hint={t("definition")}
        view={view}
        onViewChange={(next) => void set({ cohortsView: next })}
        controls={
          <Segmented
            label={t("grain")}
            value={grain}
            onValueChange={(next) => void set({ cohorts: next })}
            options={grains.map((value) => ({ value, label: words(`grains.${value}`) }))}
          />
        }
        csv={
          cohorts.length > 0
            ? {
                text: () => csvOf(cohorts, columns, [t("cohort"), t("size")]),
                fileName: `retention-${shown}.csv`,
              }
            : null
        }
      >
        <QueryState
          query={query}
          failure={words("failureOf")}
          skeleton={<Skeleton className="h-72 w-full" />}
        >
          {() => (
            <div className="grid gap-3">
              {rows.length === 0 && <NothingYet>{t("appears")}</NothingYet>}
              {rows.length > 0 && view === "chart" && (
                <CohortGrid
                  caption={t("title")}
                  rows={rows}
                  nameLabel={t("cohort")}
                  sizeLabel={t("size")}
                  columnName={(place) => t("column", { place })}
                  percent={format.percent}
                  figure={format.integer}
                  incompleteLabel={words("incomplete")}
                />
              )}
              {rows.length > 0 && view === "table" && (
                <ChartTable
                  caption={t("title")}
                  days={cohorts.map(({ cohort, size, cells }) => ({
                    day: cohort,
                    amounts: {
                      size,
                      ...Object.fromEntries(cells.map(({ active }, place) => [`${place}`, active])),
                    },
                  }))}
                  series={["size", ...Array.from({ length: columns }, (_, place) => `${place}`)].map(
                    (key) => ({
                      ...{
                        key,
                        label: key === "size" ? t("size") : t("column", { place: key }),
                        hue: "c0" as const,
                      },
                    }),
                  )}
                  dayName={(day) => periodName(day, true)}
                  figure={format.integer}
                  dayLabel={t("cohort")}
                  className="max-h-80"
                />
              )}
              <p className="text-12 text-text-3">{t("few", { few: fewCases })}</p>
              <p className="text-12 text-text-3">
                <span className="font-medium">{words("formula")}</span> {t("formula")}
              </p>
            </div>
          )}
        </QueryState>
      </ChartCard>
    </div>
  );
}

function csvOf(cohorts: CohortsJson["cohorts"], columns: number, heads: readonly string[]): string {
  return csvText([
    [...heads, ...Array.from({ length: columns }, (_, place) => `${place}`)],
    ...cohorts.map(({ cohort, size, cells }) => [
      cohort,
      `${size}`,
      ...cells.map(({ active }) => `${active}`),
    ]),
  ]);
}
