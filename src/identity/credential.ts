import { and, eq, gt, isNull, or, type SQL, sql } from "drizzle-orm";
import { hearChanges } from "#platform/changes";
import { db } from "#platform/db";
import { type Id, isId } from "#platform/id";
import { log } from "#platform/log";
import { apiKeys, sessions, users } from "#schema";

/** What somebody showed who they are with: a session or an API key. */
export type Credential = Id<"session"> | Id<"apiKey">;

/**
 * Calls `onEnd` when the credential is signed out, revoked or its holder suspended, in whatever process that happens (a trigger of
 * db/sql/050_ended.sql tells), until the returned function is called.
 */
export async function watchCredential(credential: Credential, onEnd: () => void): Promise<() => void> {
  const look = async () => {
    if (!(await stands(credential))) onEnd();
  };
  const stop = await hearChanges(credential, (change) => {
    if (change === "missed") look().catch((error: unknown) => log().warn({ err: error }, "could not look"));
    else if (change.ended) onEnd();
  });
  // It may have ended after it was read and before anybody listened.
  await look();
  return stop;
}

async function stands(credential: Credential): Promise<boolean> {
  const [found] = isId("session", credential)
    ? await db()
        .select({ id: sessions.id })
        .from(sessions)
        .where(and(eq(sessions.id, credential), isAhead(sessions.expiresAt)))
    : await db()
        .select({ id: apiKeys.id })
        .from(apiKeys)
        .leftJoin(users, eq(users.id, apiKeys.userId))
        .where(
          and(
            sql`${apiKeys.id} = ${credential}`,
            isNull(apiKeys.revokedAt),
            or(eq(apiKeys.kind, "service"), isNull(users.suspendedAt)),
            or(isNull(apiKeys.expiresAt), isAhead(apiKeys.expiresAt)),
          ),
        );
  return found !== undefined;
}

function isAhead(time: typeof sessions.expiresAt | typeof apiKeys.expiresAt): SQL {
  return gt(time, sql`now()`);
}
