import { type SQL, sql } from "drizzle-orm";
import { type MetricQuery, type MetricRange, periodIn, within } from "./metric-query";

/** The metrics of the tab Product: a query each. */

function ofTool({ filters }: MetricRange): SQL {
  return filters.tool === undefined ? sql`true` : sql`tool = ${filters.tool}`;
}

/** Runs begun, by tool. */
export const toolRuns: MetricQuery = (range) => sql`
  select ${periodIn(range, sql`day`)}, tool, sum(runs), null::int8, null::int8
  from tool_days where ${within(range, sql`day`)} and ${ofTool(range)} group by 1, 2`;

/** Of the runs that ended by themselves, the share that succeeded, by tool. */
export const runSuccess: MetricQuery = (range) => sql`
  select ${periodIn(range, sql`day`)}, tool, sum(succeeded), sum(succeeded + failed), null::int8
  from tool_days where ${within(range, sql`day`)} and ${ofTool(range)} group by 1, 2`;

/** Of the customers who were active on a day, the share that used a tool. They are the same for each, and count once. */
export const toolUsage: MetricQuery = (range) => sql`
  select t.period, t.tool, t.daily, a.daily,
    case row_number() over (partition by t.period order by t.tool) when 1 then a.daily else 0 end
  from (
    select ${periodIn(range, sql`day`)} as period, tool, sum(daily) as daily
    from active_days where ${within(range, sql`day`)} and tool <> 'all' and ${ofTool(range)} group by 1, 2
  ) as t
  join (
    select ${periodIn(range, sql`day`)} as period, sum(daily) as daily
    from active_days where ${within(range, sql`day`)} and tool = 'all' group by 1
  ) as a using (period)`;

/** How many came to each step of the way from a visit to a payment. */
export const funnel: MetricQuery = (range) => sql`
  select ${periodIn(range, sql`day`)}, step, sum(people), null::int8, null::int8
  from funnel_days where ${within(range, sql`day`)} group by 1, 2`;

/** How often features were used. */
export const featureUse: MetricQuery = (range) => sql`
  select ${periodIn(range, sql`day`)}, what, sum(events), null::int8, null::int8
  from usage_days where ${within(range, sql`day`)} and name = 'feature_used' group by 1, 2`;

/** There is no end to what people search for. */
const mostSearches = 20;

/** The searches that most often found nothing, by what was searched for. */
export const vainSearches: MetricQuery = (range) => sql`
  with found as (
    select day, what, events from usage_days where ${within(range, sql`day`)} and name = 'search_without_result'),
  most as (select what from found group by 1 order by sum(events) desc, 1 limit ${mostSearches})
  select ${periodIn(range, sql`day`)}, what, sum(events), null::int8, null::int8
  from found join most using (what) group by 1, 2`;
