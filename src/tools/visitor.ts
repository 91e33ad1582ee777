import { and, eq, gt, sql } from "drizzle-orm";
import { config } from "#platform/config";
import { db } from "#platform/db";
import type { Id } from "#platform/id";
import { runs, uploads } from "#schema";

/**
 * Gives what a visitor tried to the account they then signed in to: it is kept as long as any other run,
 * and cost nothing.
 * @returns how many runs were theirs.
 */
export async function adoptVisitorRuns(
  visitorId: Id<"visitor">,
  owner: { accountId: Id<"account">; userId: Id<"user"> },
): Promise<number> {
  const { accountId, userId } = owner;
  const expiresAt = sql`now() + make_interval(days => ${config().RETENTION_DAYS}::int)`;
  return db().transaction(async (tx) => {
    await tx
      .update(uploads)
      .set({ accountId, visitorId: null, idempotencyKey: null, expiresAt })
      .where(and(eq(uploads.visitorId, visitorId), gt(uploads.expiresAt, sql`now()`)));
    // Keys are the client's: the account may have used the same ones.
    const adopted = await tx
      .update(runs)
      .set({
        accountId,
        userId,
        visitorId: null,
        expiresAt,
        idempotencyKey: sql`${runs.id} || ':' || ${runs.idempotencyKey}`,
      })
      .where(and(eq(runs.visitorId, visitorId), gt(runs.expiresAt, sql`now()`)))
      .returning({ id: runs.id });
    return adopted.length;
  });
}
