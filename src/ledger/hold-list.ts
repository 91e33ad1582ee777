import { and, desc, eq, lt } from "drizzle-orm";
import type { Queryable } from "#platform/db";
import { holds } from "#schema";
import type { HoldStatus } from "./book";
import type { AccountId, HoldId, Reference } from "./command";
import { reference } from "./reading";

/** Holds, read. */

export type Hold = {
  holdId: HoldId;
  credits: bigint;
  captured: bigint;
  status: HoldStatus;
  expiresAt: Date;
  cause: string;
  reference: Reference | null;
  createdAt: Date;
  endedAt: Date | null;
};

/** An account's holds, newest first. `before` is the last hold of the page before. */
export async function listHolds(
  queryable: Queryable,
  accountId: AccountId,
  { status, before, limit = 100 }: { status?: HoldStatus; before?: HoldId; limit?: number } = {},
): Promise<Hold[]> {
  const rows = await queryable
    .select()
    .from(holds)
    .where(
      and(
        eq(holds.accountId, accountId),
        status ? eq(holds.status, status) : undefined,
        before ? lt(holds.id, before) : undefined,
      ),
    )
    .orderBy(desc(holds.id))
    .limit(limit);
  return rows.map(({ accountId: _, id, referenceType, referenceId, ...hold }) => ({
    holdId: id,
    ...hold,
    reference: reference(referenceType, referenceId),
  }));
}
