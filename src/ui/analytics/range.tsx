"use client";

import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { type Filters, filterNames, type Grain, grains } from "#analytics/catalogue";
import { addDays, isDay } from "#format";

/** The one date control of analytics, its granularity and its filters, as they stand in the address. */

export const spans = ["7", "30", "90", "12m", "custom"] as const;
export type Span = (typeof spans)[number];

const parsers = {
  range: parseAsStringLiteral(spans).withDefault("30"),
  from: parseAsString,
  to: parseAsString,
  grain: parseAsStringLiteral(grains),
  compare: parseAsBoolean.withDefault(false),
  plan: parseAsString,
  currency: parseAsString,
  country: parseAsString,
  tool: parseAsString,
};

export type Range = {
  span: Span;
  first: string;
  last: string;
  grain: Grain;
  compare: boolean;
  filters: Filters;
};

/**
 * What is asked for, and a way to ask for something else.
 * @param today the day it is, YYYY-MM-DD in the operator's zone
 */
export function useRange(today: string) {
  const [state, set] = useQueryStates(parsers, { history: "push" });
  const days = daysOf(state.range, state.from, state.to, today);
  const filters: Filters = {};
  for (const name of filterNames) {
    const value = state[name];
    if (value) filters[name] = value;
  }
  const range: Range = {
    ...{ span: state.range, ...days, compare: state.compare, filters },
    grain: state.grain ?? usualGrain(days),
  };
  return { range, set };
}

function daysOf(
  span: Span,
  from: string | null,
  to: string | null,
  today: string,
): { first: string; last: string } {
  if (span === "12m") return { first: monthsBack(today, 11), last: today };
  if (span !== "custom") return { first: addDays(today, 1 - Number(span)), last: today };
  const last = to && isDay(to) ? to : today;
  const first = from && isDay(from) ? from : addDays(last, -29);
  return first <= last ? { first, last } : { first: last, last: first };
}

/** The first day of the month so many months before. */
function monthsBack(day: string, count: number): string {
  const date = new Date(`${day.slice(0, 7)}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() - count);
  return date.toISOString().slice(0, 10);
}

/** Some thirty points at most: more is noise. */
function usualGrain({ first, last }: { first: string; last: string }): Grain {
  const days = (Date.parse(last) - Date.parse(first)) / 86_400_000 + 1;
  if (days <= 45) return "day";
  return days <= 180 ? "week" : "month";
}
