import { createHash } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import type { Tx } from "#platform/db";
import type { Id } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { apiKeySecrets } from "#schema";
import { hashSecret, hintOf, newSalt, secretOf } from "./key-secret";

/** A request that makes a secret, known again when it is repeated because its answer was lost. */
export type KeyRequest = { userId: Id<"user">; idempotencyKey: string };

/** What a request gave: the secret, and the key it belongs to. */
export type GivenSecret = { apiKeyId: Id<"apiKey">; secret: string };

/** How long a repeat is answered with the secret. */
const repeatableMs = 24 * 3600 * 1000;

/**
 * What this request gave before; null for a new one, which no other may now overtake.
 * @param content what it asks for: the same key with another content is a conflict
 * @throws Refusal idempotency_conflict, secret_told
 */
export async function findGiven(tx: Tx, request: KeyRequest, content: string): Promise<GivenSecret | null> {
  const name = nameOf(request);
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`);
  const [row] = await tx.select().from(apiKeySecrets).where(eq(apiKeySecrets.request, name));
  if (!row) return null;
  const { apiKeyId, hash, contentHash, salt, endsAt, createdAt } = row;
  if (contentHash !== hashOf(content)) throw new Refusal("idempotency_conflict");
  const secret = secretOf(request.idempotencyKey, salt ?? "");
  const nowMs = Date.now();
  const works = endsAt === null || endsAt.getTime() > nowMs;
  // It is another when the site's own secret was changed since.
  if (!works || nowMs - createdAt.getTime() > repeatableMs || hashSecret(secret) !== hash) {
    throw new Refusal("secret_told", { keyId: apiKeyId });
  }
  return { apiKeyId, secret };
}

/** Gives a key the secret of this request. */
export async function giveSecret(
  tx: Tx,
  apiKeyId: Id<"apiKey">,
  request: KeyRequest,
  content: string,
): Promise<GivenSecret> {
  const salt = newSalt();
  const secret = secretOf(request.idempotencyKey, salt);
  await tx.insert(apiKeySecrets).values({
    ...{ hash: hashSecret(secret), apiKeyId, hint: hintOf(secret), salt },
    ...{ request: nameOf(request), contentHash: hashOf(content) },
  });
  return { apiKeyId, secret };
}

/** Idempotency-Keys are their user's own; stored as a hash, for with it a secret could be made. */
function nameOf({ userId, idempotencyKey }: KeyRequest): string {
  return hashOf(`${userId} ${idempotencyKey}`);
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
