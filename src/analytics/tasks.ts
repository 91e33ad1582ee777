import { sql } from "drizzle-orm";
import { config } from "#platform/config";
import { db } from "#platform/db";
import type { Tasks } from "#platform/queue";
import { rollUp } from "./rollup";
import { rollups } from "./rollups";

/** Every five minutes, so that today is nearly live; after a night without a worker, all that was missed. */
export const tasks: Tasks = {
  system: { "analytics.roll-up": () => rollUp(rollups), "analytics.forget-searches": forgetSearches },
  cron: [
    { task: "analytics.roll-up", match: "*/5 * * * *", options: { backfillPeriod: 0 } },
    { task: "analytics.forget-searches", match: "51 2 * * *" },
  ],
};

/** What people typed may name somebody: it is kept no longer than the events. Other figures stay. */
async function forgetSearches(): Promise<void> {
  const { EVENT_RETENTION_DAYS: days, TIME_ZONE: zone } = config();
  await db().execute(sql`
    delete from usage_days
    where name = 'search_without_result' and day < (now() at time zone ${zone}::text)::date - ${days}::int`);
}
