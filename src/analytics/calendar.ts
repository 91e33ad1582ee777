import { addDays } from "#format";
import type { Grain } from "./catalogue";

/** Days, weeks (from Monday) and months as dates without a zone. Pure. */

/** From the first to the last day, both included. */
export type Days = { first: string; last: string };

/** The first day of the period in which a day lies. */
export function periodOf(day: string, grain: Grain): string {
  if (grain === "day") return day;
  if (grain === "month") return `${day.slice(0, 7)}-01`;
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
  return addDays(day, -weekday);
}

/** The first day of the period so many periods after this one, or before it. */
export function shiftPeriod(period: string, grain: Grain, count: number): string {
  if (grain === "day") return addDays(period, count);
  if (grain === "week") return addDays(period, 7 * count);
  const date = new Date(`${period}T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + count);
  return date.toISOString().slice(0, 10);
}

/** The first days of all periods that these days touch. */
export function periodsOf({ first, last }: Days, grain: Grain): string[] {
  const periods: string[] = [];
  for (let at = periodOf(first, grain); at <= last; at = shiftPeriod(at, grain, 1)) periods.push(at);
  return periods;
}

/** The same days, made whole periods: only today cuts one short. */
export function wholePeriods({ first, last }: Days, grain: Grain, today: string): Days {
  const end = addDays(shiftPeriod(periodOf(last, grain), grain, 1), -1);
  return { first: periodOf(first, grain), last: earlierDay(end, today) };
}

export function earlierDay(one: string, other: string): string {
  return one < other ? one : other;
}

/** As many periods right before these. */
export function periodsBefore(days: Days, grain: Grain): Days {
  const count = periodsOf(days, grain).length;
  const first = periodOf(days.first, grain);
  return { first: shiftPeriod(first, grain, -count), last: addDays(first, -1) };
}
