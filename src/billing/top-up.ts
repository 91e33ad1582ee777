import { and, desc, eq, gte, inArray, isNull, sql } from "drizzle-orm";
import type { Task } from "graphile-worker";
import Stripe from "stripe";
import { z } from "zod";
import { isSuspended } from "#identity";
import { readBalance } from "#ledger";
import { config } from "#platform/config";
import { db, type Queryable, type Tx } from "#platform/db";
import { type Id, isId, newId } from "#platform/id";
import { moneyNow } from "#platform/money-clock";
import { enqueue } from "#platform/queue";
import { Refusal } from "#platform/refusal";
import { accounts, customers, invoices, prices, topUpCharges, topUps, users } from "#schema";
import { type Currency, packLookupKey } from "./catalogue";
import { openCustomer } from "./customer";
import { writeLetter } from "./letters";
import { isOfOurMode } from "./play-money";
import { findOnSale, type Price, requireOnSale } from "./price";
import { topUpMark } from "./state";
import { stripe } from "./stripe";
import { findLive, lockCustomer, syncAccount } from "./sync";
import { type Failure, failTopUp, failureOf } from "./top-up-charge";

/**
 * Auto top-up: when the credits run low, a pack is bought with the card on file. One charge at a time, never
 * above the monthly limit, none while the customer is suspended, and none after a refusal until the card is another.
 */

type AccountId = Id<"account">;
type Charge = typeof topUpCharges.$inferSelect;
type Customer = typeof customers.$inferSelect;

export type TopUpSettings =
  | { enabled: false }
  | {
      enabled: true;
      thresholdCredits: number;
      packId: string;
      monthlyLimitCents: number;
      currency: Currency;
    };

/**
 * Turns it on, changes or ends it.
 * @throws Refusal invalid_request for a limit below one pack; currency_fixed; payments_off
 */
export async function changeTopUp(accountId: AccountId, settings: TopUpSettings): Promise<void> {
  if (!settings.enabled) {
    await db().update(topUps).set({ enabled: false }).where(eq(topUps.accountId, accountId));
    return;
  }
  const { packId, currency, monthlyLimitCents } = settings;
  const price = await requireOnSale(db(), packLookupKey(packId, currency));
  if (monthlyLimitCents < price.amountCents) {
    const message = `At least the price of one pack, ${price.amountCents}.`;
    throw new Refusal("invalid_request", { errors: [{ path: "monthlyLimitCents", message }] });
  }
  const live = await findLive(db(), accountId);
  if (live && live.price.currency !== currency) {
    throw new Refusal("currency_fixed", { currency: live.price.currency });
  }
  await openCustomer(accountId);
  const columns = {
    ...{ enabled: true, packId, currency, monthlyLimitCents },
    ...{ thresholdCredits: BigInt(settings.thresholdCredits), updatedAt: new Date() },
  };
  await db()
    .insert(topUps)
    .values({ accountId, ...columns })
    .onConflictDoUpdate({ target: topUps.accountId, set: columns });
  await db()
    .update(topUps)
    .set({ pausedReason: null, pausedAt: null, pausedCardId: null, pausedCard: null })
    .where(and(eq(topUps.accountId, accountId), eq(topUps.pausedReason, "other")));
  await askTopUp(db(), accountId);
}

/** What auto top-up has charged since the month began (UTC), what is on its way included. */
export async function spentThisMonth(
  queryable: Queryable,
  accountId: AccountId,
  now: Date,
): Promise<{ cents: number; monthEndsAt: Date }> {
  const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
  const [row] = await queryable
    .select({ cents: sql<number>`coalesce(sum(${topUpCharges.amountCents}), 0)::int` })
    .from(topUpCharges)
    .where(
      and(
        eq(topUpCharges.accountId, accountId),
        inArray(topUpCharges.status, ["pending", "paid"]),
        gte(topUpCharges.createdAt, month),
      ),
    );
  return {
    cents: row?.cents ?? 0,
    monthEndsAt: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)),
  };
}

async function askTopUp(queryable: Queryable, accountId: AccountId): Promise<void> {
  const key = `billing.top-up:${accountId}`;
  await enqueue(queryable, "billing.top-up", { accountId }, { key, maxAttempts: 8 });
}

