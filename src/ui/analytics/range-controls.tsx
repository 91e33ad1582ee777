"use client";

import { GitCompareArrows, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { type FilterName, filterNames, grains } from "#analytics/catalogue";
import type { AnalyticsScopeJson } from "#api/contract";
import { cn } from "#cn";
import { Button } from "#ui/primitives/button";
import { controlStyle } from "#ui/primitives/input";
import { Select } from "#ui/primitives/select";
import { Segmented } from "#ui/primitives/tabs";
import { type Range, spans, type useRange } from "./range";
import { useValueName } from "./words";

type ControlsProps = {
  range: Range;
  set: ReturnType<typeof useRange>["set"];
  scope: AnalyticsScopeJson;
  filters: readonly FilterName[];
};

/** The one date control, granularity, comparison and filters of a page of analytics. */
export function RangeControls({ range, set, scope, filters }: ControlsProps) {
  const t = useTranslations("officeAnalytics");
  const common = useTranslations("common.state");
  const { span, first, last, grain, compare } = range;
  const active = filterNames.some((name) => range.filters[name]);
  return (
    <search className="flex flex-wrap items-center gap-2">
      <Segmented
        label={t("range")}
        value={span}
        onValueChange={(next) =>
          void set({
            range: next,
            ...{ grain: null, from: next === "custom" ? first : null, to: next === "custom" ? last : null },
          })
        }
        options={spans.map((value) => ({ value, label: t(`span.${value}`) }))}
      />
      {span === "custom" && (
        <span className="inline-flex flex-wrap items-center gap-2">
          <Day label={t("from")} value={first} onChange={(from) => void set({ from })} />
          <Day label={t("to")} value={last} onChange={(to) => void set({ to })} />
        </span>
      )}
      <Segmented
        label={t("grain")}
        value={grain}
        onValueChange={(next) => void set({ grain: next })}
        options={grains.map((value) => ({ value, label: t(`grains.${value}`) }))}
      />
      <Button
        variant="secondary"
        size="sm"
        aria-pressed={compare}
        onClick={() => void set({ compare: !compare })}
        className="aria-pressed:border-line-strong aria-pressed:bg-hover"
      >
        <GitCompareArrows aria-hidden="true" strokeWidth={1.75} />
        {t("compare")}
      </Button>
      {filters.map((name) => (
        <Filter key={name} name={name} range={range} set={set} scope={scope} />
      ))}
      {active && (
        <Button
          variant="quiet"
          size="sm"
          onClick={() => void set({ plan: null, currency: null, country: null, tool: null })}
        >
          <X aria-hidden="true" strokeWidth={1.75} />
          {common("clearFilters")}
        </Button>
      )}
      <span className="text-12 text-text-3 sm:ml-auto">{t("zone", { zone: scope.timeZone })}</span>
    </search>
  );
}

const values = { plan: "plans", currency: "currencies", country: "countries", tool: "tools" } as const;

function Filter({ name, range, set, scope }: Omit<ControlsProps, "filters"> & { name: FilterName }) {
  const t = useTranslations("officeAnalytics");
  const nameOf = useValueName();
  const known: readonly string[] = scope[values[name]];
  const chosen = range.filters[name] ?? "";
  // What somebody sent a link for stands here, also when there is nothing of it.
  const options = chosen && !known.includes(chosen) ? [...known, chosen] : known;
  return (
    <Select
      aria-label={t(`filter.${name}`)}
      value={chosen}
      onChange={({ target }) => void set({ [name]: target.value || null })}
      options={[
        { value: "", label: t(`all.${name}`) },
        ...options.map((value) => ({ value, label: nameOf(name, value) })),
      ]}
      className="w-auto max-w-56 text-13 font-medium"
    />
  );
}

function Day({ label, value, onChange }: { label: string; value: string; onChange: (day: string) => void }) {
  return (
    <input
      type="date"
      aria-label={label}
      value={value}
      onChange={({ target }) => target.value && onChange(target.value)}
      className={cn(controlStyle, "num h-9 w-auto text-13")}
    />
  );
}
