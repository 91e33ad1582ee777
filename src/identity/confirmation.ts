import { createHash, randomBytes } from "node:crypto";
import { and, eq, gt, not, sql } from "drizzle-orm";
import { config } from "#platform/config";
import { db, type Tx } from "#platform/db";
import { type Id, isId, newId } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { users, verifications } from "#schema";
import { enqueueWelcome } from "./letters";

/**
 * Confirming that a mail address is its owner's, by a link that works once. better-auth's own link is a
 * signed token that works until it expires; this one is a row, which also tells a link that was used
 * from one that never was.
 */

/** How long a link to confirm an address works, in hours. */
export const confirmationHours = 24;

const used = "used:";

/** A link that confirms the user's address. Only its hash is stored. */
export async function issueConfirmation(tx: Tx, userId: Id<"user">): Promise<string> {
  const token = randomBytes(24).toString("base64url");
  await tx.insert(verifications).values({
    id: newId("verification"),
    identifier: identifierOf(token),
    value: userId,
    expiresAt: sql`now() + make_interval(hours => ${confirmationHours})`,
  });
  return `${config().baseUrl}/verify?token=${token}`;
}

export type Confirmation = { result: "confirmed" | "used"; userId: Id<"user">; email: string };

/**
 * Confirms the address a link was sent to, and has the welcome credits granted.
 * @throws Refusal link_invalid for a link that has expired or never was.
 */
export async function confirmAddress(token: string): Promise<Confirmation> {
  return db().transaction(async (tx) => {
    const [link] = await tx
      .select({ id: verifications.id, value: verifications.value })
      .from(verifications)
      .where(and(eq(verifications.identifier, identifierOf(token)), gt(verifications.expiresAt, sql`now()`)))
      .for("update");
    const userId = link?.value.replace(used, "");
    if (!link || !userId || !isId("user", userId)) throw new Refusal("link_invalid");
    const [user] = await tx.select({ email: users.email }).from(users).where(eq(users.id, userId));
    if (!user) throw new Refusal("link_invalid");
    if (link.value.startsWith(used)) return { result: "used", userId, ...user };
    await tx
      .update(verifications)
      .set({ value: `${used}${userId}` })
      .where(eq(verifications.id, link.id));
    await markVerified(tx, userId);
    return { result: "confirmed", userId, ...user };
  });
}

/** Records that somebody has read mail sent to the user's address; the first time it earns the welcome. */
export async function markVerified(tx: Tx, userId: Id<"user">): Promise<void> {
  const changed = await tx
    .update(users)
    .set({ emailVerified: true, updatedAt: sql`now()` })
    .where(and(eq(users.id, userId), not(users.emailVerified)))
    .returning({ id: users.id });
  if (changed.length > 0) await enqueueWelcome(tx, userId);
}

function identifierOf(token: string): string {
  return `verify:${createHash("sha256").update(token).digest("base64url")}`;
}
