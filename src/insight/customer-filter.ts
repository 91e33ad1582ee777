import { and, eq, gte, inArray, lt, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { SubscriptionStatus } from "#billing";
import type { PlanId } from "#billing/catalogue";
import { db } from "#platform/db";
import { accounts, customers, invoices, prices, subscriptions, users } from "#schema";
import { whoIs } from "./customer-search";

/**
 * Which customers a list shows. Each condition stands alone and says what it asks for as a set of accounts or
 * of users, so that PostgreSQL begins with whichever is small, and otherwise walks the list from its newest.
 */

export type CustomerFilter = {
  /** Whatever somebody has of them: see whoIs. */
  query?: string | undefined;
  verified?: boolean | undefined;
  /** Signed up from this time on, and before that one. */
  from?: Date | undefined;
  to?: Date | undefined;
  /** Subscribed to this plan, paid or not; `free`: to none. */
  plan?: PlanId | undefined;
  /** How their subscription stands; `canceled`: they had one, and have none now. */
  status?: FilterStatus | undefined;
  /** Why somebody should look at the account. */
  flag?: FilterFlag | undefined;
  /** Whether an invoice of more than nothing was ever paid. */
  paid?: boolean | undefined;
  /** Can spend fewer credits than this. */
  balanceBelow?: number | undefined;
};

/** Those that a subscription can stand in for longer than a purchase. */
export const filterStatuses = [
  "trialing",
  "active",
  "past_due",
  "unpaid",
  "paused",
  "canceled",
] as const satisfies readonly SubscriptionStatus[];
export type FilterStatus = (typeof filterStatuses)[number];

/** past_due: an invoice of the subscription is due, whether Stripe still tries or has given up. */
export const filterFlags = ["past_due", "dispute", "refund", "suspended"] as const;
export type FilterFlag = (typeof filterFlags)[number];

/** The account's one subscription: of the predicate of its unique index. */
export const isLive = sql`${subscriptions.status} in ('trialing', 'active', 'past_due', 'unpaid', 'paused') and not ${subscriptions.surplus}`;

/** Asked once for a whole list. */
const now = sql`(select money_now())`;

/** What an account can spend, without lots past their expiry. */
export const spendable = sql<bigint>`(coalesce(${accounts.available}, 0) - (
  select coalesce(sum(g.remaining), 0) from grants g
  where g.account_id = ${accounts.id} and g.open and g.expires_at <= ${now}))::int8`;

/** The condition on `users`, left-joined with their `accounts`. */
export async function isListed(filter: CustomerFilter): Promise<SQL | undefined> {
  const { query, verified, from, to, plan, status, flag, paid, balanceBelow } = filter;
  return and(
    await whoIs(query),
    // In the words of the partial index.
    verified === undefined ? undefined : verified ? users.emailVerified : sql`not ${users.emailVerified}`,
    from && gte(users.createdAt, from),
    to && lt(users.createdAt, to),
    plan && (await onPlan(plan, { narrowed: balanceBelow !== undefined })),
    status && standsAs(status),
    flag && isFlagged(flag),
    paid === undefined ? undefined : hasPaid(paid),
    balanceBelow === undefined ? undefined : canSpendLess(balanceBelow),
  );
}

/** @param narrowed by what those on a plan have less often than others, such as no credits */
async function onPlan(plan: PlanId, { narrowed }: { narrowed: boolean }): Promise<SQL | undefined> {
  if (plan === "free") return hasNoneLive();
  // By their ids, of which PostgreSQL knows how common each is.
  const ids = await db().select({ id: prices.id }).from(prices).where(eq(prices.planId, plan));
  if (ids.length === 0) return sql`false`;
  const onIt = inArray(
    subscriptions.priceId,
    ids.map(({ id }) => id),
  );
  const mine = db().select({ id: subscriptions.accountId }).from(subscriptions).where(and(isLive, onIt));
  return narrowed ? oneOfFew(mine) : inArray(accounts.id, mine);
}

function standsAs(status: FilterStatus): SQL | undefined {
  const mine = db()
    .select({ id: subscriptions.accountId })
    .from(subscriptions)
    .where(and(eq(subscriptions.status, status), sql`not ${subscriptions.surplus}`));
  if (status === "canceled") return and(inArray(accounts.id, mine), hasNoneLive());
  return status === "active" ? inArray(accounts.id, mine) : oneOfFew(mine);
}

function isFlagged(flag: FilterFlag): SQL {
  if (flag === "suspended") return sql`${users.suspendedAt} is not null`;
  const { accountId } = flag === "past_due" ? subscriptions : customers;
  const why =
    flag === "past_due"
      ? sql`${subscriptions.status} in ('past_due', 'unpaid') and not ${subscriptions.surplus}`
      : eq(customers.flag, flag);
  const flagged = db()
    .select({ id: accountId })
    .from(flag === "past_due" ? subscriptions : customers)
    .where(why);
  return oneOfFew(flagged);
}

/**
 * For sets that are small on any site, or beside what else is asked for: PostgreSQL begins with them. Left to choose
 * it would walk the list from its newest, of whom hardly anybody is in the set.
 */
function oneOfFew(accountIds: SQLWrapper): SQL {
  return sql`${accounts.id} = any(array(${accountIds}))`;
}

/**
 * Lots past their expiry are few, until the job that books them comes by: only with those is there more to reckon.
 * Asked account by account: of all such lots PostgreSQL, which does not know how few they are, would look through
 * the whole set for each account.
 */
function canSpendLess(credits: number): SQL {
  const expired = sql`exists (
    select from grants g where g.account_id = ${accounts.id} and g.open and g.expires_at <= ${now} offset 0)`;
  return sql`(coalesce(${accounts.available}, 0) < ${credits} or (${expired} and ${spendable} < ${credits}))`;
}

function hasNoneLive(): SQL {
  return sql`not exists (select from ${subscriptions} where ${subscriptions.accountId} = ${accounts.id} and ${isLive})`;
}

function hasPaid(paid: boolean): SQL {
  const found = sql`exists (select from ${invoices} where ${invoices.accountId} = ${accounts.id} and ${invoices.status} = 'paid' and ${invoices.totalCents} > 0)`;
  return paid ? found : sql`not ${found}`;
}
