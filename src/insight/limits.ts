import { and, desc, eq, lt, type SQL, sql } from "drizzle-orm";
import type { Task } from "graphile-worker";
import { db } from "#platform/db";
import type { Tasks } from "#platform/queue";
import { rateLimitRefusals } from "#schema";

/** Whom rate limits turned away: how often, which limit, in which hour. #platform/refused counts them. */

export type LimitHour = { limit: string; hour: Date; refusals: number };
export type LimitCursor = { at: Date; id: string };

/** A page of hours, newest first. */
export async function listRefused(
  { limit: name }: { limit?: string | undefined },
  { limit, before }: { limit: number; before?: LimitCursor | undefined },
): Promise<{ hours: LimitHour[]; next: LimitCursor | null }> {
  const rows = await db()
    .select()
    .from(rateLimitRefusals)
    .where(
      and(name === undefined ? undefined : eq(rateLimitRefusals.limitName, name), before && isBefore(before)),
    )
    .orderBy(desc(rateLimitRefusals.hour), desc(rateLimitRefusals.limitName))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    hours: page.map(({ limitName, ...row }) => ({ limit: limitName, ...row })),
    next: rows.length > limit && last ? { at: last.hour, id: last.limitName } : null,
  };
}

function isBefore({ at, id }: LimitCursor): SQL {
  return sql`(${rateLimitRefusals.hour}, ${rateLimitRefusals.limitName}) < (${at.toISOString()}::timestamptz, ${id})`;
}

const forgetLimits: Task = async () => {
  await db().delete(rateLimitRefusals).where(lt(rateLimitRefusals.hour, sql`now() - interval '90 days'`));
};

export const limitTasks = {
  system: { "insight.forget-limits": forgetLimits },
  cron: [{ task: "insight.forget-limits", match: "29 4 * * *" }],
} satisfies Tasks;
