import { sql } from "drizzle-orm";
import { bucketBoundsMs } from "#platform/response-times";
import { type MetricQuery, periodIn, within } from "./metric-query";
import { areas } from "./technical-rollups";

/** The metrics of the tab Technical: a query each. */

const columns = Array.from({ length: bucketBoundsMs.length + 1 }, (_, index) => `b${index + 1}`);
const summed = sql.raw(columns.map((name) => `sum(${name})`).join(", "));

/** All answers of the API, and all of pages, as `response_days` names them. */
const [api, pages] = [sql.raw(`'${areas.api}'`), sql.raw(`'${areas.pages}'`)];

/** The time within which half, 95 and 99 of 100 answers of the API came. */
export const responseTime: MetricQuery = (range) => sql`
  select period, series, bucket_percentile(counts, share), null::int8, null::int8
  from (
    select ${periodIn(range, sql`day`)} as period, array[${summed}]::int8[] as counts
    from response_days where route = ${api} and ${within(range, sql`day`)} group by 1
  ) as answers, (values ('p50', 0.5), ('p95', 0.95), ('p99', 0.99)) as wanted (series, share)`;

/** The 95th percentile of the slowest routes, pages and API. */
export const slowestRoutes: MetricQuery = (range) => sql`
  select ${periodIn(range, sql`day`)}, route, bucket_percentile(array[${summed}]::int8[], 0.95), null::int8,
    null::int8
  from response_days
  where ${within(range, sql`day`)} and route in (
    select route from response_days
    where day between ${range.begin}::date and ${range.last}::date and route not like '(%' and route not in (${api}, ${pages})
    group by 1 having sum(requests) >= 20
    order by bucket_percentile(array[${summed}]::int8[], 0.95) desc, 1 limit 5
  )
  group by 1, 2`;

/** Of all answers, the share that was a fault of ours. */
export const errorRate: MetricQuery = (range) => sql`
  select ${periodIn(range, sql`day`)}, 'all', sum(faults), sum(requests), null::int8
  from response_days where route in (${api}, ${pages}) and ${within(range, sql`day`)} group by 1`;

/** How many answers were given. */
export const requests: MetricQuery = (range) => sql`
  select ${periodIn(range, sql`day`)}, case route when ${api} then 'api' else 'pages' end,
    sum(requests), null::int8, null::int8
  from response_days where route in (${api}, ${pages}) and ${within(range, sql`day`)} group by 1, 2`;

/**
 * Of the minutes of which something is known, the share in which each part answered; a minute counts once, of the part
 * that was looked at most. Days of UTC.
 */
export const uptime: MetricQuery = (range) => sql`
  select period, part, up, looked,
    case row_number() over (partition by period order by looked desc, part) when 1 then looked else 0 end
  from (
    select ${periodIn(range, sql`day`)} as period, part, sum(up) as up, sum(up + down) as looked
    from probe_days where ${within(range, sql`day`)} group by 1, 2) as parts`;

/** For how long runs worked, on average, by tool. */
export const runDuration: MetricQuery = (range) => sql`
  select ${periodIn(range, sql`day`)}, tool, sum(run_ms), sum(timed), null::int8
  from tool_days where ${within(range, sql`day`)}
    and ${range.filters.tool === undefined ? sql`true` : sql`tool = ${range.filters.tool}`}
  group by 1, 2`;

/** The time within which half and 95 of 100 runs were begun by a worker. */
export const queueWait: MetricQuery = (range) => sql`
  select period, series, bucket_percentile(counts, share) * 100, null::int8, null::int8
  from (
    select ${periodIn(range, sql`day`)} as period, array[${summed}]::int8[] as counts
    from wait_days where ${within(range, sql`day`)} group by 1
  ) as waits, (values ('p50', 0.5), ('p95', 0.95)) as wanted (series, share)`;
