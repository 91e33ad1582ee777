import { and, eq, isNotNull, isNull, notExists, or, sql } from "drizzle-orm";
import { db, type Tx } from "#platform/db";
import { log } from "#platform/log";
import {
  checkouts,
  customers,
  invoiceLines,
  invoices,
  lotPayments,
  paymentChanges,
  rollups,
  stripeEvents,
  subscriptionChanges,
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
 * stay as they are. What was paid with real money is never taken out, whatever the keys; nor what was paid by
 * somebody whose mode nobody knows.
 */

type Customer = Judged & Pick<typeof customers.$inferSelect, "livemode">;
type Judged = Pick<typeof customers.$inferSelect, "accountId" | "stripeId">;

/** How many customers of unknown mode are asked for at once, by whoever waits for the answer. */
const askedAtOnce = 50;

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

/** Asks Stripe. @returns how many customers whose mode is not known the keys do not know either, of the first 50 */
export async function countUnknown(): Promise<number> {
  const rows = await db()
    .select({ stripeId: customers.stripeId })
    .from(customers)
    .where(and(isNotNull(customers.stripeId), isNull(customers.livemode)))
    .orderBy(customers.accountId)
    .limit(askedAtOnce);
  let unknown = 0;
  for (const { stripeId } of rows) if (stripeId && !(await isKnown(stripeId))) unknown++;
  return unknown;
}

/** Whether nobody paid real money by it, as far as can be known, and these keys know nothing of it. */
export async function isLeftOver({ accountId, stripeId, livemode }: Customer): Promise<boolean> {
  if (livemode === true || !stripeId) return false;
  if (livemode === false) return takesRealMoney() || !(await isKnown(stripeId));
  if (!takesRealMoney() || (await isKnown(stripeId))) return false;
  return (await db().$count(customers, and(eq(customers.accountId, accountId), isPlay(db())))) > 0;
}

/** Of test mode, or of a mode that is not known and with nothing paid. */
function isPlay(queryable: Pick<Tx, "select">) {
  const paid = queryable
    .select({ id: invoices.id })
    .from(invoices)
    .where(and(eq(invoices.accountId, customers.accountId), eq(invoices.status, "paid")));
  return or(eq(customers.livemode, false), and(isNull(customers.livemode), notExists(paid)));
}

/** Whose mode is not known has it from the events that told of him. */
export async function learnModes(): Promise<void> {
  await db()
    .update(customers)
    .set({ livemode: sql`${stripeEvents.livemode}` })
    .from(stripeEvents)
    .where(and(isNull(customers.livemode), eq(stripeEvents.stripeCustomerId, customers.stripeId)));
}

/** With live keys, takes what is left of test mode out of the books. @returns of how many customers */
export async function forgetTestMode(): Promise<number> {
  await learnModes();
  if (!takesRealMoney()) return 0;
  const rows = await db().select().from(customers).where(eq(customers.livemode, false));
  let forgotten = 0;
  for (const row of rows) if (await forget(row)) forgotten++;
  return forgotten;
}

/**
 * Takes a customer's play money out of the books: of the very customer that was judged, for the account may
 * have another by now.
 * @returns false when there was nothing of the kind
 */
export async function forget({ accountId, stripeId }: Judged): Promise<boolean> {
  if (!stripeId) return false;
  return db().transaction(async (tx) => {
    const mine = and(eq(customers.accountId, accountId), eq(customers.stripeId, stripeId));
    // Locked before it is judged: what is written of a customer is written with its row locked.
    await tx.select({ locked: customers.accountId }).from(customers).where(mine).for("update");
    const [found] = await tx
      .select()
      .from(customers)
      .where(and(mine, isPlay(tx)));
    if (!found) return false;
    await tx.delete(topUpCharges).where(eq(topUpCharges.accountId, accountId));
    await tx.delete(topUps).where(eq(topUps.accountId, accountId));
    await tx.delete(checkouts).where(eq(checkouts.accountId, accountId));
    await tx.delete(trials).where(eq(trials.accountId, accountId));
    await tx.delete(invoiceLines).where(eq(invoiceLines.accountId, accountId));
    await tx.delete(invoices).where(eq(invoices.accountId, accountId));
    await tx.delete(subscriptions).where(eq(subscriptions.accountId, accountId));
    // Nor did it ever earn anything: figures that were made with it are made anew.
    await tx.delete(subscriptionChanges).where(eq(subscriptionChanges.accountId, accountId));
    await tx.delete(paymentChanges).where(eq(paymentChanges.accountId, accountId));
    await tx.delete(rollups);
    // The lots stay; that somebody had paid for them does not.
    await tx.delete(lotPayments).where(eq(lotPayments.accountId, accountId));
    await tx.delete(customers).where(mine);
    log().info({ accountId, customer: stripeId }, "a customer of Stripe's test mode was set aside");
    return true;
  });
}

export async function isKnown(stripeId: string): Promise<boolean> {
  try {
    return (await stripe().customers.retrieve(stripeId)).deleted !== true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
