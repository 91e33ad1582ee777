import { createHash } from "node:crypto";
import { and, eq, lt, or, sql } from "drizzle-orm";
import { applyCommands } from "#ledger";
import { type Actor, recordAct } from "#platform/audit";
import { db, type Tx } from "#platform/db";
import type { Id } from "#platform/id";
import { moneyNow } from "#platform/money-clock";
import { Refusal } from "#platform/refusal";
import { codeBatches, redeemCodes, redemptions } from "#schema";

/**
 * Redeem codes: credits for whoever enters one, each person a code once. A code is kept as a hash, so it can be
 * read only where it was made (code-batch.ts).
 */

export type Redemption = { credits: bigint; expiresAt: Date | null; repeated: boolean };
export type Redeemer = { accountId: Id<"account">; by: Actor };

/**
 * Redeems a code: the use counted, the credits granted and the act recorded in one transaction, with the code's
 * row locked, so that no more people than it has uses get anything.
 * @throws Refusal code_unknown, code_expired, code_used_up, code_redeemed, code_once when the person had another
 *   of a batch of which each gets one, idempotency_conflict
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
    const batch = await lockBatch(tx, code.batchId);
    const onlyOf = batch.oncePerPerson ? batch.id : null;
    const asked = { accountId: redeemer.accountId, codeId: code.id, onlyOf, idempotencyKey };
    const earlier = await findEarlier(tx, asked);
    if (earlier) return { credits: earlier.credits, expiresAt: earlier.expiresAt, repeated: true };
    const now = await moneyNow(tx);
    const isOver = batch.expiresAt && batch.expiresAt.getTime() <= now.getTime();
    if (batch.endedAt || isOver) throw new Refusal("code_expired");
    await countUse(tx, code.id);
    return grantCode(tx, redeemer, batch, asked, now);
  });
}

type Batch = typeof codeBatches.$inferSelect;

/** The code's batch, which nobody ends before the transaction has. */
async function lockBatch(tx: Tx, id: Id<"batch">): Promise<Batch> {
  const [batch] = await tx.select().from(codeBatches).where(eq(codeBatches.id, id)).for("share");
  if (!batch) throw new Error(`a code's batch ${id} is not there`);
  return batch;
}

type Asked = {
  accountId: Id<"account">;
  codeId: Id<"code">;
  /** The batch, when of it a person may redeem one code only. */
  onlyOf: Id<"batch"> | null;
  idempotencyKey: string;
};

/** The redemption that this very request made before. @throws Refusal when another request made it */
async function findEarlier(tx: Tx, { accountId, codeId, onlyOf, idempotencyKey }: Asked) {
  const earlier = await tx
    .select()
    .from(redemptions)
    .where(
      and(
        eq(redemptions.accountId, accountId),
        or(
          eq(redemptions.codeId, codeId),
          eq(redemptions.idempotencyKey, idempotencyKey),
          onlyOf ? eq(redemptions.onlyOf, onlyOf) : undefined,
        ),
      ),
    );
  if (earlier.some((one) => one.idempotencyKey === idempotencyKey && one.codeId !== codeId)) {
    throw new Refusal("idempotency_conflict");
  }
  const same = earlier.find((one) => one.codeId === codeId);
  if (same && same.idempotencyKey !== idempotencyKey) throw new Refusal("code_redeemed");
  if (!same && earlier.length > 0) throw new Refusal("code_once");
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
  { by }: Redeemer,
  { credits, lifetimeDays }: Batch,
  asked: Asked,
  now: Date,
): Promise<Redemption> {
  const { accountId, codeId } = asked;
  const expiresAt = lifetimeDays === null ? null : new Date(now.getTime() + lifetimeDays * 86_400_000);
  const made = await tx
    .insert(redemptions)
    .values({ ...asked, credits, expiresAt, createdAt: now })
    .onConflictDoNothing()
    .returning({ codeId: redemptions.codeId });
  if (made.length === 0) {
    // The same key, or another code of the batch, at the same moment: now it is there to be seen.
    await findEarlier(tx, asked);
    throw new Refusal("idempotency_conflict");
  }
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

/** However it was typed: case, dashes and spaces do not matter, nor do letters that look like digits. */
export function hashOf(text: string): string {
  const plain = text
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, "")
    .replaceAll("O", "0")
    .replace(/[IL]/g, "1")
    .replaceAll("U", "V");
  return createHash("sha256").update(plain).digest("base64url");
}
