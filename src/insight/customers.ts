import { and, desc, eq, type SQL, sql } from "drizzle-orm";
import type { SubscriptionStatus } from "#billing";
import type { PlanId } from "#billing/catalogue";
import type { Role } from "#identity";
import { db } from "#platform/db";
import { type Id, isId } from "#platform/id";
import { accounts, customers, prices, subscriptions, users } from "#schema";
import { type CustomerFilter, isListed, isLive, spendable } from "./customer-filter";

/** Customers: lists of them, and one of them. */

export type Customer = {
  id: Id<"user">;
  accountId: Id<"account"> | null;
  name: string;
  email: string;
  emailVerified: boolean;
  role: Role;
  locale: "en" | "zh";
  timeZone: string;
  createdAt: Date;
  /** What they can spend, without lots past their expiry. */
  available: bigint;
  held: bigint;
  /** Their subscription's plan, whether it is paid or not; null without one. */
  plan: PlanId | null;
  status: SubscriptionStatus | null;
  /** Why somebody should look at the account. */
  flag: "refund" | "dispute" | null;
  suspended: boolean;
};

/** A page's end, from which the next goes on: the last one's sign-up in microseconds since 1970, and id. */
export type CustomerCursor = { micros: bigint; id: string };

/** A page of customers, those first who signed up last. */
export async function listCustomers(
  filter: CustomerFilter,
  { limit, before }: { limit: number; before?: CustomerCursor | undefined },
): Promise<{ customers: Customer[]; next: CustomerCursor | null }> {
  const rows = await select(and(await isListed(filter), before && isBefore(before)), limit + 1);
  const page = rows.slice(0, limit).map(({ micros: _, ...customer }) => customer);
  const last = rows[limit - 1];
  return {
    customers: page,
    next: rows.length > limit && last ? { micros: last.micros, id: last.id } : null,
  };
}

/** Every customer of a filter, a page at a time: for exports. */
export async function* eachCustomer(filter: CustomerFilter): AsyncGenerator<Customer> {
  let before: CustomerCursor | undefined;
  do {
    const page = await listCustomers(filter, { limit: 500, before });
    yield* page.customers;
    before = page.next ?? undefined;
  } while (before);
}

/** The customer with this id, or null. */
export async function findCustomer(id: string): Promise<Customer | null> {
  if (!isId("user", id)) return null;
  const [found] = await select(eq(users.id, id), 1);
  if (!found) return null;
  const { micros: _, ...customer } = found;
  return customer;
}

function isBefore({ micros, id }: CustomerCursor): SQL {
  // A date of JavaScript's would forget the microseconds.
  return sql`(${users.createdAt}, ${users.id}) < (timestamptz 'epoch' + ${`${micros}`}::int8 * interval '1 microsecond', ${id})`;
}

/** First who is on the page, then what is told of them: so the details cost as much as a page, not a list. */
function select(where: SQL | undefined, limit: number) {
  const page = db()
    .select({ id: users.id })
    .from(users)
    .leftJoin(accounts, ownAccount)
    .where(where)
    .orderBy(desc(users.createdAt), desc(users.id))
    .limit(limit)
    .as("page");
  return db()
    .select({
      id: users.id,
      accountId: sql<Id<"account"> | null>`${accounts.id}`,
      name: users.name,
      email: users.email,
      emailVerified: users.emailVerified,
      role: users.role,
      locale: users.locale,
      timeZone: users.timeZone,
      createdAt: users.createdAt,
      available: spendable,
      held: sql<bigint>`coalesce(${accounts.held}, 0)::int8`,
      plan: prices.planId,
      status: sql<SubscriptionStatus | null>`${subscriptions.status}`,
      flag: customers.flag,
      suspended: sql<boolean>`${users.suspendedAt} is not null`,
      micros: sql<bigint>`(extract(epoch from ${users.createdAt}) * 1000000)::int8`,
    })
    .from(page)
    .innerJoin(users, eq(users.id, page.id))
    .leftJoin(accounts, ownAccount)
    .leftJoin(customers, eq(customers.accountId, accounts.id))
    .leftJoin(subscriptions, and(eq(subscriptions.accountId, accounts.id), isLive))
    .leftJoin(prices, eq(prices.id, subscriptions.priceId))
    .orderBy(desc(users.createdAt), desc(users.id));
}

const ownAccount = and(eq(accounts.ownerType, "user"), eq(accounts.ownerId, users.id));
