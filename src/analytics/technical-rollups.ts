import { sql } from "drizzle-orm";
import { bucketBoundsMs } from "#platform/response-times";
import { clearDays, dayIn, type Rollup } from "./rollup";

/** The roll-up of answers, for the tab Technical. */

/** What stands for all routes of a kind: no route is named so. */
export const areas = { api: "all:api", pages: "all:pages" } as const;

const buckets = Array.from({ length: bucketBoundsMs.length + 1 }, (_, index) => `b${index + 1}`);
const columns = sql.raw(buckets.join(", "));
const sums = sql.raw(buckets.map((name) => `sum(${name})`).join(", "));

/** Answers by route, from their hours. Hours are deleted by whole days after a year; what was made of them stays. */
export const responseDays: Rollup = {
  name: "response_days",
  reachDays: 0,
  earliest: sql`select min(at) from response_times where step = 'hour'`,
  // Answers are counted by the wall's clock, which may be behind money's.
  late: (since) => sql`
    select min(at) from response_times
    where step = 'hour' and at >= date_trunc('hour', ${since.toISOString()}::timestamptz, 'UTC')`,
  make: (range) => [
    clearDays("response_days", range),
    sql`
      insert into response_days (route, day, requests, faults, ${columns})
      select coalesce(route, area), day, sum(requests),
        coalesce(sum(requests) filter (where status_class = 5), 0), ${sums}
      from (
        select *, ${dayIn(range, sql`at`)} as day,
          case when route like '/api/%' then ${areas.api} else ${areas.pages} end as area
        from response_times where step = 'hour' and at >= ${range.start} and at < ${range.end}) as answered
      group by day, grouping sets ((route), (area))`,
  ],
};

/** A bucket of waiting holds what one of answers holds, in tenths of a second. */
const waited = sql.raw("(extract(epoch from started_at - created_at) * 10)");
const waits = sql.raw(
  buckets
    .map((_, index) => {
      const [low, high] = [bucketBoundsMs[index - 1], bucketBoundsMs[index]];
      const parts = [
        ...(low === undefined ? [] : [`waited > ${low}`]),
        ...(high === undefined ? [] : [`waited <= ${high}`]),
      ];
      return `count(*) filter (where ${parts.join(" and ")})`;
    })
    .join(", "),
);

/** For how long runs waited for a worker, by the day they were begun. */
export const waitDays: Rollup = {
  name: "wait_days",
  // A run may wait for a day.
  reachDays: 2,
  earliest: sql`select min(created_at) from runs`,
  make: (range) => [
    clearDays("wait_days", range),
    sql`
      insert into wait_days (day, ${columns})
      select day, ${waits}
      from (
        select ${dayIn(range, sql`created_at`)} as day, ${waited} as waited from runs
        where created_at >= ${range.start} and created_at < ${range.end} and started_at is not null and trial is null) as r
      group by 1`,
  ],
};
