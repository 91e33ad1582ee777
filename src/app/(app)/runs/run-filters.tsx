"use client";

import { useTimeZone, useTranslations } from "next-intl";
import { parseAsString, useQueryStates } from "nuqs";
import { type ReactNode, useMemo } from "react";
import { addDays, isDay, startOfDay } from "#format";
import { DaysFilter, FilterBar, SelectFilter } from "#ui/data/filter-bar";
import type { NamedTool } from "#ui/runs/run-table";

export const filterNames = ["tool", "status", "from", "to"] as const;
const statuses = ["queued", "running", "succeeded", "failed", "canceled"] as const;

/** The filters of the URL as the API takes them: days of the reader's zone become times, the last one whole. */
export function useRunQuery(): Record<(typeof filterNames)[number], string | null> {
  const zone = useTimeZone() ?? "UTC";
  const [{ tool, status, from, to }] = useQueryStates({
    tool: parseAsString,
    status: parseAsString,
    from: parseAsString,
    to: parseAsString,
  });
  return useMemo(
    () => ({
      tool,
      status: statuses.find((known) => known === status) ?? null,
      from: from && isDay(from) ? startOfDay(from, zone).toISOString() : null,
      to: to && isDay(to) ? startOfDay(addDays(to, 1), zone).toISOString() : null,
    }),
    [tool, status, from, to, zone],
  );
}

/** Tool, status and days. */
export function RunFilterBar({ tools, aside }: { tools: readonly NamedTool[]; aside: ReactNode }) {
  const t = useTranslations("runs.filters");
  const words = useTranslations("common.status");
  return (
    <FilterBar names={filterNames} aside={aside}>
      <SelectFilter
        name="tool"
        label={t("tool")}
        options={tools.map(({ slug, name }) => ({ value: slug, label: name }))}
      />
      <SelectFilter
        name="status"
        label={t("status")}
        options={statuses.map((value) => ({ value, label: words(value) }))}
      />
      <DaysFilter from={t("from")} to={t("to")} />
    </FilterBar>
  );
}
