import { and, desc, eq, inArray, ne, sql } from "drizzle-orm";
import { readOverview, type SubscriptionStatus } from "#billing";
import type { Interval, PlanId } from "#billing/catalogue";
import { db } from "#platform/db";
import type { Id } from "#platform/id";
import { customers, invoiceLines, invoices, prices } from "#schema";

/** A customer's plan and what they have paid, for whoever may see customers. */

type AccountId = Id<"account">;

export type CustomerPlan = {
  /** What holds now: Free also while a subscription gives nothing. */
  planId: PlanId;
  subscription: {
    planId: PlanId;
    status: SubscriptionStatus;
    interval: Interval;
    /** A month or a year, in the currency's smallest unit. */
    amountCents: number;
    currency: string;
    periodEnd: Date;
    /** When it ends, if it was cancelled. */
    endsAt: Date | null;
    /** What is on its way and can be taken back. */
    pending: "downgrade" | "upgrade_unpaid" | "cancel" | null;
  } | null;
  /** Paid and not paid back, by currency, in its smallest unit. */
  paid: { currency: string; cents: number }[];
  /** Why somebody should look at the account. */
  flag: "refund" | "dispute" | null;
};

export async function readCustomerPlan(accountId: AccountId): Promise<CustomerPlan> {
  const [{ plan, subscription, pendingChange }, paid, [customer]] = await Promise.all([
    readOverview(accountId),
    db()
      .select({
        currency: invoices.currency,
        cents: sql<number>`sum(${invoices.totalCents} - ${invoices.refundedCents})::float8`,
      })
      .from(invoices)
      .where(and(eq(invoices.accountId, accountId), eq(invoices.status, "paid")))
      .groupBy(invoices.currency)
      .orderBy(invoices.currency),
    db().select({ flag: customers.flag }).from(customers).where(eq(customers.accountId, accountId)),
  ]);
  return {
    planId: plan.id,
    subscription: subscription && {
      planId: subscription.price.planId,
      status: subscription.status,
      interval: subscription.price.interval,
      amountCents: subscription.price.amountCents,
      currency: subscription.price.currency,
      periodEnd: subscription.periodEnd,
      endsAt: pendingChange?.kind === "cancel" ? pendingChange.at : null,
      pending: pendingChange?.kind ?? null,
    },
    paid: paid.filter(({ cents }) => cents !== 0),
    flag: customer?.flag ?? null,
  };
}

export type CustomerPayment = Pick<
  typeof invoices.$inferSelect,
  | "id"
  | "number"
  | "reason"
  | "status"
  | "currency"
  | "totalCents"
  | "refundedCents"
  | "dispute"
  | "createdAt"
> & {
  /** The dearest thing on it; null for what is not of the catalogue. */
  bought: { planId: PlanId | null; interval: Interval | null; credits: bigint } | null;
};

/**
 * A page of an account's invoices that are more than drafts, newest first.
 * @param before the invoice that the page before ended with
 */
export async function listPayments(
  accountId: AccountId,
  { limit, before }: { limit: number; before?: string | undefined },
): Promise<{ payments: CustomerPayment[]; next: string | null }> {
  const { id, number, reason, status, currency, totalCents, refundedCents, dispute, createdAt } = invoices;
  const rows = await db()
    .select({ id, number, reason, status, currency, totalCents, refundedCents, dispute, createdAt })
    .from(invoices)
    .where(
      and(
        eq(invoices.accountId, accountId),
        ne(status, "draft"),
        before === undefined
          ? undefined
          : sql`(${createdAt}, ${id}) < (select b.created_at, b.id from invoices b
              where b.id = ${before} and b.account_id = ${accountId})`,
      ),
    )
    .orderBy(desc(createdAt), desc(id))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const bought = await boughtWith(page.map((invoice) => invoice.id));
  return {
    payments: page.map((invoice) => ({ ...invoice, bought: bought.get(invoice.id) ?? null })),
    next: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
  };
}

async function boughtWith(invoiceIds: readonly string[]) {
  if (invoiceIds.length === 0) return new Map<string, NonNullable<CustomerPayment["bought"]>>();
  const lines = await db()
    .selectDistinctOn([invoiceLines.invoiceId], {
      invoiceId: invoiceLines.invoiceId,
      planId: prices.planId,
      interval: prices.interval,
      credits: sql<bigint>`(${prices.credits} * ${invoiceLines.quantity})::int8`,
    })
    .from(invoiceLines)
    .innerJoin(prices, eq(prices.id, invoiceLines.priceId))
    .where(inArray(invoiceLines.invoiceId, [...invoiceIds]))
    .orderBy(invoiceLines.invoiceId, desc(invoiceLines.amountCents));
  return new Map(lines.map(({ invoiceId, ...line }) => [invoiceId, line]));
}
