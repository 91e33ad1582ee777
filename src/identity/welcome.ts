import { and, eq, isNull, sql } from "drizzle-orm";
import type { Task } from "graphile-worker";
import { applyCommands, openAccount } from "#ledger";
import { announce } from "#platform/changes";
import { config } from "#platform/config";
import { db, type Tx } from "#platform/db";
import { type Id, isId } from "#platform/id";
import { sendMail } from "#platform/mail";
import { moneyNow } from "#platform/money-clock";
import { enqueue } from "#platform/queue";
import { users } from "#schema";
import { judgeWelcome } from "./brakes";
import { enqueueWelcome } from "./letters";
import { welcomeLaterMail, welcomeMail } from "./mails";

/**
 * Welcome credits: granted once to each user whose address is confirmed, at once or after a look by staff
 * (brakes.ts). `welcomed_at`, the verdict, the grant and the mail are written in one transaction, so that a job that
 * runs twice, or dies in between, grants once.
 */

/** Welcomes one user, or has the welcome wait for staff: `{ userId }`. */
export const welcome: Task = async (payload) => {
  const { userId } = payload as { userId: string };
  if (!isId("user", userId)) throw new Error("identity.welcome needs a userId");
  const accountId = await db().transaction(async (tx) => {
    const [user] = await tx
      .update(users)
      .set({ welcomedAt: sql`now()` })
      .where(and(eq(users.id, userId), users.emailVerified, isNull(users.welcomedAt)))
      .returning();
    if (!user) return null;
    const signals = await judgeWelcome(tx, user);
    if (signals.length === 0) return giveWelcome(tx, user);
    await openAccount(tx, { ownerType: "user", ownerId: userId });
    await sendMail(tx, await welcomeLaterMail(user, `welcome-later:${userId}`));
    return null;
  });
  if (accountId) announce({ owner: accountId, balance: true });
};

/**
 * Gives the welcome: letter, Free's months, credits. The grant's key is the user's, so that there is one however
 * often this is called. Last in its transaction.
 * @returns the account, when it got credits
 */
export async function giveWelcome(tx: Tx, user: typeof users.$inferSelect): Promise<Id<"account"> | null> {
  const credits = BigInt(config().WELCOME_CREDITS);
  const accountId = await openAccount(tx, { ownerType: "user", ownerId: user.id });
  await sendMail(tx, await welcomeMail(user, `welcome:${user.id}`));
  // Free's months are counted from here; #credits, which lies above, has the job.
  await enqueue(tx, "credits.beginFree", { accountId, at: (await moneyNow(tx)).toISOString() });
  if (credits === 0n) return null;
  await applyCommands(tx, [
    {
      verb: "grant",
      accountId,
      key: `welcome:${user.id}`,
      credits,
      source: "signup",
      // They never expire: nothing to watch for somebody who has only just come.
      expiresAt: null,
      cause: "welcome",
      reference: { type: "user", id: user.id },
    },
  ]);
  return accountId;
}

/** Finds confirmed users whom nobody welcomed, whatever became of their job. */
export const sweepUnwelcomed: Task = async () => {
  const found = await db()
    .select({ id: users.id })
    .from(users)
    .where(and(users.emailVerified, isNull(users.welcomedAt)))
    .limit(500);
  for (const { id } of found) await enqueueWelcome(db(), id);
};
