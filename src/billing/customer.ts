import { and, eq } from "drizzle-orm";
import type { Task } from "graphile-worker";
import { z } from "zod";
import type { Locale } from "#i18n";
import { db } from "#platform/db";
import { type Id, isId } from "#platform/id";
import { enqueue } from "#platform/queue";
import { Refusal } from "#platform/refusal";
import { accounts, customers, users } from "#schema";
import { forget, isLeftOver, isOfOurMode } from "./play-money";
import { askStripe, isMissing, sells, stripe } from "./stripe";

/** An account's customer in Stripe. */

type AccountId = Id<"account">;

/**
 * The account's customer, made in Stripe the first time; and anew, if it was one of test mode that these keys
 * do not know.
 * @throws Refusal payments_off, also with test keys for who has paid with real money; payments_unreachable,
 *   not_found
 */
export async function openCustomer(accountId: AccountId): Promise<string> {
  if (!sells()) throw new Refusal("payments_off");
  const known = await findCustomer(accountId);
  if (known && (await askStripe(() => isLeftOver(known)))) await forget(known);
  else if (known && !isOfOurMode(known)) throw new Refusal("payments_off");
  else if (known?.stripeId) return known.stripeId;
  const [owner] = await db()
    .select({ email: users.email, locale: users.locale })
    .from(accounts)
    .innerJoin(users, eq(users.id, accounts.ownerId))
    .where(eq(accounts.id, accountId));
  if (!owner) throw new Refusal("not_found");
  // The intention first; the key makes whoever comes twice find the same customer.
  await db().insert(customers).values({ accountId }).onConflictDoNothing();
  const intended = await findCustomer(accountId);
  const key = `customer:${accountId}:${intended?.createdAt.getTime()}`;
  const customer = await askStripe((client) =>
    client.customers.create(
      {
        email: owner.email,
        preferred_locales: [owner.locale],
        metadata: { account: accountId },
      },
      { idempotencyKey: key },
    ),
  );
  await db()
    .update(customers)
    .set({ stripeId: customer.id, livemode: customer.livemode })
    .where(eq(customers.accountId, accountId));
  // Changed while Stripe was asked: the job that was to tell it found no customer yet.
  if ((await localeOf(accountId)) !== owner.locale) await enqueue(db(), "billing.locale", { accountId });
  return customer.id;
}

/** @throws Refusal payments_off for a customer whom these keys do not reach */
export async function requireOurMode(accountId: AccountId): Promise<void> {
  const known = await findCustomer(accountId);
  if (known && !isOfOurMode(known)) throw new Refusal("payments_off");
}

/** The language in which the account's owner reads: Stripe's pages speak it too. */
export async function localeOf(accountId: AccountId): Promise<Locale> {
  const [owner] = await db()
    .select({ locale: users.locale })
    .from(accounts)
    .innerJoin(users, and(eq(users.id, accounts.ownerId), eq(accounts.ownerType, "user")))
    .where(eq(accounts.id, accountId));
  return owner?.locale ?? "en";
}

/** Tells Stripe the language that the owner has chosen since: its mails and invoices follow it. */
export const followLocale: Task = async (payload) => {
  const { accountId } = z.object({ accountId: z.string() }).parse(payload);
  if (!isId("account", accountId) || !sells()) return;
  const known = await findCustomer(accountId);
  if (!known?.stripeId || !isOfOurMode(known)) return;
  try {
    await stripe().customers.update(known.stripeId, { preferred_locales: [await localeOf(accountId)] });
  } catch (error) {
    // The nightly comparison says what Stripe does not know; a language cannot mend it.
    if (!isMissing(error)) throw error;
  }
};

/** @returns the account's customer, or null for one who never bought */
export async function findCustomer(accountId: AccountId) {
  const [row] = await db().select().from(customers).where(eq(customers.accountId, accountId));
  return row ?? null;
}

/** What is charged without asking. */
export type Card = { brand: string; last4: string; expMonth: number; expYear: number };

export function cardOf(customer: typeof customers.$inferSelect | null): Card | null {
  if (!customer?.cardId) return null;
  const { cardBrand, cardLast4, cardExpMonth, cardExpYear } = customer;
  return {
    ...{ brand: cardBrand ?? "card", last4: cardLast4 ?? "", expMonth: cardExpMonth ?? 0 },
    expYear: cardExpYear ?? 0,
  };
}