/** Asks for a charge wherever the credits are low, and for those that got stuck on their way. */
export const sweepTopUps: Task = async () => {
  const rows = await db()
    .select({ accountId: topUps.accountId })
    .from(topUps)
    .innerJoin(accounts, eq(accounts.id, topUps.accountId))
    .leftJoin(users, and(eq(accounts.ownerType, "user"), eq(users.id, accounts.ownerId)))
    .where(
      and(
        eq(topUps.enabled, true),
        sql`${topUps.pausedReason} is null`,
        isNull(users.suspendedAt),
        sql`${accounts.available} < ${topUps.thresholdCredits}`,
      ),
    );
  for (const { accountId } of rows) await askTopUp(db(), accountId);
};

/** Charges once, if it is needed: `{ accountId }`. Run again after a fault it goes on with the same charge. */
export const topUp: Task = async (payload) => {
  const { accountId } = z.object({ accountId: z.string() }).parse(payload);
  if (!isId("account", accountId)) throw new Error("billing.top-up needs an accountId");
  await withdrawUnconfirmed(accountId);
  const begun = await begin(accountId);
  if (!begun) return;
  const { charge, stripeId, price } = begun;
  try {
    if (!(await collect(charge, stripeId, price))) await giveUp(charge, "limit");
  } catch (error) {
    const failure = failureOf(error);
    if (!failure) throw error;
    await giveUp(charge, failure);
  }
  await syncAccount(accountId);
};

/**
 * Voids what waits for a confirmation before another charge is made, or both would be paid for one need. One
 * that was confirmed this very moment is paid: then its credits are here, and the need may be over.
 */
async function withdrawUnconfirmed(accountId: AccountId): Promise<void> {
  const waiting = await db()
    .select({ id: invoices.id })
    .from(topUpCharges)
    .innerJoin(topUps, and(eq(topUps.accountId, topUpCharges.accountId), isNull(topUps.pausedReason)))
    .innerJoin(invoices, and(eq(invoices.id, topUpCharges.invoiceId), eq(invoices.status, "open")))
    .where(and(eq(topUpCharges.accountId, accountId), eq(topUpCharges.status, "failed")));
  if (waiting.length === 0) return;
  for (const { id } of waiting) {
    await stripe()
      .invoices.voidInvoice(id)
      .catch((error: unknown) => {
        if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
      });
  }
  await syncAccount(accountId);
}

/** Decides, with the customer locked, and writes the intention down before anything is charged. */
async function begin(accountId: AccountId) {
  return db().transaction(async (tx) => {
    const customer = await lockCustomer(tx, accountId);
    // What was begun before they were suspended waits as well.
    if (await isSuspended(tx, accountId)) return null;
    const [settings] = await tx.select().from(topUps).where(eq(topUps.accountId, accountId));
    const { packId, currency, thresholdCredits, monthlyLimitCents } = settings ?? {};
    if (!settings || !packId || !currency || !customer.stripeId || !isOfOurMode(customer)) return null;
    const [pending] = await tx
      .select()
      .from(topUpCharges)
      .where(and(eq(topUpCharges.accountId, accountId), eq(topUpCharges.status, "pending")));
    // What was begun goes on at its own price, whatever was published meanwhile.
    const price = pending
      ? await requirePrice(tx, pending.priceId)
      : await findOnSale(tx, packLookupKey(packId, currency));
    // Its pack was archived: it waits until its owner has chosen another.
    if (!price) {
      await pauseUnsold(tx, customer, settings.pausedReason !== null);
      return null;
    }
    if (!price.stripePriceId) throw new Refusal("payments_off");
    const found = { stripeId: customer.stripeId, price };
    if (pending) return { charge: pending, ...found };
    if (!settings.enabled || settings.pausedReason || customer.flag === "dispute" || !customer.cardId)
      return null;
    const { available } = await readBalance(tx, accountId);
    if (available >= (thresholdCredits ?? 0n)) return null;
    const now = await moneyNow(tx);
    const { cents, monthEndsAt } = await spentThisMonth(tx, accountId, now);
    const limit = monthlyLimitCents ?? 0;
    if (cents + (await likelyCents(tx, accountId, price)) > limit) {
      const key = `top-up-limit:${accountId}:${monthEndsAt.toISOString().slice(0, 7)}:${limit}`;
      await writeLetter(tx, accountId, { kind: "topUpLimit", key, amount: { amountCents: limit, currency } });
      return null;
    }
    const [charge] = await tx
      .insert(topUpCharges)
      .values({
        ...{ id: newId("topUp"), accountId, priceId: price.id, cardId: customer.cardId },
        ...{ amountCents: price.amountCents, currency, createdAt: now },
      })
      .returning();
    return charge ? { charge, ...found } : null;
  });
}

