import { and, eq } from "drizzle-orm";
import Stripe from "stripe";
import { config } from "#platform/config";
import { db } from "#platform/db";
import type { Id } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { checkouts, prices } from "#schema";
import type { Price } from "./price";
import { askStripe } from "./stripe";

/**
 * Paying in a page of ours, with Stripe's form (its Payment Element) in it: where STRIPE_PUBLISHABLE_KEY is
 * set. It is the same checkout session as on Stripe's page, so all that follows is the same.
 */

/** Whether customers pay in a page of ours. */
export function paysInPage(): boolean {
  return config().STRIPE_PUBLISHABLE_KEY !== undefined;
}

/** The page on which a session is paid. */
export function payPage(sessionId: string): string {
  return `${config().baseUrl}/billing/pay?session_id=${sessionId}`;
}

export type PayForm = {
  /** What the browser's script needs to show the form; useless without the publishable key's account. */
  clientSecret: string;
  publishableKey: string;
  /** Stripe.js of the very version that the API is asked in. */
  script: string;
  price: Price;
  /** Due now, by Stripe's reckoning. */
  dueCents: number;
  trialDays: number | null;
  returnTo: string;
};

/**
 * What the page needs to have a session paid.
 * @returns null for one that is paid or has expired
 * @throws Refusal not_found, also for somebody else's; payments_off, payments_unreachable
 */
export async function readPayForm(accountId: Id<"account">, sessionId: string): Promise<PayForm | null> {
  const publishableKey = config().STRIPE_PUBLISHABLE_KEY;
  const [found] = await db()
    .select({ row: checkouts, price: prices })
    .from(checkouts)
    .innerJoin(prices, eq(prices.id, checkouts.priceId))
    .where(and(eq(checkouts.sessionId, sessionId), eq(checkouts.accountId, accountId)));
  if (!found || !publishableKey) throw new Refusal("not_found");
  const session = await askStripe((client) => client.checkout.sessions.retrieve(sessionId));
  if (session.status !== "open" || !session.client_secret) return null;
  const { row, price } = found;
  return {
    ...{ clientSecret: session.client_secret, publishableKey, script, price },
    dueCents: session.amount_total ?? price.amountCents,
    trialDays: row.trial ? price.trialDays : null,
    returnTo: row.returnTo,
  };
}

/** Stripe.js is published under the name of each of the API's releases: `2026-10-28.endive` is `endive`. */
const script = `https://js.stripe.com/${Stripe.API_VERSION.split(".")[1] ?? "v3"}/stripe.js`;
