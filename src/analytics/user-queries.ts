import { sql } from "drizzle-orm";
import { type MetricQuery, periodIn, within } from "./metric-query";

/** The metrics of the tab Users: a query each. */

/** Sign-ups, by where they came from. */
export const signups: MetricQuery = (range) => sql`
  select ${periodIn(range, sql`day`)}, source, sum(signups), null::int8, null::int8
  from registration_days where ${within(range, sql`day`)}
  group by 1, 2`;