async function requirePrice(tx: Tx, id: Price["id"]): Promise<Price> {
  const [price] = await tx.select().from(prices).where(eq(prices.id, id));
  if (!price) throw new Error(`there is no price ${id}`);
  return price;
}

async function pauseUnsold(
  tx: Tx,
  { accountId, cardId }: Pick<Customer, "accountId" | "cardId">,
  pausedAlready: boolean,
): Promise<void> {
  if (pausedAlready) return;
  await tx
    .update(topUps)
    // The same card does not resume it: another pack does.
    .set({ pausedReason: "other", pausedAt: sql`money_now()`, pausedCardId: cardId })
    .where(eq(topUps.accountId, accountId));
  const key = `top-up-unsold:${accountId}:${(await moneyNow(tx)).toISOString()}`;
  await writeLetter(tx, accountId, { kind: "topUpUnsold", key });
}

/** What a pack will charge: its price, or what it came to last time, with tax. */
async function likelyCents(tx: Tx, accountId: AccountId, price: Price): Promise<number> {
  const [last] = await tx
    .select({ amountCents: topUpCharges.amountCents })
    .from(topUpCharges)
    .where(and(eq(topUpCharges.accountId, accountId), eq(topUpCharges.priceId, price.id)))
    .orderBy(desc(topUpCharges.createdAt), desc(topUpCharges.id))
    .limit(1);
  return Math.max(price.amountCents, last?.amountCents ?? 0);
}

/**
 * Each step with a key of the charge's: however often it is tried, there is one invoice, paid once.
 * @returns false when with its tax it would pass the monthly limit: then nothing is paid
 */
async function collect(charge: Charge, customer: string, price: Price): Promise<boolean> {
  const client = stripe();
  const key = (step: string) => ({ idempotencyKey: `${charge.id}:${step}` });
  const invoice = await client.invoices.create(
    {
      ...{ customer, currency: charge.currency, auto_advance: false },
      ...{ collection_method: "charge_automatically", pending_invoice_items_behavior: "exclude" },
      ...(config().STRIPE_TAX && { automatic_tax: { enabled: true } }),
      metadata: { ...topUpMark, charge: charge.id },
    },
    key("invoice"),
  );
  await db().update(topUpCharges).set({ invoiceId: invoice.id }).where(eq(topUpCharges.id, charge.id));
  const item = { customer, invoice: invoice.id, pricing: { price: price.stripePriceId ?? "" } };
  await client.invoiceItems.create(item, key("item"));
  const { amount_due: amountCents } = await client.invoices.finalizeInvoice(
    invoice.id,
    { auto_advance: false },
    key("finalize"),
  );
  await db().update(topUpCharges).set({ amountCents }).where(eq(topUpCharges.id, charge.id));
  if (amountCents > charge.amountCents && !(await isWithinLimit(charge))) return false;
  const pay = { off_session: true, ...(charge.cardId && { payment_method: charge.cardId }) };
  await client.invoices.pay(invoice.id, pay, key("pay"));
  return true;
}

async function isWithinLimit({ accountId, createdAt }: Charge): Promise<boolean> {
  const [settings] = await db().select().from(topUps).where(eq(topUps.accountId, accountId));
  const { cents } = await spentThisMonth(db(), accountId, createdAt);
  return cents <= (settings?.monthlyLimitCents ?? 0);
}

async function giveUp(charge: Charge, failure: Failure): Promise<void> {
  const [row] = await db().select().from(topUpCharges).where(eq(topUpCharges.id, charge.id));
  const client = stripe();
  const invoice = row?.invoiceId ? await client.invoices.retrieve(row.invoiceId) : null;
  // A confirmation is the customer's to give, so that invoice stays open; any other is withdrawn.
  const open = invoice?.status === "open";
  if (invoice && open && failure !== "authentication_required") await client.invoices.voidInvoice(invoice.id);
  const payUrl = open && failure === "authentication_required" ? (invoice?.hosted_invoice_url ?? null) : null;
  await db().transaction(async (tx) => {
    await tx.select().from(customers).where(eq(customers.accountId, charge.accountId)).for("update");
    await failTopUp(tx, charge, failure, payUrl);
  });
}
