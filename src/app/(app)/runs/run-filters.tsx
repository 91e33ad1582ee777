"use client";

import { useTranslations } from "next-intl";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import type { ReactNode } from "react";
import { Input } from "#ui/primitives/input";
import { Select } from "#ui/primitives/select";
import type { NamedTool } from "#ui/runs/run-rows";

const statuses = ["queued", "running", "succeeded", "failed", "canceled"] as const;

export type RunFilters = {
  tool: string | null;
  status: (typeof statuses)[number] | null;
  /** Days as the date inputs write them, in the reader's zone; the last one counts whole. */
  from: string | null;
  to: string | null;
};

/** The filters that stand in the URL. */
export function useRunFilters() {
  const [filters, set] = useQueryStates(
    {
      tool: parseAsString,
      status: parseAsStringLiteral(statuses),
      from: parseAsString,
      to: parseAsString,
    },
    { history: "push" },
  );
  return {
    filters,
    change: (change: Partial<RunFilters>) => void set(change),
    clear: () => void set(null),
  };
}

/** The filters as the API takes them: times instead of days. */
export function filterQuery({ tool, status, from, to }: RunFilters): Record<string, string | null> {
  return { tool, status, from: dayStart(from, 0), to: dayStart(to, 1) };
}

function dayStart(day: string | null, later: number): string | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day ?? "");
  if (!parts) return null;
  const [, year, month, date] = parts.map(Number);
  if (year === undefined || month === undefined || date === undefined) return null;
  const start = new Date(year, month - 1, date + later);
  return Number.isNaN(start.getTime()) ? null : start.toISOString();
}

type RunFilterBarProps = {
  tools: readonly NamedTool[];
  filters: RunFilters;
  onChange: (change: Partial<RunFilters>) => void;
  children: ReactNode;
};

export function RunFilterBar({ tools, filters, onChange, children }: RunFilterBarProps) {
  const t = useTranslations("runs.filters");
  const words = useTranslations("common.status");
  return (
    <search aria-label={t("label")} className="flex flex-wrap items-center gap-2">
      <Select
        aria-label={t("tool")}
        value={filters.tool ?? ""}
        onChange={(event) => onChange({ tool: event.target.value || null })}
        options={[{ value: "", label: t("allTools") }, ...tools.map(({ slug, name }) => ({ value: slug, label: name }))]}
        className="w-full sm:w-56"
      />
      <Select
        aria-label={t("status")}
        value={filters.status ?? ""}
        onChange={(event) => onChange({ status: statuses.find((known) => known === event.target.value) ?? null })}
        options={[
          { value: "", label: t("allStatuses") },
          ...statuses.map((value) => ({ value, label: words(value) })),
        ]}
        className="w-full sm:w-36"
      />
      <Day label={t("from")} value={filters.from} max={filters.to} onChange={(from) => onChange({ from })} />
      <Day label={t("to")} value={filters.to} min={filters.from} onChange={(to) => onChange({ to })} />
      {children}
    </search>
  );
}

type DayProps = {
  label: string;
  value: string | null;
  min?: string | null;
  max?: string | null;
  onChange: (day: string | null) => void;
};

function Day({ label, value, min, max, onChange }: DayProps) {
  return (
    <label className="flex min-w-0 flex-1 items-center gap-2 text-13 text-text-2 sm:flex-none">
      {label}
      <Input
        type="date"
        value={value ?? ""}
        min={min ?? undefined}
        max={max ?? undefined}
        onChange={(event) => onChange(event.target.value || null)}
        className="num min-w-0 sm:w-38"
      />
    </label>
  );
}
