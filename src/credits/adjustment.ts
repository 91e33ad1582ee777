import { createHash } from "node:crypto";
import { and, eq, sql } from "drizzle-orm";
import { type AccountId, applyCommands, type Balance, type Command, readBalance, smaller } from "#ledger";
import { type Actor, recordAct } from "#platform/audit";
import { db, type Tx } from "#platform/db";
import { type Id, newId } from "#platform/id";
import { moneyNow } from "#platform/money-clock";
import { Refusal } from "#platform/refusal";
import { accounts, adjustments } from "#schema";

/**
 * Credits given or taken by staff. What is taken are unspent credits only: never below zero, never from a run
 * that is going, and the answer says how many it were.
 */

export type Adjustment = {
  userId: Id<"user">;
  /** Signed, not 0. */
  credits: bigint;
  /** Of what is given: when it expires; null is never. */
  expiresAt: Date | null;
  /** What is given as: to make good, or as a gift. */
  source: "adjustment" | "promo";
};

/** What an adjustment comes to: how many credits move, and what can be spent before and after. */
export type Adjusted = { moved: bigint; before: bigint; after: bigint };

/** @throws Refusal adjustment_too_large when it is more than `limit` (null: none) */
function requireWithin({ credits }: Adjustment, limit: bigint | null): void {
  const size = credits < 0n ? -credits : credits;
  if (limit !== null && size > limit) throw new Refusal("adjustment_too_large", { limit: Number(limit) });
}

/**
 * What an adjustment would come to now.
 * @throws Refusal not_found for nobody, adjustment_too_large
 */
export async function previewAdjustment(adjustment: Adjustment, limit: bigint | null): Promise<Adjusted> {
  requireWithin(adjustment, limit);
  const balance = await readBalance(db(), await requireAccountOf(adjustment.userId));
  return decide(adjustment, balance);
}

/**
 * Adjusts a customer's credits, with the reason in the audit log, in one transaction. The same key again gives
 * the first result.
 * @throws Refusal as above, idempotency_conflict
 */
export async function adjustCredits(
  adjustment: Adjustment,
  { by, reason, limit, key }: { by: Actor; reason: string; limit: bigint | null; key: string },
): Promise<Adjusted & { repeated: boolean }> {
  requireWithin(adjustment, limit);
  const accountId = await requireAccountOf(adjustment.userId);
  const hash = hashOf(adjustment);
  return db().transaction(async (tx) => {
    // The ledger's own lock, taken early: what is decided from the balance stays true until the commit.
    await tx.select({ id: accounts.id }).from(accounts).where(eq(accounts.id, accountId)).for("update");
    const [earlier] = await tx
      .select()
      .from(adjustments)
      .where(and(eq(adjustments.accountId, accountId), eq(adjustments.idempotencyKey, key)));
    if (earlier && earlier.hash !== hash) throw new Refusal("idempotency_conflict");
    if (earlier)
      return { moved: earlier.moved, before: earlier.before, after: earlier.after, repeated: true };
    const balance = await readBalance(tx, accountId);
    const adjusted = decide(adjustment, balance);
    const id = newId("adjustment");
    await tx.insert(adjustments).values({
      ...{ id, accountId, idempotencyKey: key, hash, asked: adjustment.credits, ...adjusted },
      createdAt: await moneyNow(tx),
    });
    await record(tx, { adjustment, adjusted, by, reason });
    await applyCommands(tx, commandsOf(accountId, id, adjustment, balance));
    return { ...adjusted, repeated: false };
  });
}

function decide({ credits }: Adjustment, { available }: Balance): Adjusted {
  // What is taken stops at what can be spent.
  const missing = -credits - available;
  const moved = missing > 0n ? credits + missing : credits;
  return { moved, before: available, after: available + moved };
}

/** A lot to give; to take, the unspent of lots in the order in which they would be spent. */
function commandsOf(
  accountId: AccountId,
  id: Id<"adjustment">,
  { credits, expiresAt, source }: Adjustment,
  { lots }: Balance,
): Command[] {
  const why = { cause: source, reference: { type: "admin", id } } as const;
  if (credits > 0n) return [{ verb: "grant", accountId, key: id, credits, source, expiresAt, ...why }];
  const commands: Command[] = [];
  let missing = -credits;
  for (const { grantId, remaining } of lots) {
    const taken = smaller(missing, remaining);
    if (taken === 0n) continue;
    commands.push({ verb: "reverse", accountId, key: `${id}:${grantId}`, grantId, credits: taken, ...why });
    missing -= taken;
  }
  return commands;
}

async function record(
  tx: Tx,
  {
    adjustment,
    adjusted,
    by,
    reason,
  }: { adjustment: Adjustment; adjusted: Adjusted; by: Actor; reason: string },
): Promise<void> {
  const { userId, credits, expiresAt, source } = adjustment;
  await recordAct(tx, {
    by,
    action: "credits.adjust",
    object: { type: "user", id: userId },
    customerId: userId,
    before: { available: adjusted.before },
    after: { available: adjusted.after, asked: credits, source, ...(credits > 0n && { expiresAt }) },
    reason,
  });
}

async function requireAccountOf(userId: Id<"user">): Promise<AccountId> {
  const [row] = await db()
    .select({ id: accounts.id })
    .from(accounts)
    .where(and(eq(accounts.ownerType, "user"), eq(accounts.ownerId, sql`${userId}`)));
  if (!row) throw new Refusal("not_found");
  return row.id;
}

function hashOf({ credits, expiresAt, source }: Adjustment): string {
  return createHash("sha256")
    .update(`${credits} ${expiresAt?.getTime() ?? "never"} ${source}`)
    .digest("base64url");
}
