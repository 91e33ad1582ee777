import { and, desc, eq, gte, lt, type SQL, sql } from "drizzle-orm";
import type { Role } from "#identity";
import { db } from "#platform/db";
import { type Id, isId } from "#platform/id";
import { accounts, users } from "#schema";
import { whoIs } from "./customer-search";

/** Customers, found by whatever somebody has of them. */

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
};

export type CustomerFilter = {
  /** Whatever somebody has of them: see whoIs. */
  query?: string | undefined;
  verified?: boolean | undefined;
  /** Signed up from this time on, and before that one. */
  from?: Date | undefined;
  to?: Date | undefined;
};

/** A page of customers, the newest first; `before` is the id that the page before ended with. */
export async function listCustomers(
  filter: CustomerFilter,
  { limit, before }: { limit: number; before?: string | undefined },
): Promise<{ customers: Customer[]; next: Id<"user"> | null }> {
  const rows = await select(
    and(await matching(filter), before === undefined ? undefined : sql`${users.id} < ${before}`),
    limit + 1,
  );
  const customers = rows.slice(0, limit);
  return { customers, next: rows.length > limit ? (customers.at(-1)?.id ?? null) : null };
}

/** Every customer of a filter, a page at a time: for exports. */
export async function* eachCustomer(filter: CustomerFilter): AsyncGenerator<Customer> {
  let before: string | undefined;
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
  return found ?? null;
}

function select(where: SQL | undefined, limit: number): Promise<Customer[]> {
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
      available: sql<bigint>`(coalesce(${accounts.available}, 0) - (
        select coalesce(sum(g.remaining), 0) from grants g
        where g.account_id = ${accounts.id} and g.open and g.expires_at <= money_now()))::int8`,
      held: sql<bigint>`coalesce(${accounts.held}, 0)::int8`,
    })
    .from(users)
    .leftJoin(accounts, and(eq(accounts.ownerType, "user"), eq(accounts.ownerId, users.id)))
    .where(where)
    .orderBy(desc(users.id))
    .limit(limit);
}

async function matching({ query, verified, from, to }: CustomerFilter): Promise<SQL | undefined> {
  return and(
    await whoIs(query),
    verified === undefined ? undefined : eq(users.emailVerified, verified),
    from && gte(users.createdAt, from),
    to && lt(users.createdAt, to),
  );
}
