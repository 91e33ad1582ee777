import { and, eq } from "drizzle-orm";
import type { Locale } from "#i18n";
import { db } from "#platform/db";
import type { Id } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { accounts, customers, users } from "#schema";
import { askStripe, sells } from "./stripe";

/** An account's customer in Stripe. */

type AccountId = Id<"account">;

/**
 * The account's customer, made in Stripe the first time.
 * @throws Refusal payments_off, payments_unreachable, not_found
 */
export async function openCustomer(accountId: AccountId): Promise<string> {
  if (!sells()) throw new Refusal("payments_off");
  const [known] = await db().select().from(customers).where(eq(customers.accountId, accountId));
  if (known?.stripeId) return known.stripeId;
  const [owner] = await db()
    .select({ email: users.email, locale: users.locale })
    .from(accounts)
    .innerJoin(users, eq(users.id, accounts.ownerId))
    .where(eq(accounts.id, accountId));
  if (!owner) throw new Refusal("not_found");
  // The intention first; the key makes whoever comes twice find the same customer.
  await db().insert(customers).values({ accountId }).onConflictDoNothing();
  const customer = await askStripe((client) =>
    client.customers.create(
      {
        email: owner.email,
        preferred_locales: [owner.locale],
        metadata: { account: accountId },
      },
      { idempotencyKey: `customer:${accountId}` },
    ),
  );
  await db().update(customers).set({ stripeId: customer.id }).where(eq(customers.accountId, accountId));
  return customer.id;
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

/** @returns the account's customer, or null for one who never bought */
export async function findCustomer(accountId: AccountId) {
  const [row] = await db().select().from(customers).where(eq(customers.accountId, accountId));
  return row ?? null;
}
