"use client";

import { Search, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { parseAsString, useQueryState, useQueryStates } from "nuqs";
import { type ReactNode, useId, useState, useTransition } from "react";
import { cn } from "#cn";
import { readWhole } from "#format";
import { Spinner } from "#ui/icons";
import { Button } from "#ui/primitives/button";
import { controlStyle, Input } from "#ui/primitives/input";
import { type Option, Select } from "#ui/primitives/select";

/** Filters live in the address, so that reload, Back and a sent link show the same. */

type FilterBarProps = {
  /** The names of the query parameters that the bar's filters set; clearing removes them. */
  names: readonly string[];
  /** At the bar's right: a sum, CSV. */
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
};

/** A row of filters, with one button that clears them all. */
export function FilterBar({ names, aside, children, className }: FilterBarProps) {
  const t = useTranslations("common.state");
  const { active, clear } = useFilters(names);
  return (
    <search className={cn("flex flex-wrap items-center gap-2", className)}>
      {children}
      {active && (
        <Button variant="quiet" size="sm" onClick={clear}>
          <X strokeWidth={1.75} />
          {t("clearFilters")}
        </Button>
      )}
      {aside && <span className="flex flex-wrap items-center gap-3 sm:ml-auto">{aside}</span>}
    </search>
  );
}

/** Whether any of these parameters is set, and a way to remove them all; for a no-match state too. */
export function useFilters(names: readonly string[]): { active: boolean; clear: () => void } {
  const parsers = Object.fromEntries([...names, "cursor"].map((name) => [name, parseAsString]));
  const [values, setValues] = useQueryStates(parsers, { shallow: false, history: "push" });
  return {
    active: names.some((name) => values[name] !== null),
    clear: () => void setValues(null),
  };
}

/** One parameter; setting it drops the cursor, which belongs to the list as it was. */
function useFilter(name: string, options: { throttled?: boolean } = {}) {
  const [pending, startTransition] = useTransition();
  const [value, setValue] = useQueryState(
    name,
    parseAsString.withOptions({
      shallow: false,
      startTransition,
      history: options.throttled ? "replace" : "push",
      ...(options.throttled && { throttleMs: 300 }),
    }),
  );
  const [, setCursor] = useQueryState("cursor", parseAsString);
  const change = (next: string): void => {
    void setCursor(null);
    void setValue(next === "" ? null : next);
  };
  return { value: value ?? "", change, pending };
}

type FilterProps = { name: string; label: string };

/** Words to search for; `/` puts the cursor here. */
export function SearchFilter({ name, label, className }: FilterProps & { className?: string }) {
  const { value, change, pending } = useFilter(name, { throttled: true });
  return (
    <span className={cn("relative w-full sm:w-72", className)}>
      <Search
        aria-hidden="true"
        className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-text-3"
        strokeWidth={1.75}
      />
      <Input
        type="search"
        data-search
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => change(event.target.value)}
        className="h-9 pr-9 pl-9 [&::-webkit-search-cancel-button]:hidden"
      />
      {pending && <Spinner className="absolute top-2.5 right-3 text-text-3" />}
    </span>
  );
}

/** One of a few values, or all. */
export function SelectFilter({ name, label, options }: FilterProps & { options: readonly Option[] }) {
  const t = useTranslations("common.data");
  const { value, change } = useFilter(name);
  return (
    <Select
      aria-label={label}
      value={value}
      onChange={(event) => change(event.target.value)}
      options={[{ value: "", label: t("filterAll", { label }) }, ...options]}
      className="w-auto max-w-56 text-13 font-medium"
    />
  );
}

/** A whole number from 0 on. What is none filters nothing, and is marked. */
export function NumberFilter({ name, label }: FilterProps) {
  const { value, change } = useFilter(name, { throttled: true });
  const [typed, setTyped] = useState("");
  const stands = `${readWhole(typed) ?? ""}` === value;
  const id = useId();
  return (
    <span className="inline-flex items-center gap-2 text-13 text-text-3">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        inputMode="numeric"
        autoComplete="off"
        maxLength={11}
        aria-invalid={(stands && typed.trim() !== "" && readWhole(typed) === null) || undefined}
        value={stands ? typed : value}
        onChange={({ target }) => {
          setTyped(target.value);
          change(`${readWhole(target.value) ?? ""}`);
        }}
        className={cn(controlStyle, "num h-9 w-24 text-13")}
      />
    </span>
  );
}

/** From one day to another, as `from` and `to` in the address; the two stay together where there is room. */
export function DaysFilter({ from, to }: { from: string; to: string }) {
  return (
    <span className="inline-flex items-center gap-2 max-sm:flex-wrap">
      <DayFilter name="from" label={from} />
      <DayFilter name="to" label={to} />
    </span>
  );
}

/** A day, as YYYY-MM-DD in the address. */
export function DayFilter({ name, label }: FilterProps) {
  const { value, change } = useFilter(name);
  const id = useId();
  return (
    <span className="inline-flex items-center gap-2 text-13 text-text-3">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="date"
        value={value}
        onChange={(event) => change(event.target.value)}
        className={cn(controlStyle, "num h-9 w-auto text-13")}
      />
    </span>
  );
}
