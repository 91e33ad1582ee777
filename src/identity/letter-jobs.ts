import { randomBytes } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import type { Task } from "graphile-worker";
import { config } from "#platform/config";
import { db } from "#platform/db";
import type { Id } from "#platform/id";
import { sendMail } from "#platform/mail";
import { users } from "#schema";
import { auth } from "./auth";
import { confirmationHours, issueConfirmation } from "./confirmation";
import { alreadyRegisteredMail, confirmMail, passwordChangedMail, resetMail } from "./mails";

/** How long a link to set a password works, in minutes. */
const resetMinutes = 60;

const signedUp: Task = async (payload) => {
  const { email, userId } = payload as { email: string; userId: string };
  const user = await findByMail(email);
  if (!user) return;
  if (user.id === userId) return sendConfirmation(user);
  await sendMail(db(), await alreadyRegisteredMail(user, await issueReset(user.id), resetMinutes));
};

const confirm: Task = async (payload) => {
  const user = await findByMail((payload as { email: string }).email);
  if (user && !user.emailVerified) await sendConfirmation(user);
};

const reset: Task = async (payload) => {
  const user = await findByMail((payload as { email: string }).email);
  if (user) await sendMail(db(), await resetMail(user, await issueReset(user.id), resetMinutes));
};

const passwordChanged: Task = async (payload) => {
  const { userId, at } = payload as { userId: string; at: string };
  const [user] = await db().select().from(users).where(sql`${users.id} = ${userId}`);
  if (user) await sendMail(db(), await passwordChangedMail(user, new Date(at)));
};

/** The jobs that write what letters.ts asks for. */
export const letterTasks = {
  "identity.signed-up": signedUp,
  "identity.confirm": confirm,
  "identity.reset": reset,
  "identity.password-changed": passwordChanged,
};

type UserRow = typeof users.$inferSelect;

async function sendConfirmation(user: UserRow): Promise<void> {
  await db().transaction(async (tx) => {
    const link = await issueConfirmation(tx, user.id);
    await sendMail(tx, await confirmMail(user, link, confirmationHours));
  });
}

async function findByMail(email: string): Promise<UserRow | null> {
  const [user] = await db().select().from(users).where(eq(users.email, email));
  return user ?? null;
}

/** A link to set a password, as better-auth's /reset-password takes it. */
async function issueReset(userId: Id<"user">): Promise<string> {
  const token = randomBytes(24).toString("base64url");
  const { internalAdapter } = await auth().$context;
  await internalAdapter.createVerificationValue({
    identifier: `reset-password:${token}`,
    value: userId,
    expiresAt: new Date(Date.now() + resetMinutes * 60_000),
  });
  return `${config().baseUrl}/reset?token=${token}`;
}
