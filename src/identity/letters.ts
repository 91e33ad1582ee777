import { db, type Queryable } from "#platform/db";
import type { Id } from "#platform/id";
import { enqueue } from "#platform/queue";

/**
 * What identity writes to people. Each letter is a job (letter-jobs.ts), so the request that asks for one
 * neither looks the address up nor takes longer when somebody has it: its answer tells nobody who our
 * users are.
 */

/** Asks for the letter that follows a sign-up: to confirm the address, or that it was taken already. */
export async function writeAfterSignUp(email: string, userId: string): Promise<void> {
  await enqueue(db(), "identity.signed-up", { email, userId });
}

/** Asks for another link to confirm the address; nothing comes of it when there is nothing to confirm. */
export async function writeConfirmation(email: string): Promise<void> {
  await enqueue(db(), "identity.confirm", { email });
}

/** Asks for a link to set a new password. */
export async function writeReset(email: string): Promise<void> {
  await enqueue(db(), "identity.reset", { email });
}

/** Asks to tell the user that their password was changed, in case it was not they. */
export async function writePasswordChanged(queryable: Queryable, userId: Id<"user">): Promise<void> {
  await enqueue(queryable, "identity.password-changed", { userId, at: new Date().toISOString() });
}

/** Asks for the welcome: credits and a letter, once. */
export async function enqueueWelcome(queryable: Queryable, userId: Id<"user">): Promise<void> {
  await enqueue(queryable, "identity.welcome", { userId }, { key: `identity.welcome:${userId}` });
}
