"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { parseAsNumberLiteral, parseAsStringLiteral, useQueryStates } from "nuqs";
import { addDays, startOfDay } from "#format";
import { ChartCard } from "#ui/charts/chart-card";
import { chartCsv } from "#ui/charts/csv";
import { usageQuery } from "#ui/credits/queries";
import { Segmented } from "#ui/primitives/tabs";
import { QueryState } from "#ui/state/query-state";
import { useFormat } from "#ui/use-format";
import { rangeEnding, ranges, stackUsage } from "./usage";
import { UsageFigures, UsageSkeleton } from "./usage-figures";

type UsageWidgetProps = {
  tools: readonly { slug: string; name: string }[];
  /** The day it is, YYYY-MM-DD in the reader's zone. */
  today: string;
};

const urlState = {
  days: parseAsNumberLiteral(ranges).withDefault(30),
  view: parseAsStringLiteral(["chart", "table"] as const).withDefault("chart"),
};

/** Credits used per day, by tool; range and view stand in the URL. */
export function UsageWidget({ tools, today }: UsageWidgetProps) {
  const t = useTranslations("dashboard.usage");
  const common = useTranslations("common");
  const { timeZone } = useFormat();
  const [{ days: count, view }, setState] = useQueryStates(urlState, { history: "push" });
  const range = rangeEnding(today, count);
  const query = useQuery(
    usageQuery({
      from: startOfDay(range.first, timeZone).toISOString(),
      to: startOfDay(addDays(range.last, 1), timeZone).toISOString(),
      timeZone,
    }),
  );
  const stack = query.data && stackUsage(query.data.data, range, tools, common("other"));
  const heads = { day: t("day"), total: common("total") };
  return (
    <ChartCard
      title={t("title")}
      hint={t("hint", { zone: timeZone })}
      view={view}
      onViewChange={(next) => setState({ view: next })}
      csv={
        stack
          ? {
              text: () => chartCsv(stack.days, stack.series, heads),
              fileName: `credits-used-${range.first}-${range.last}.csv`,
            }
          : null
      }
      controls={
        <Segmented
          label={t("range")}
          value={`${count}`}
          onValueChange={(value) => setState({ days: ranges.find((known) => `${known}` === value) ?? 30 })}
          options={ranges.map((days) => ({ value: `${days}`, label: <Days count={days} /> }))}
        />
      }
    >
      <QueryState query={query} failure={t("failure")} skeleton={<UsageSkeleton />}>
        {() =>
          stack && (
            <div
              aria-busy={query.isPlaceholderData}
              className="transition-opacity duration-200 aria-busy:opacity-60"
            >
              <UsageFigures stack={stack} count={count} view={view} />
            </div>
          )
        }
      </QueryState>
    </ChartCard>
  );
}

/** A range's name; the short one where the controls share a phone's width. */
function Days({ count }: { count: number }) {
  const t = useTranslations("dashboard.usage");
  return (
    <>
      <span className="max-sm:hidden">{t("days", { count })}</span>
      <span className="sm:hidden">{t("daysShort", { count })}</span>
    </>
  );
}
