import { and, gt, sql } from "drizzle-orm";
import { config } from "#platform/config";
import { db } from "#platform/db";
import { sessions } from "#schema";

/** Whether a session has passed the second step of staff (staff-code.ts). */

/** How long it stays confirmed, in days: then the next code. */
export const confirmedDays = 7;

/** Whether staff need a code on this site: in production, unless it is set otherwise. */
export function needsCode(): boolean {
  return config().STAFF_CODE ?? config().production;
}

export async function isConfirmed(sessionId: string): Promise<boolean> {
  const since = sql`now() - make_interval(days => ${confirmedDays})`;
  const found = await db()
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(sql`${sessions.id} = ${sessionId}`, gt(sessions.staffConfirmedAt, since)));
  return found.length > 0;
}
