import "#server-only";
import { createHash } from "node:crypto";
import { and, eq, sql } from "drizzle-orm";
import type { z } from "zod";
import { actRequests } from "#schema";
import type { Actor } from "./audit";
import type { Queryable, Tx } from "./db";
import { Refusal } from "./refusal";

/** Who asks for an act, why, and the key by which a repeat of the request is known. */
export type ActRequest = { by: Actor; reason: string; key: string };

/**
 * Does an act once for its key; a repeat gets what it came to the first time. A refusal is not kept: the same
 * key is decided anew.
 * @param content what is asked for, with the act's name
 * @param result the form of what is kept: plain JSON
 * @throws Refusal idempotency_conflict when the key was used for something else
 */
export async function actOnce<T>(
  tx: Tx,
  { by, key }: Pick<ActRequest, "by" | "key">,
  content: readonly (string | number | boolean | null)[],
  result: z.ZodType<T>,
  act: () => Promise<T>,
): Promise<T & { repeated: boolean }> {
  const actorId = by.id;
  if (!actorId) throw new Error("only people have keys for their acts");
  const hash = createHash("sha256").update(JSON.stringify(content)).digest("base64url");
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`act:${actorId}:${key}`}, 0))`);
  const [earlier] = await tx
    .select()
    .from(actRequests)
    .where(and(eq(actRequests.actorId, actorId), eq(actRequests.idempotencyKey, key)));
  if (earlier && earlier.hash !== hash) throw new Refusal("idempotency_conflict");
  if (earlier) return { ...result.parse(earlier.result), repeated: true };
  const done = await act();
  await tx.insert(actRequests).values({ actorId, idempotencyKey: key, hash, result: done });
  return { ...done, repeated: false };
}

/**
 * What the act of this key came to the first time; null when nobody did it, or nobody knows what came of it yet.
 * @param result the form of what is kept
 */
export async function findDone<T>(
  queryable: Queryable,
  { by, key }: Pick<ActRequest, "by" | "key">,
  result: z.ZodType<T>,
): Promise<T | null> {
  const [done] = await queryable
    .select({ result: actRequests.result })
    .from(actRequests)
    .where(and(sql`${actRequests.actorId} = ${by.id}`, eq(actRequests.idempotencyKey, key)));
  return done ? result.parse(done.result) : null;
}
