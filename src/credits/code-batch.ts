import { createHmac, randomBytes } from "node:crypto";
import { and, desc, eq, isNull, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { type ActRequest, actOnce } from "#platform/act-once";
import { type Actor, recordAct } from "#platform/audit";
import { db, type Tx } from "#platform/db";
import { type Id, newId } from "#platform/id";
import { moneyNow } from "#platform/money-clock";
import { Refusal } from "#platform/refusal";
import { authSecret } from "#platform/secret";
import { codeBatches, redeemCodes, users } from "#schema";
import { hashOf } from "./code";
import { type GiftLimits, requireWithin } from "./gift";

/**
 * Codes made together. They are told once, to whoever made them: what is kept are hashes. Those of a request
 * follow from its key, so that a repeat whose first answer was lost is told the same ones (decision 7).
 */

export type NewCodes = {
  /** What the operator calls them. */
  name: string;
  count: number;
  credits: bigint;
  /** How many people may redeem each. */
  uses: number;
  /** One person may redeem one of them only. */
  oncePerPerson: boolean;
  /** So many days after redemption the credits expire; null is never. */
  lifetimeDays: number | null;
  /** Until when they are taken; null is for ever. */
  expiresAt: Date | null;
};

/** How long a repeat is told the codes, in ms. */
const repeatableMs = 24 * 3600 * 1000;

/** Makes codes from a terminal. @returns them, this once */
export async function createCodes(wanted: NewCodes, by: Actor): Promise<string[]> {
  const codes = Array.from({ length: wanted.count }, () => codeOf(randomBytes(16)));
  await db().transaction((tx) => write(tx, wanted, codes, { by, salt: null, reason: undefined }));
  return codes;
}

const made = z.object({ id: z.custom<Id<"batch">>((id) => typeof id === "string") });

/**
 * Makes codes, once for the request's key.
 * @throws Refusal adjustment_too_large, gift_too_large above the limits; idempotency_conflict; codes_told when a
 *   repeat comes too late to be told them
 */
export async function makeCodes(
  wanted: NewCodes,
  { limits, ...request }: ActRequest & { limits: GiftLimits },
): Promise<{ batch: BatchView; codes: string[]; repeated: boolean }> {
  const { name, count, credits, uses, oncePerPerson, lifetimeDays, expiresAt } = wanted;
  if (limits) requireWithin(credits, credits * BigInt(count) * BigInt(uses), limits);
  const terms = [name, count, `${credits}`, uses, oncePerPerson, lifetimeDays, expiresAt?.getTime() ?? null];
  const { id, repeated } = await db().transaction((tx) =>
    actOnce(tx, request, ["codes.create", ...terms], made, async () => {
      const salt = randomBytes(32).toString("base64url");
      return { id: await write(tx, wanted, codesOf(request.key, salt, count), { ...request, salt }) };
    }),
  );
  const { salt, ...batch } = await requireBatch(id);
  const codes = codesOf(request.key, salt ?? "", count);
  if (repeated) await requireTold(batch, codes[0] ?? "");
  return { batch, codes, repeated };
}

/** Told for a day, and as long as the site's secret is the same. */
async function requireTold({ id, createdAt }: BatchView, first: string): Promise<void> {
  const kept = and(eq(redeemCodes.batchId, id), eq(redeemCodes.hash, hashOf(first)));
  const isSame = (await db().$count(redeemCodes, kept)) === 1;
  if (!isSame || Date.now() - createdAt.getTime() > repeatableMs) throw new Refusal("codes_told", { id });
}

type Making = { by: Actor; reason: string | undefined; salt: string | null };

async function write(
  tx: Tx,
  { name, count, ...terms }: NewCodes,
  codes: readonly string[],
  { by, reason, salt }: Making,
): Promise<Id<"batch">> {
  const id = newId("batch");
  await tx.insert(codeBatches).values({ id, name, codes: count, ...terms, createdBy: by.id, salt });
  for (let first = 0; first < codes.length; first += 1_000) {
    await tx.insert(redeemCodes).values(
      codes.slice(first, first + 1_000).map((code) => ({
        ...{ id: newId("code"), batchId: id, hash: hashOf(code), hint: code.slice(-4), uses: terms.uses },
      })),
    );
  }
  await recordAct(tx, {
    ...{ by, action: "codes.create", object: { type: "codes", id } },
    after: { count, ...terms },
    ...(reason && { reason }),
  });
  return id;
}

/**
 * Takes no code of a batch any more; what was redeemed stays.
 * @throws Refusal not_found, idempotency_conflict
 */
export async function endBatch(id: Id<"batch">, request: ActRequest): Promise<BatchView> {
  await db().transaction((tx) =>
    actOnce(tx, request, ["codes.end", id], made, async () => {
      const [ended] = await tx
        .update(codeBatches)
        .set({ endedAt: await moneyNow(tx) })
        .where(and(eq(codeBatches.id, id), isNull(codeBatches.endedAt)))
        .returning({ id: codeBatches.id });
      if (!ended) {
        const { salt: _, ...there } = await requireBatch(id);
        return { id: there.id };
      }
      const [{ used } = { used: 0 }] = await tx
        .select({ used: sql<number>`coalesce(sum(${redeemCodes.used}), 0)::int` })
        .from(redeemCodes)
        .where(eq(redeemCodes.batchId, id));
      await recordAct(tx, {
        ...{ by: request.by, reason: request.reason, action: "codes.end" },
        object: { type: "codes", id },
        after: { used },
      });
      return { id };
    }),
  );
  const { salt: _, ...batch } = await requireBatch(id);
  return batch;
}

type BatchRow = typeof codeBatches.$inferSelect;
/** With how often its codes were redeemed, and by whom it was made; null: in a terminal, or somebody gone. */
export type BatchView = Omit<BatchRow, "salt"> & { used: number; createdByMail: string | null };

/** A page's end, from which the next goes on. */
export type BatchCursor = { at: Date; id: string };

/** Batches, the newest first. */
export async function listBatches({
  limit,
  before,
}: {
  limit: number;
  before?: BatchCursor | undefined;
}): Promise<{ batches: BatchView[]; next: BatchCursor | null }> {
  const isBefore =
    before &&
    sql`(${codeBatches.createdAt}, ${codeBatches.id}) < (${before.at.toISOString()}::timestamptz, ${before.id})`;
  const rows = await select(isBefore, limit + 1);
  const batches = rows.slice(0, limit).map(({ salt: _, ...batch }) => batch);
  const last = batches.at(-1);
  return { batches, next: rows.length > limit && last ? { at: last.createdAt, id: last.id } : null };
}

/** @throws Refusal not_found */
async function requireBatch(id: Id<"batch">): Promise<BatchView & Pick<BatchRow, "salt">> {
  const [batch] = await select(eq(codeBatches.id, id), 1);
  if (!batch) throw new Refusal("not_found");
  return batch;
}

async function select(where: SQL | undefined, limit: number) {
  const rows = await db()
    .select({
      batch: codeBatches,
      createdByMail: users.email,
      used: sql<number>`(select coalesce(sum(c.used), 0) from redeem_codes c where c.batch_id = ${codeBatches.id})::int`,
    })
    .from(codeBatches)
    .leftJoin(users, eq(users.id, codeBatches.createdBy))
    .where(where)
    .orderBy(desc(codeBatches.createdAt), desc(codeBatches.id))
    .limit(limit);
  return rows.map(({ batch, ...rest }) => ({ ...batch, ...rest }));
}

/** The codes of a request: whoever has neither its key nor the site's secret cannot tell them. */
function codesOf(key: string, salt: string, count: number): string[] {
  const secret = authSecret();
  return Array.from({ length: count }, (_, place) =>
    codeOf(createHmac("sha256", secret).update(`code ${salt} ${place} ${key}`).digest()),
  );
}

// Crockford's: no I, L, O or U, which are read as 1, 1, 0 and V.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** 80 of the bits, 5 to a character. */
function codeOf(bytes: Uint8Array): string {
  const characters = [...bytes.subarray(0, 16)].map((byte) => alphabet.charAt(byte & 31)).join("");
  return (characters.match(/.{4}/g) ?? []).join("-");
}
