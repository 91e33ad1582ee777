import { and, eq, isNotNull } from "drizzle-orm";
import { db } from "#platform/db";
import type { Id } from "#platform/id";
import { log } from "#platform/log";
import {
  checkouts,
  customers,
  invoiceLines,
  invoices,
  lotPayments,
  subscriptions,
  topUpCharges,
  topUps,
  trials,
} from "#schema";
import { isMissing, stripe, takesRealMoney } from "./stripe";

/**
 * A site that was tried with test keys, or with the sandbox, and then gets others. What Stripe's test mode
 * knows of a customer does not exist for the new keys, and nobody paid for it: it is taken out of the books,
 * so that no plan, trial or revenue is left of it, and the next purchase begins with a new customer. Credits
 * stay as they are. What was paid with real money is never taken out, whatever the keys.
 */

type AccountId = Id<"account">;
type Customer = Pick<typeof customers.$inferSelect, "accountId" | "stripeId" | "livemode">;

/** Whether the keys are of the mode in which the customer was made; unknown is as good as yes. */
export function isOfOurMode({ livemode }: Pick<Customer, "livemode">): boolean {
  return livemode === null || livemode === takesRealMoney();
}

/** How many customers the keys do not reach, because they are of the other mode. */
export async function countOfOtherMode(): Promise<number> {
  return db().$count(
    customers,
    and(isNotNull(customers.stripeId), eq(customers.livemode, !takesRealMoney())),
  );
}

/** Whether it is play money, and these keys know nothing of it. */
export async function isLeftOver({ stripeId, livemode }: Customer): Promise<boolean> {
  if (livemode !== false || !stripeId) return false;
  return takesRealMoney() || !(await isKnown(stripeId));
}

/** With live keys, takes what is left of test mode out of the books. @returns of how many customers */
export async function forgetTestMode(): Promise<number> {
  if (!takesRealMoney()) return 0;
  const rows = await db()
    .select({ accountId: customers.accountId })
    .from(customers)
    .where(eq(customers.livemode, false));
  for (const { accountId } of rows) await forget(accountId);
  return rows.length;
}

/** Takes a customer's play money out of the books; a row that is not of test mode is left alone. */
export async function forget(accountId: AccountId): Promise<void> {
  await db().transaction(async (tx) => {
    const mine = and(eq(customers.accountId, accountId), eq(customers.livemode, false));
    const [found] = await tx.select().from(customers).where(mine).for("update");
    if (!found) return;
    await tx.delete(topUpCharges).where(eq(topUpCharges.accountId, accountId));
    await tx.delete(topUps).where(eq(topUps.accountId, accountId));
    await tx.delete(checkouts).where(eq(checkouts.accountId, accountId));
    await tx.delete(trials).where(eq(trials.accountId, accountId));
    await tx.delete(invoiceLines).where(eq(invoiceLines.accountId, accountId));
    await tx.delete(invoices).where(eq(invoices.accountId, accountId));
    await tx.delete(subscriptions).where(eq(subscriptions.accountId, accountId));
    // The lots stay; that somebody had paid for them does not.
    await tx.delete(lotPayments).where(eq(lotPayments.accountId, accountId));
    await tx.delete(customers).where(mine);
    log().info({ accountId, customer: found.stripeId }, "a customer of Stripe's test mode was set aside");
  });
}

async function isKnown(stripeId: string): Promise<boolean> {
  try {
    return (await stripe().customers.retrieve(stripeId)).deleted !== true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
