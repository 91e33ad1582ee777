import { createHash } from "node:crypto";
import { and, eq, inArray, isNotNull, ne, or, sql } from "drizzle-orm";
import Stripe from "stripe";
import { config } from "#platform/config";
import { db, type Tx } from "#platform/db";
import { type Id, newId } from "#platform/id";
import { enqueue } from "#platform/queue";
import { Refusal } from "#platform/refusal";
import { checkouts, invoiceLines, invoices, lineGrants, prices, subscriptions, trials } from "#schema";
import { meaningOf } from "./access";
import { type Currency, type Interval, type PlanId, packLookupKey, planLookupKey } from "./catalogue";
import { localeOf, openCustomer } from "./customer";
import { payPage, paysInPage } from "./pay-form";
import { type Price, requireOnSale } from "./price";
import { askStripe } from "./stripe";
import { findLive, lockCustomer, syncAccount } from "./sync";
import { reserveTrial } from "./trial";

/** Buying on Stripe's page, and what came of it. */

type AccountId = Id<"account">;
type Row = typeof checkouts.$inferSelect;

export type CheckoutRequest = {
  currency: Currency;
  returnTo: string;
  /** On Stripe's page, even where the site has a form of its own. */
  hosted?: true | undefined;
} & (
  | { kind: "plan"; planId: Exclude<PlanId, "free">; interval: Interval }
  | { kind: "pack"; packId: string }
);

/**
 * Begins a purchase. The same key with the same request gives the same page.
 * @returns the address of Stripe's page, or of ours with Stripe's form in it
 * @throws Refusal already_subscribed, currency_fixed, account_flagged, idempotency_conflict, payments_off,
 *   payments_unreachable
 */
export async function beginCheckout(
  accountId: AccountId,
  request: CheckoutRequest,
  idempotencyKey: string,
): Promise<string> {
  const customer = await openCustomer(accountId);
  const lookupKey =
    request.kind === "plan"
      ? planLookupKey(request.planId, request.interval, request.currency)
      : packLookupKey(request.packId, request.currency);
  const price = await requireOnSale(db(), lookupKey);
  const { row, others } = await intend(accountId, request, price, idempotencyKey);
  if (row.url) return row.url;
  // Since this key was first used another price has taken its place: it is to be seen before it is paid.
  if (row.priceId !== price.id) throw new Refusal("not_for_sale");
  for (const other of others) await expire(accountId, other);
  const inPage = paysInPage() && !request.hosted;
  const params = { ...sessionOf(row, customer, price, inPage), locale: await localeOf(accountId) };
  const session = await askStripe((client) =>
    client.checkout.sessions.create(params, { idempotencyKey: row.id }),
  );
  const url = inPage ? payPage(session.id) : session.url;
  if (!url) throw new Error(`checkout session ${session.id} has no page`);
  await db().update(checkouts).set({ sessionId: session.id, url }).where(eq(checkouts.id, row.id));
  return url;
}

/** Writes the intention down, with the customer locked: of two at once the second sees the first. */
async function intend(accountId: AccountId, request: CheckoutRequest, price: Price, idempotencyKey: string) {
  const requestHash = createHash("sha256").update(JSON.stringify(request)).digest("base64url");
  return db().transaction(async (tx) => {
    const { flag } = await lockCustomer(tx, accountId);
    const [first] = await tx
      .select()
      .from(checkouts)
      .where(and(eq(checkouts.accountId, accountId), eq(checkouts.idempotencyKey, idempotencyKey)));
    if (first && first.requestHash !== requestHash) throw new Refusal("idempotency_conflict");
    if (first) return { row: first, others: [] };
    if (flag === "dispute") throw new Refusal("account_flagged");
    const live = await findLive(tx, accountId);
    if (live && request.kind === "plan") throw new Refusal("already_subscribed");
    if (live && live.price.currency !== request.currency) {
      throw new Refusal("currency_fixed", { currency: live.price.currency });
    }
    const trial = price.trialDays !== null && (await reserveTrial(tx, accountId));
    const [row] = await tx
      .insert(checkouts)
      .values({
        ...{ id: newId("checkout"), accountId, priceId: price.id, returnTo: request.returnTo },
        ...{ trial, idempotencyKey, requestHash },
      })
      .returning();
    if (!row) throw new Error("the checkout's row was not written");
    return { row, others: request.kind === "plan" ? await openPlanSessions(tx, row) : [] };
  });
}

/** Pages on which the account could still buy another plan. */
async function openPlanSessions(tx: Tx, row: Row): Promise<string[]> {
  const rows = await tx
    .select({ sessionId: checkouts.sessionId })
    .from(checkouts)
    .innerJoin(prices, eq(prices.id, checkouts.priceId))
    .where(
      and(
        eq(checkouts.accountId, row.accountId),
        eq(checkouts.status, "open"),
        eq(prices.kind, "plan"),
        isNotNull(checkouts.sessionId),
        ne(checkouts.id, row.id),
      ),
    );
  return rows.flatMap(({ sessionId }) => sessionId ?? []);
}

/** Closes another page for a plan. One that was paid on cannot be closed: then there is a subscription. */
async function expire(accountId: AccountId, sessionId: string): Promise<void> {
  try {
    await askStripe((client) => client.checkout.sessions.expire(sessionId));
    await db().update(checkouts).set({ status: "expired" }).where(eq(checkouts.sessionId, sessionId));
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    await syncAccount(accountId);
    if (await findLive(db(), accountId)) throw new Refusal("already_subscribed");
  }
}

