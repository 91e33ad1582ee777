import "#server-only";
import { sql } from "drizzle-orm";
import { db } from "./db";
import { log } from "./log";
import { singleton } from "./singleton";

/**
 * How often each rate limit turned somebody away, by the hour: counted in memory, for whoever is refused may come
 * back a thousand times a second, and written from time to time. A crash loses half a minute of it.
 */

const flushMs = 30_000;
const hourMs = 3_600_000;

type Counts = {
  byHour: Map<string, { limit: string; hour: number; refusals: number }>;
  timer: NodeJS.Timeout | null;
};
const slot = singleton<Counts>("rate-limits.refused");

/** Counts one refusal; costs no more than that. */
export function countRefused(limit: string, nowMs = Date.now(), refusals = 1): void {
  const counts = slot.once(() => ({ byHour: new Map(), timer: null }));
  const hour = nowMs - (nowMs % hourMs);
  const key = `${hour} ${limit}`;
  const known = counts.byHour.get(key);
  if (known) known.refusals += refusals;
  else counts.byHour.set(key, { limit, hour, refusals });
  // It keeps no process alive.
  counts.timer ??= setTimeout(() => {
    counts.timer = null;
    flushRefused().catch((error: unknown) => log().warn({ err: error }, "refusals could not be counted"));
  }, flushMs).unref();
}

/** Writes what was counted. What cannot be written is counted on. */
export async function flushRefused(): Promise<void> {
  const counts = slot.once(() => ({ byHour: new Map(), timer: null }));
  const rows = [...counts.byHour.values()];
  counts.byHour.clear();
  if (rows.length === 0) return;
  try {
    await db().execute(sql`
      insert into rate_limit_refusals (limit_name, hour, refusals)
      select * from unnest(
        ${sql.param(rows.map(({ limit }) => limit))}::text[],
        ${sql.param(rows.map(({ hour }) => new Date(hour).toISOString()))}::timestamptz[],
        ${sql.param(rows.map(({ refusals }) => refusals))}::int[])
      on conflict (hour, limit_name) do update set refusals = rate_limit_refusals.refusals + excluded.refusals`);
  } catch (error) {
    for (const { limit, hour, refusals } of rows) countRefused(limit, hour, refusals);
    throw error;
  }
}
