import { type SQL, sql } from "drizzle-orm";
import { db } from "#platform/db";
import type { Id } from "#platform/id";

/** What happened with a customer's money, from invoices, refunds, disputes and the payments that failed. */

const moneyEvents = ["paid", "invoiced", "failed", "refunded", "disputed"] as const;

export type MoneyLine = {
  event: (typeof moneyEvents)[number];
  id: string;
  invoiceId: string;
  /** The invoice's. */
  number: string | null;
  kind: "subscription" | "pack" | "top_up";
  /** The invoice's, refund's or dispute's, in Stripe's word. */
  state: string;
  currency: string;
  /** In the currency's smallest unit. */
  amountCents: number;
  at: Date;
};

/** The latest before a time. Of one account there are hundreds at most, so they are put in order here. */
export async function listMoneyLines(
  accountId: Id<"account">,
  { limit, before }: { limit: number; before?: Date | undefined },
): Promise<MoneyLine[]> {
  const { rows } = await db().execute<Row>(sql`
    with mine as (
      select id, number, reason as kind, status, currency, total_cents, created_at, paid_at
      from invoices where account_id = ${accountId} and status <> 'draft'
    ), happened as (${happened(accountId)})
    select event, id, invoice_id as "invoiceId", number, kind, state, currency, amount as "amountCents", at
    from happened ${before ? sql`where at < ${before.toISOString()}::timestamptz` : sql``}
    order by at desc limit ${limit}`);
  return rows.map((row) => ({ ...row, at: new Date(row.at) }));
}

type Row = Omit<MoneyLine, "at"> & { at: string | Date };

function happened(accountId: Id<"account">): SQL {
  const invoice = sql`i.number, i.kind`;
  return sql`
    select 'paid' as event, id, id as invoice_id, number, kind, status as state, currency, total_cents as amount,
      paid_at as at from mine where status = 'paid'
    union all
    select 'invoiced', id, id, number, kind, status, currency, total_cents, created_at
      from mine where status <> 'paid'
    union all
    select 'refunded', r.id, r.invoice_id, ${invoice}, r.status, r.currency, r.amount_cents, r.created_at
      from refunds r join mine i on i.id = r.invoice_id
    union all
    select 'disputed', d.id, d.invoice_id, ${invoice}, d.status, d.currency, d.amount_cents, d.created_at
      from disputes d join mine i on i.id = d.invoice_id
    union all
    select 'failed', e.id, i.id, ${invoice}, i.status, i.currency, i.total_cents, e.created_at
      from stripe_events e join mine i on i.id = e.object_id
      where e.stripe_customer_id = (select stripe_id from customers where account_id = ${accountId})
        and e.type = 'invoice.payment_failed'`;
}