function sessionOf(
  row: Row,
  customer: string,
  price: Price,
  inPage: boolean,
): Stripe.Checkout.SessionCreateParams {
  const { baseUrl, STRIPE_TAX } = config();
  const back = `${baseUrl}/billing/return?session_id={CHECKOUT_SESSION_ID}`;
  const metadata = { account: row.accountId, checkout: row.id };
  const trial = row.trial && price.trialDays ? { trial_period_days: price.trialDays } : {};
  return {
    ...{ customer, metadata, client_reference_id: row.accountId, allow_promotion_codes: true },
    line_items: [{ price: price.stripePriceId ?? "", quantity: 1 }],
    ...(inPage
      ? { ui_mode: "elements", return_url: back }
      : { success_url: back, cancel_url: `${baseUrl}${row.returnTo}` }),
    ...(STRIPE_TAX && { automatic_tax: { enabled: true }, customer_update: { address: "auto" } }),
    ...(price.kind === "plan"
      ? {
          mode: "subscription",
          payment_method_collection: "always",
          subscription_data: { metadata, ...trial },
        }
      : {
          mode: "payment",
          // Credits follow invoices. The card is kept, for auto top-up if the customer asks for it.
          invoice_creation: { enabled: true, invoice_data: { metadata } },
          payment_intent_data: { setup_future_usage: "off_session", metadata },
        }),
  };
}

export type CheckoutOutcome = {
  id: string;
  state: "open" | "confirming" | "done" | "failed" | "expired";
  /**
   * Why it failed: this card has had its trial, there was a plan already (then it is paid back), what was paid
   * was given back or is disputed, or the payment was refused.
   */
  reason: "trial_used" | "surplus" | "paid_back" | "refused" | null;
  price: Price;
  creditsAdded: bigint;
  returnTo: string;
};

/**
 * What has become of a purchase. Asking changes nothing; it has Stripe looked at soon, should its event be
 * late.
 * @throws Refusal not_found, also for somebody else's
 */
export async function readCheckout(accountId: AccountId, sessionId: string): Promise<CheckoutOutcome> {
  const [found] = await db()
    .select({ row: checkouts, price: prices })
    .from(checkouts)
    .innerJoin(prices, eq(prices.id, checkouts.priceId))
    .where(and(eq(checkouts.sessionId, sessionId), eq(checkouts.accountId, accountId)));
  if (!found) throw new Refusal("not_found");
  const { row, price } = found;
  const creditsAdded = await creditsOf(row);
  const { state, reason } = await endOf(row, creditsAdded);
  if (state === "open" || state === "confirming") {
    // The same key: however often the page asks, one look waits.
    const key = `billing.look:${accountId}`;
    await enqueue(db(), "billing.look", { accountId }, { key, maxAttempts: 3 });
  }
  return { id: sessionId, state, reason, price, creditsAdded, returnTo: row.returnTo };
}

type End = Pick<CheckoutOutcome, "state" | "reason">;

async function endOf(row: Row, credits: bigint): Promise<End> {
  if (row.status === "expired") return { state: "expired", reason: null };
  if (credits > 0n) return { state: "done", reason: null };
  if (row.status === "open") return { state: "open", reason: null };
  const reason = (await whyEnded(row)) ?? (await whyUnpaid(row));
  return { state: reason ? "failed" : "confirming", reason };
}

/** Why the subscription that was bought gives nothing, if it does not. */
async function whyEnded({ subscriptionId }: Row): Promise<CheckoutOutcome["reason"]> {
  if (!subscriptionId) return null;
  const [found] = await db()
    .select({ subscription: subscriptions, claimed: trials.subscriptionId })
    .from(subscriptions)
    .leftJoin(trials, eq(trials.subscriptionId, subscriptions.id))
    .where(eq(subscriptions.id, subscriptionId));
  if (!found) return null;
  const { status, surplus, trialStart } = found.subscription;
  if (surplus) return "surplus";
  if (!meaningOf(status).over) return null;
  return trialStart && !found.claimed ? "trial_used" : "refused";
}

async function whyUnpaid({ invoiceId }: Row): Promise<CheckoutOutcome["reason"]> {
  const [invoice] = invoiceId ? await db().select().from(invoices).where(eq(invoices.id, invoiceId)) : [];
  if (!invoice) return null;
  if (invoice.status === "void" || invoice.status === "uncollectible") return "refused";
  const isPaidBack = invoice.status === "paid" && invoice.totalCents > 0 && invoice.refundedCents > 0;
  return isPaidBack ? "paid_back" : null;
}

/** What the purchase has granted so far. */
async function creditsOf({ subscriptionId, invoiceId }: Row): Promise<bigint> {
  if (!subscriptionId && !invoiceId) return 0n;
  const lines = db()
    .select({ id: invoiceLines.id })
    .from(invoiceLines)
    .innerJoin(invoices, eq(invoices.id, invoiceLines.invoiceId))
    .where(or(eq(invoices.subscriptionId, subscriptionId ?? ""), eq(invoices.id, invoiceId ?? "")));
  const [sum] = await db()
    .select({ credits: sql<string>`coalesce(sum(${lineGrants.credits} - ${lineGrants.reversed}), 0)::text` })
    .from(lineGrants)
    .where(or(inArray(lineGrants.lineId, lines), eq(lineGrants.lineId, subscriptionId ?? "")));
  return BigInt(sum?.credits ?? 0);
}

/** Stripe's page where cards, addresses and invoices are. @throws Refusal payments_off, payments_unreachable */
export async function openPortal(accountId: AccountId, returnTo: string): Promise<string> {
  const customer = await openCustomer(accountId);
  const locale = await localeOf(accountId);
  const session = await askStripe((client) =>
    client.billingPortal.sessions.create({ customer, locale, return_url: `${config().baseUrl}${returnTo}` }),
  );
  return session.url;
}
