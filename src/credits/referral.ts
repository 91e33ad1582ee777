import { randomBytes } from "node:crypto";
import { and, asc, eq, inArray, sql } from "drizzle-orm";
import type { Task } from "graphile-worker";
import { z } from "zod";
import { mailboxOf } from "#identity";
import { type AccountId, type Command, readBalance } from "#ledger";
import { config } from "#platform/config";
import { db, type Queryable, type Tx } from "#platform/db";
import { newId } from "#platform/id";
import { moneyNow } from "#platform/money-clock";
import { isReferralCode, referralParameter } from "#platform/referral-link";
import { accounts, referralLinks, referrals, users } from "#schema";

/**
 * Referrals: who signs up by somebody's link is theirs, and once they have paid their first invoice both get
 * credits, once: both or neither. A refund of that invoice takes back what is unspent of both.
 */

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** Gives the account its link, once. */
export async function openReferralLink(queryable: Queryable, accountId: AccountId): Promise<void> {
  const code = [...randomBytes(10)].map((byte) => alphabet.charAt(byte & 31)).join("");
  await queryable.insert(referralLinks).values({ accountId, code }).onConflictDoNothing();
}

/** Remembers who sent somebody new: `{ userId, code }`. */
export const referred: Task = async (payload) => {
  const { userId, code } = z.object({ userId: z.string(), code: z.string() }).parse(payload);
  if (!isReferralCode(code)) return;
  const [somebody] = await ownersWhere(eq(users.id, sql`${userId}`));
  const [link] = await db().select().from(referralLinks).where(eq(referralLinks.code, code));
  if (!somebody || !link) return;
  const [referrer] = await ownersWhere(eq(accounts.id, link.accountId));
  // The same mailbox by another spelling is the same person.
  if (!referrer || mailboxOf(referrer.email).mailbox === mailboxOf(somebody.email).mailbox) return;
  await db()
    .insert(referrals)
    .values({ accountId: somebody.accountId, referrerId: referrer.accountId })
    .onConflictDoNothing();
};

/** An account's first paid invoice. */
export type FirstInvoice = { accountId: AccountId; invoiceId: string };

/**
 * What the first paid invoice of somebody who was referred earns both sides: two grants, or nothing. Apply them
 * with the transaction's other commands, in one group, so that both stand or neither. Called again, for this
 * invoice or a later one, it gives nothing.
 */
export async function rewardReferral(tx: Tx, { accountId, invoiceId }: FirstInvoice): Promise<Command[]> {
  const credits = BigInt(config().REFERRAL_CREDITS);
  const referral = await lockReferral(tx, accountId);
  if (referral?.status !== "waiting" || credits === 0n) return [];
  await lockBoth(tx, accountId, referral.referrerId);
  const referrerGrantId = newId("grant");
  const grantId = newId("grant");
  await tx
    .update(referrals)
    .set({
      ...{ status: "rewarded", invoiceId, credits, referrerGrantId, grantId },
      rewardedAt: await moneyNow(tx),
    })
    .where(eq(referrals.accountId, accountId));
  const reward = { verb: "grant", source: "referral", cause: "referral", credits, expiresAt: null } as const;
  const key = `referral:${accountId}`;
  return [
    { ...reward, key, accountId: referral.referrerId, grantId: referrerGrantId },
    { ...reward, key, accountId, grantId, reference: { type: "invoice", id: invoiceId } },
  ];
}

/**
 * What the refund of that invoice takes back: the unspent part of both rewards. Apply them as above. When it
 * comes before the reward, there will be none.
 */
export async function reverseReferral(tx: Tx, { accountId, invoiceId }: FirstInvoice): Promise<Command[]> {
  const referral = await lockReferral(tx, accountId);
  if (!referral || referral.status === "reversed") return [];
  if (referral.status === "rewarded" && referral.invoiceId !== invoiceId) return [];
  await tx.update(referrals).set({ status: "reversed", invoiceId }).where(eq(referrals.accountId, accountId));
  const { referrerId, referrerGrantId, grantId } = referral;
  if (!referrerGrantId || !grantId) return [];
  await lockBoth(tx, accountId, referrerId);
  const taken: Command[] = [];
  for (const side of [
    { accountId: referrerId, grantId: referrerGrantId },
    { accountId, grantId },
  ]) {
    const { lots } = await readBalance(tx, side.accountId);
    const credits = lots.find((lot) => lot.grantId === side.grantId)?.remaining ?? 0n;
    const key = `referral:${accountId}:reversal`;
    if (credits > 0n) taken.push({ verb: "reverse", ...side, key, credits, cause: "referral" });
  }
  return taken;
}

export type ReferralView = {
  link: string;
  /** What each side gets. */
  credits: number;
  /** How many signed up by it, how many of them have paid, and what that earned. */
  signedUp: number;
  rewarded: number;
  earned: bigint;
};

/** The account's link and what came of it; null before its address is confirmed, or when referrals are off. */
export async function readReferrals(accountId: AccountId): Promise<ReferralView | null> {
  const credits = config().REFERRAL_CREDITS;
  const [row] = await db()
    .select({
      code: referralLinks.code,
      signedUp: sql<number>`count(${referrals.accountId})::int`,
      rewarded: sql<number>`(count(*) filter (where ${referrals.status} = 'rewarded'))::int`,
      earned: sql<bigint>`coalesce(sum(${referrals.credits}) filter (where ${referrals.status} = 'rewarded'), 0)::int8`,
    })
    .from(referralLinks)
    .leftJoin(referrals, eq(referrals.referrerId, referralLinks.accountId))
    .where(eq(referralLinks.accountId, accountId))
    .groupBy(referralLinks.code);
  if (!row || credits === 0) return null;
  const { code, ...came } = row;
  return { link: `${config().baseUrl}/?${referralParameter}=${code}`, credits, ...came };
}

/** The ledger's own locks, in its order and taken early: what is unspent now is so until the commit. */
async function lockBoth(tx: Tx, ...ids: [AccountId, AccountId]): Promise<void> {
  await tx
    .select({ id: accounts.id })
    .from(accounts)
    .where(inArray(accounts.id, ids))
    .orderBy(asc(accounts.id))
    .for("update");
}

async function lockReferral(tx: Tx, accountId: AccountId) {
  const [referral] = await tx
    .select()
    .from(referrals)
    .where(eq(referrals.accountId, accountId))
    .for("update");
  return referral;
}

async function ownersWhere(condition: ReturnType<typeof eq>) {
  return db()
    .select({ accountId: accounts.id, email: users.email })
    .from(accounts)
    .innerJoin(users, and(eq(accounts.ownerType, "user"), eq(users.id, sql`${accounts.ownerId}`)))
    .where(condition);
}
