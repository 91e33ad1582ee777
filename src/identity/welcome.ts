import { and, eq, isNull, sql } from "drizzle-orm";
import type { Task } from "graphile-worker";
import { applyCommands, openAccount } from "#ledger";
import { announce } from "#platform/changes";
import { config } from "#platform/config";
import { db } from "#platform/db";
import { isId } from "#platform/id";
import { sendMail } from "#platform/mail";
import { moneyNow } from "#platform/money-clock";
import { enqueue } from "#platform/queue";
import { users } from "#schema";
import { enqueueWelcome } from "./letters";
import { welcomeMail } from "./mails";

/**
 * Welcome credits: granted once to each user whose address is confirmed. `welcomed_at`, the grant and the
 * mail are written in one transaction, so that a job that runs twice, or dies in between, grants once.
 */

/** Welcomes one user: `{ userId }`. */
export const welcome: Task = async (payload) => {
  const { userId } = payload as { userId: string };
  if (!isId("user", userId)) throw new Error("identity.welcome needs a userId");
  const credits = BigInt(config().WELCOME_CREDITS);
  const accountId = await db().transaction(async (tx) => {
    const [user] = await tx
      .update(users)
      .set({ welcomedAt: sql`now()` })
      .where(and(eq(users.id, userId), users.emailVerified, isNull(users.welcomedAt)))
      .returning();
    if (!user) return null;
    const accountId = await openAccount(tx, { ownerType: "user", ownerId: userId });
    await sendMail(tx, await welcomeMail(user, `welcome:${userId}`));
    // Free's months are counted from here; #credits, which lies above, has the job.
    await enqueue(tx, "credits.beginFree", { accountId, at: (await moneyNow(tx)).toISOString() });
    if (credits === 0n) return null;
    await applyCommands(tx, [
      {
        verb: "grant",
        accountId,
        key: `welcome:${userId}`,
        credits,
        source: "signup",
        // They never expire: nothing to watch for somebody who has only just come.
        expiresAt: null,
        cause: "welcome",
        reference: { type: "user", id: userId },
      },
    ]);
    return accountId;
  });
  if (accountId) announce({ owner: accountId, balance: true });
};

/** Finds confirmed users whom nobody welcomed, whatever became of their job. */
export const sweepUnwelcomed: Task = async () => {
  const found = await db()
    .select({ id: users.id })
    .from(users)
    .where(and(users.emailVerified, isNull(users.welcomedAt)))
    .limit(500);
  for (const { id } of found) await enqueueWelcome(db(), id);
};
