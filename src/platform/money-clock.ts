import "#server-only";
import { sql } from "drizzle-orm";
import type { Queryable } from "./db";

/**
 * Money's clock: the database's, plus a shift that only tests and the sandbox set.
 * (Drizzle hands raw SQL's timestamps over as text; its query builder parses them.)
 */
export async function moneyNow(queryable: Queryable): Promise<Date> {
  const { rows } = await queryable.execute<{ now: string }>(sql`select money_now() as now`);
  const now = rows[0]?.now;
  if (!now) throw new Error("money_now() returned nothing");
  return new Date(now);
}

/**
 * Makes a database the real site's: the clock shows the real time, and from now on nobody moves it (a
 * constraint). For good, for credits that expired in a time that never was would be lost for nothing.
 */
export async function keepRealTime(queryable: Queryable): Promise<void> {
  await queryable.execute(sql`update money_clock set live = true, shift = interval '0' where not live`);
}
