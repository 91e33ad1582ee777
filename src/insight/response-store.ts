import { sql } from "drizzle-orm";
import { config } from "#platform/config";
import { db } from "#platform/db";
import { log } from "#platform/log";
import { bucketBoundsMs, type Responses, takeResponses } from "#platform/response-times";
import { onShutdown } from "#platform/shutdown";

/** Keeping what a process has measured of its answers: added to its minute and its hour every few seconds. */

const everyMs = 15_000;

/** The names of the columns of the buckets, in order. */
export const bucketColumns: readonly string[] = Array.from(
  { length: bucketBoundsMs.length + 1 },
  (_, index) => `b${index + 1}`,
);

/** Begins to keep; a stopping process keeps the rest. @returns a function that ends it */
export function startKeepingResponses(): () => Promise<void> {
  let writing: Promise<void> = Promise.resolve();
  const keep = () => {
    writing = writing.then(() => keepResponses()).catch(giveUp);
    return writing;
  };
  const timer = setInterval(keep, everyMs).unref();
  const stop = async () => {
    clearInterval(timer);
    await keep();
  };
  onShutdown("work", "response times", stop);
  return stop;
}

function giveUp(error: unknown): void {
  log().warn({ err: error }, "response times of a few seconds were lost");
}

const names = sql.raw(bucketColumns.join(", "));
const types = sql.raw(bucketColumns.map((name) => `${name} int`).join(", "));
const sums = sql.raw(
  ["requests", "sum_ms", ...bucketColumns]
    .map((name) => `${name} = response_times.${name} + excluded.${name}`)
    .join(", "),
);

/** Adds what has gathered to the minute and the hour of `at`. */
export async function keepResponses(
  at: Date = new Date(),
  taken: readonly Responses[] = takeResponses(),
): Promise<void> {
  if (taken.length === 0) return;
  const rows = taken.map(({ route, method, statusClass, requests, sumMs, buckets }) => ({
    ...{ route, method, status_class: statusClass, requests, sum_ms: sumMs },
    ...Object.fromEntries(bucketColumns.map((name, index) => [name, buckets[index] ?? 0])),
  }));
  // In one order, so that two processes never wait for each other.
  await db().execute(sql`
    insert into response_times (step, at, route, method, status_class, requests, sum_ms, ${names})
    select step, date_trunc(step, ${at.toISOString()}::timestamptz, 'UTC'), route, method, status_class, requests,
      sum_ms, ${names}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (
      route text, method text, status_class smallint, requests int, sum_ms float8, ${types}
    ), (values ('minute'), ('hour')) as s (step)
    order by step, route, method, status_class
    on conflict (step, at, route, method, status_class) do update set ${sums}`);
}

/** Deletes minutes after three days and hours after four hundred, of which a day stays whole: roll-ups count days. */
export async function forgetResponses(): Promise<void> {
  const zone = config().TIME_ZONE;
  await db().execute(sql`
    delete from response_times
    where at < case step when 'minute' then now() - interval '3 days'
      else date_trunc('day', now(), ${zone}::text) - interval '400 days' end`);
}

/**
 * The time that a share of the answers kept to, from their buckets, in ms: within a bucket they are taken to be
 * spread evenly. Null without answers; what lies in the last bucket is said to take as long as its bound.
 */
export function percentile(buckets: readonly number[], share: number): number | null {
  const all = buckets.reduce((sum, count) => sum + count, 0);
  if (all === 0) return null;
  const wanted = share * all;
  let before = 0;
  for (const [index, count] of buckets.entries()) {
    const low = index === 0 ? 0 : (bucketBoundsMs[index - 1] ?? 0);
    const high = bucketBoundsMs[index] ?? low;
    if (before + count >= wanted && count > 0) return low + (high - low) * ((wanted - before) / count);
    before += count;
  }
  return bucketBoundsMs.at(-1) ?? null;
}
