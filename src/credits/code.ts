import { createHash, randomBytes } from "node:crypto";
import { and, eq, lt, or, sql } from "drizzle-orm";
import { applyCommands } from "#ledger";
import { type Actor, recordAct } from "#platform/audit";
import { db, type Tx } from "#platform/db";
import { type Id, newId } from "#platform/id";
import { moneyNow } from "#platform/money-clock";
import { Refusal } from "#platform/refusal";
import { redeemCodes, redemptions } from "#schema";

/**
 * Redeem codes: credits for whoever enters one, each person a code once. A code is kept as a hash, so it can be
 * read only where it was made.
 */

export type NewCodes = {
  /** What the operator calls them. */
  batch: string;
  count: number;
  credits: bigint;
  /** How many people may redeem each. */
  uses: number;
  /** So many days after redemption the credits expire; null is never. */
  lifetimeDays: number | null;
  /** Until when they are taken; null is for ever. */
  expiresAt: Date | null;
};

/** Makes codes of 80 random bits. @returns them, this once. */
export async function createCodes(wanted: NewCodes, by: Actor): Promise<string[]> {
  const { batch, count, credits, uses, lifetimeDays, expiresAt } = wanted;
  const codes = Array.from({ length: count }, newCode);
  await db().transaction(async (tx) => {
    for (let first = 0; first < codes.length; first += 1_000) {
      await tx.insert(redeemCodes).values(
        codes.slice(first, first + 1_000).map((code) => ({
          ...{ id: newId("code"), hash: hashOf(code), hint: code.slice(-4) },
          ...{ batch, credits, uses, lifetimeDays, expiresAt },
        })),
      );
    }
    await recordAct(tx, {
      by,
      action: "codes.create",
      object: { type: "codes", id: batch },
      after: { count, credits, uses, lifetimeDays, expiresAt },
    });
  });
  return codes;
}

export type Redemption = { credits: bigint; expiresAt: Date | null; repeated: boolean };
export type Redeemer = { accountId: Id<"account">; by: Actor };

/**
 * Redeems a code: the use counted, the credits granted and the act recorded in one transaction, with the code's
 * row locked, so that no more people than it has uses get anything.
 * @throws Refusal code_unknown, code_expired, code_used_up, code_redeemed, idempotency_conflict
 */
export async function redeemCode(
  redeemer: Redeemer,
  text: string,
  idempotencyKey: string,
): Promise<Redemption> {
  return db().transaction(async (tx) => {
    const [code] = await tx
      .select()
      .from(redeemCodes)
      .where(eq(redeemCodes.hash, hashOf(text)))
      .for("update");
    if (!code) throw new Refusal("code_unknown");
    const earlier = await findEarlier(tx, redeemer.accountId, code.id, idempotencyKey);
    if (earlier) return { credits: earlier.credits, expiresAt: earlier.expiresAt, repeated: true };
    const now = await moneyNow(tx);
    if (code.expiresAt && code.expiresAt.getTime() <= now.getTime()) throw new Refusal("code_expired");
    await countUse(tx, code.id);
    return grantCode(tx, redeemer, code, { idempotencyKey, now });
  });
}

/** The redemption that this very request made before. @throws Refusal when another request made it */
async function findEarlier(tx: Tx, accountId: Id<"account">, codeId: Id<"code">, idempotencyKey: string) {
  const earlier = await tx
    .select()
    .from(redemptions)
    .where(
      and(
        eq(redemptions.accountId, accountId),
        or(eq(redemptions.codeId, codeId), eq(redemptions.idempotencyKey, idempotencyKey)),
      ),
    );
  if (earlier.some((one) => one.idempotencyKey === idempotencyKey && one.codeId !== codeId)) {
    throw new Refusal("idempotency_conflict");
  }
  const [same] = earlier;
  if (same && same.idempotencyKey !== idempotencyKey) throw new Refusal("code_redeemed");
  return same;
}

async function countUse(tx: Tx, codeId: Id<"code">): Promise<void> {
  const used = await tx
    .update(redeemCodes)
    .set({ used: sql`${redeemCodes.used} + 1` })
    .where(and(eq(redeemCodes.id, codeId), lt(redeemCodes.used, redeemCodes.uses)))
    .returning({ id: redeemCodes.id });
  if (used.length === 0) throw new Refusal("code_used_up");
}

async function grantCode(
  tx: Tx,
  { accountId, by }: Redeemer,
  { id: codeId, credits, lifetimeDays }: typeof redeemCodes.$inferSelect,
  { idempotencyKey, now }: { idempotencyKey: string; now: Date },
): Promise<Redemption> {
  const expiresAt = lifetimeDays === null ? null : new Date(now.getTime() + lifetimeDays * 86_400_000);
  const made = await tx
    .insert(redemptions)
    .values({ accountId, codeId, idempotencyKey, credits, expiresAt, createdAt: now })
    .onConflictDoNothing()
    .returning({ codeId: redemptions.codeId });
  // The same key at the same moment with another code.
  if (made.length === 0) throw new Refusal("idempotency_conflict");
  await recordAct(tx, {
    by,
    action: "code.redeem",
    object: { type: "code", id: codeId },
    ...(by.id && { customerId: by.id }),
    after: { credits, expiresAt },
  });
  const grant = { verb: "grant", source: "promo", cause: "code" } as const;
  await applyCommands(tx, [{ ...grant, accountId, key: `code:${codeId}`, credits, expiresAt }]);
  return { credits, expiresAt, repeated: false };
}

// Crockford's: no I, L, O or U, which are read as 1, 1, 0 and V.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

function newCode(): string {
  const characters = [...randomBytes(16)].map((byte) => alphabet.charAt(byte & 31)).join("");
  return (characters.match(/.{4}/g) ?? []).join("-");
}

/** However it was typed: case, dashes and spaces do not matter, nor do letters that look like digits. */
function hashOf(text: string): string {
  const plain = text
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, "")
    .replaceAll("O", "0")
    .replace(/[IL]/g, "1")
    .replaceAll("U", "V");
  return createHash("sha256").update(plain).digest("base64url");
}
