import { and, desc, eq, type SQL, sql } from "drizzle-orm";
import { db } from "#platform/db";

import { firstId, type Id } from "#platform/id";
import { accounts, runs, users } from "#schema";
import type { RunStatus } from "#tools";

/** Every customer's runs, without what went in and came out: that is theirs. */

export type OfficeRun = {
  id: string;
  tool: string;
  status: RunStatus;
  errorCode: string | null;
  /** Null for a visitor's. */
  customerId: Id<"user"> | null;
  customerMail: string | null;
  charged: bigint;
  createdAt: Date;
  /** From its start to its end; null for one that never did both. */
  seconds: number | null;
};

export type OfficeRunFilter = {
  status?: RunStatus | undefined;
  tool?: string | undefined;
  /** Begun from this time on, and before that one. */
  from?: Date | undefined;
  to?: Date | undefined;
};

/** A page of runs, newest first; `before` is the id that the page before ended with. */
export async function listOfficeRuns(
  filter: OfficeRunFilter,
  { limit, before }: { limit: number; before?: string | undefined },
): Promise<{ runs: OfficeRun[]; next: string | null }> {
  const rows = await db()
    .select({
      id: runs.id,
      tool: runs.tool,
      status: sql<RunStatus>`${runs.status}`,
      errorCode: runs.errorCode,
      customerId: users.id,
      customerMail: users.email,
      charged: runs.charged,
      createdAt: runs.createdAt,
      seconds: sql<number | null>`extract(epoch from ${runs.endedAt} - ${runs.startedAt})::float8`,
    })
    .from(runs)
    .leftJoin(accounts, and(eq(accounts.id, runs.accountId), eq(accounts.ownerType, "user")))
    .leftJoin(users, eq(users.id, accounts.ownerId))
    .where(and(matching(filter), before === undefined ? undefined : sql`${runs.id} < ${before}`))
    .orderBy(desc(runs.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  return { runs: page, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

/** A range of time is a range of ids. */
function matching({ status, tool, from, to }: OfficeRunFilter): SQL | undefined {
  return and(
    status && eq(runs.status, status),
    tool === undefined ? undefined : eq(runs.tool, tool),
    from && sql`${runs.id} >= ${firstId("run", from)}`,
    to && sql`${runs.id} < ${firstId("run", to)}`,
  );
}
