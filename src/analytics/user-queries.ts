import { sql } from "drizzle-orm";
import { type MetricQuery, periodIn, within } from "./metric-query";

/** The metrics of the tab Users: a query each. */

/** Sign-ups, by where they came from. */
export const signups: MetricQuery = (range) => sql`
  select ${periodIn(range, sql`day`)}, source, sum(signups), null::int8, null::int8
  from registration_days where ${within(range, sql`day`)}
  group by 1, 2`;

/** Of those who signed up, who ran something within a week. */
export const activation: MetricQuery = (range) => sql`
  select ${periodIn(range, sql`day`)}, 'all', sum(activated), sum(signups), null::int8
  from registration_days where ${within(range, sql`day`)} group by 1`;

/** How many were active at each period's end: on its last day, in 7 and in 30 days. */
export const active: MetricQuery = (range) => sql`
  select period, series, accounts, null::int8, null::int8
  from (
    select ${periodIn(range, sql`day`)} as period, max(day) as last_day from active_days
    where ${within(range, sql`day`)} group by 1) as e
  join active_days a on a.day = e.last_day and a.tool = ${range.filters.tool ?? "all"},
  lateral (values ('daily', daily), ('weekly', weekly), ('monthly', monthly)) as s (series, accounts)`;

export const stickiness: MetricQuery = (range) => sql`
  select ${periodIn(range, sql`day`)}, 'all', sum(daily), sum(monthly), max(monthly)
  from active_days where ${within(range, sql`day`)} and tool = ${range.filters.tool ?? "all"} group by 1`;

export const resurrected: MetricQuery = (range) => sql`
  select ${periodIn(range, sql`day`)}, 'all', sum(resurrected), null::int8, null::int8
  from active_days where ${within(range, sql`day`)} and tool = 'all' group by 1`;
