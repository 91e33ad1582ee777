import { sql } from "drizzle-orm";
import { type CronItem, parseCronItem } from "graphile-worker";
import { tasks as analyticsTasks } from "#analytics";
import { tasks as billingTasks } from "#billing";
import { creditTasks } from "#credits";
import { tasks as identityTasks } from "#identity";
import { ledgerTasks } from "#ledger";
import { db } from "#platform/db";
import { toolTasks } from "#tools";
import { tasks } from "./tasks";

/** What happens by the clock: when it did last, and when it will next. */

export type ScheduleView = {
  task: string;
  /** As in a crontab; times are UTC. */
  pattern: string;
  lastAt: Date | null;
  nextAt: Date | null;
};

/** Every domain's, as the worker has them. */
export function schedules(): readonly CronItem[] {
  return [analyticsTasks, billingTasks, creditTasks, identityTasks, ledgerTasks, toolTasks, tasks].flatMap(
    ({ cron }) => cron ?? [],
  );
}

/** All of them, by name. */
export async function listSchedules(now: Date = new Date()): Promise<ScheduleView[]> {
  const { rows } = await db().execute<{ identifier: string; last: Date | string | null }>(
    sql`select identifier, last_execution as last from graphile_worker._private_known_crontabs`,
  );
  const last = new Map(rows.map((row) => [row.identifier, row.last]));
  return schedules()
    .map((item) => {
      const at = last.get(item.identifier ?? item.task);
      return {
        task: item.task,
        pattern: typeof item.match === "string" ? item.match : "",
        lastAt: at ? new Date(at) : null,
        nextAt: nextOf(item, now),
      };
    })
    .sort((a, b) => a.task.localeCompare(b.task));
}

const minuteMs = 60_000;
/** No schedule of ours is rarer than once a month. */
const horizonMinutes = 32 * 24 * 60;

/** The first minute after now that the pattern fits. */
function nextOf(item: CronItem, now: Date): Date | null {
  const { match } = parseCronItem(item);
  const first = Math.floor(now.getTime() / minuteMs) + 1;
  for (let minute = first; minute < first + horizonMinutes; minute += 1) {
    const at = new Date(minute * minuteMs);
    const fits = match({
      ...{ min: at.getUTCMinutes(), hour: at.getUTCHours(), date: at.getUTCDate() },
      ...{ month: at.getUTCMonth() + 1, dow: at.getUTCDay() },
    });
    if (fits) return at;
  }
  return null;
}
