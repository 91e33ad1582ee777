import { sql } from "drizzle-orm";
import { config } from "#platform/config";
import { bucketBoundsMs } from "#platform/response-times";
import { type MetricQuery, periodIn, within } from "./metric-query";
import { dayIn } from "./rollup";

/** The metrics of the tab Technical: a query each. Answers are read from their hours, which are small already. */

const columns = Array.from({ length: bucketBoundsMs.length + 1 }, (_, index) => `b${index + 1}`);
const summed = sql.raw(columns.map((name) => `sum(${name})`).join(", "));

function dayOfAnswer() {
  return dayIn({ zone: config().TIME_ZONE }, sql`at`);
}

/** The time within which half, 95 and 99 of 100 answers of the API came. */
export const responseTime: MetricQuery = (range) => sql`
  select period, series, bucket_percentile(counts, share), null::int8, null::int8
  from (
    select ${periodIn(range, dayOfAnswer())} as period, array[${summed}]::int8[] as counts
    from response_times
    where step = 'hour' and route like '/api/%' and ${within(range, dayOfAnswer())} group by 1
  ) as answers, (values ('p50', 0.5), ('p95', 0.95), ('p99', 0.99)) as wanted (series, share)`;

/** The 95th percentile of the slowest routes, pages and API. */
export const slowestRoutes: MetricQuery = (range) => sql`
  select ${periodIn(range, dayOfAnswer())}, route, bucket_percentile(array[${summed}]::int8[], 0.95), null::int8,
    null::int8
  from response_times
  where step = 'hour' and ${within(range, dayOfAnswer())} and route in (
    select route from response_times
    where step = 'hour' and ${within(range, dayOfAnswer())} and route not like '(%'
    group by 1 having sum(requests) >= 20
    order by bucket_percentile(array[${summed}]::int8[], 0.95) desc, 1 limit 5
  )
  group by 1, 2`;

/** Of all answers, the share that was a fault of ours. */
export const errorRate: MetricQuery = (range) => sql`
  select ${periodIn(range, dayOfAnswer())}, 'all', coalesce(sum(requests) filter (where status_class = 5), 0), sum(requests),
    null::int8
  from response_times where step = 'hour' and ${within(range, dayOfAnswer())} group by 1`;

/** How many answers were given. */
export const requests: MetricQuery = (range) => sql`
  select ${periodIn(range, dayOfAnswer())}, case when route like '/api/%' then 'api' else 'pages' end,
    sum(requests), null::int8, null::int8
  from response_times where step = 'hour' and ${within(range, dayOfAnswer())} group by 1, 2`;

/** Of the minutes of which something is known, the share in which each part answered. Days of UTC. */
export const uptime: MetricQuery = (range) => sql`
  select ${periodIn(range, sql`day`)}, part, sum(up), sum(up + down), null::int8
  from probe_days where ${within(range, sql`day`)} group by 1, 2`;

/** For how long runs worked, on average, by tool. */
export const runDuration: MetricQuery = (range) => sql`
  select ${periodIn(range, sql`day`)}, tool, sum(run_ms), sum(timed), null::int8
  from tool_days where ${within(range, sql`day`)}
    and ${range.filters.tool === undefined ? sql`true` : sql`tool = ${range.filters.tool}`}
  group by 1, 2`;

/** For how long runs waited before they began, on average. */
export const queueWait: MetricQuery = (range) => sql`
  select ${periodIn(range, sql`day`)}, 'all', sum(wait_ms), sum(timed), null::int8
  from tool_days where ${within(range, sql`day`)} group by 1`;
