import { type SQL, sql } from "drizzle-orm";
import { db } from "#platform/db";
import type { Id } from "#platform/id";

/**
 * Payments, invoices, refunds and disputes over all customers, as four lists of the same shape: newest first,
 * a page at a time by key, with the sum of any filter by currency.
 */

export const bookNames = ["payments", "invoices", "refunds", "disputes"] as const;
export type BookName = (typeof bookNames)[number];

/** What can be filtered for, by list. */
export const bookStates = {
  payments: ["paid", "partly_refunded", "refunded", "disputed", "lost"],
  invoices: ["open", "paid", "uncollectible", "void"],
  refunds: ["succeeded", "pending", "failed"],
  disputes: ["needs_response", "under_review", "won", "lost"],
} as const satisfies Record<BookName, readonly string[]>;

export const bookKinds = ["subscription", "pack", "top_up"] as const;

/** A line of any of the four. */
export type BookLine = {
  id: string;
  invoiceId: string;
  number: string | null;
  customerId: Id<"user"> | null;
  customerMail: string | null;
  accountId: Id<"account">;
  /** What the invoice is for. */
  kind: (typeof bookKinds)[number];
  state: string;
  currency: string;
  amountCents: number;
  /** Of payments and invoices: paid back of it, or disputed and not won. */
  refundedCents: number;
  /** Of refunds and disputes, in Stripe's word. */
  reason: string | null;
  /** Of a dispute that waits: until when it can be answered. */
  dueAt: Date | null;
  at: Date;
  /** The customer is of Stripe's live mode. */
  live: boolean;
};

export type BookFilter = {
  state?: string | undefined;
  currency?: string | undefined;
  kind?: string | undefined;
  /** A mail address; an id of the user, account or Stripe's customer; an invoice's number or id. */
  customer?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
};

export type BookCursor = { at: Date; id: string };

/** A page, newest first. */
export async function listBook(
  book: BookName,
  filter: BookFilter,
  { limit, before }: { limit: number; before?: BookCursor | undefined },
): Promise<{ lines: BookLine[]; next: BookCursor | null }> {
  const after = before && sql`and (b.at, b.id) < (${before.at.toISOString()}::timestamptz, ${before.id})`;
  const { rows } = await db().execute<Row>(sql`
    select b.id, b.invoice_id, b.number, u.id as customer_id, u.email as customer_mail, b.account_id, b.kind,
      b.state, b.currency, b.amount_cents, b.refunded_cents, b.reason, ${ms("b.due_at")} as due_at,
      ${ms("b.at")} as at, coalesce(c.livemode, false) as live
    from (${sources[book]}) b ${owner}
    where ${matching(filter)} ${after}
    order by b.at desc, b.id desc limit ${limit + 1}`);
  const lines = rows.slice(0, limit).map(lineOf);
  const last = lines.at(-1);
  return { lines, next: rows.length > limit && last ? { at: last.at, id: last.id } : null };
}

/** Every line of a filter, newest first, a page at a time: for exports. */
export async function* eachLine(book: BookName, filter: BookFilter): AsyncGenerator<BookLine> {
  let before: BookCursor | undefined;
  do {
    const page = await listBook(book, filter, { limit: 500, before });
    yield* page.lines;
    before = page.next ?? undefined;
  } while (before);
}

export type BookTotal = { currency: string; count: number; amountCents: number; refundedCents: number };

/** What a filter comes to, by currency, each in its minor unit. */
export async function totalBook(book: BookName, filter: BookFilter): Promise<BookTotal[]> {
  const { rows } = await db().execute<BookTotal>(sql`
    select b.currency, count(*)::float8 as count, sum(b.amount_cents)::float8 as "amountCents",
      sum(b.refunded_cents)::float8 as "refundedCents"
    from (${sources[book]}) b ${filter.customer?.trim() ? owner : sql``}
    where ${matching(filter)}
    group by b.currency order by b.currency`);
  return rows;
}

type Row = {
  id: string;
  invoice_id: string;
  number: string | null;
  customer_id: Id<"user"> | null;
  customer_mail: string | null;
  account_id: Id<"account">;
  kind: BookLine["kind"];
  state: string;
  currency: string;
  amount_cents: number;
  refunded_cents: number;
  reason: string | null;
  due_at: number | null;
  at: number;
  live: boolean;
};

function lineOf(row: Row): BookLine {
  const { id, number, kind, state, currency, reason, live } = row;
  return {
    ...{ id, number, kind, state, currency, reason, live },
    invoiceId: row.invoice_id,
    customerId: row.customer_id,
    customerMail: row.customer_mail,
    accountId: row.account_id,
    amountCents: row.amount_cents,
    refundedCents: row.refunded_cents,
    dueAt: row.due_at === null ? null : new Date(row.due_at),
    at: new Date(row.at),
  };
}

function matching({ state, currency, kind, customer, from, to }: BookFilter): SQL {
  const parts = [
    sql`true`,
    ...(state ? [sql`b.state = ${state}`] : []),
    ...(currency ? [sql`b.currency = ${currency}`] : []),
    ...(kind ? [sql`b.kind = ${kind}`] : []),
    ...(from ? [sql`b.at >= ${from.toISOString()}::timestamptz`] : []),
    ...(to ? [sql`b.at < ${to.toISOString()}::timestamptz`] : []),
    ...(customer?.trim() ? [whose(customer.trim())] : []),
  ];
  return sql.join(parts, sql` and `);
}

function whose(text: string): SQL {
  const mail = text.toLowerCase();
  return sql`(u.email = ${mail} or u.id = ${text} or b.account_id = ${text} or c.stripe_id = ${text}
    or b.number = ${text.toUpperCase()} or b.invoice_id = ${text} or b.id = ${text})`;
}

const owner = sql.raw(`
  left join accounts a on a.id = b.account_id and a.owner_type = 'user'
  left join users u on u.id = a.owner_id
  left join customers c on c.account_id = b.account_id`);

/** The four lists in one shape, each with the order of an index of its own. */
const sources: Record<BookName, SQL> = {
  payments: sql.raw(`
    select id, id as invoice_id, number, account_id, reason as kind, currency, total_cents as amount_cents,
      refunded_cents, null::text as reason, null::timestamptz as due_at, paid_at as at,
      case when dispute = 'open' then 'disputed' when dispute = 'lost' then 'lost'
        when refunded_cents >= total_cents then 'refunded' when refunded_cents > 0 then 'partly_refunded'
        else 'paid' end as state
    from invoices where status = 'paid' and total_cents > 0`),
  invoices: sql.raw(`
    select id, id as invoice_id, number, account_id, reason as kind, currency, total_cents as amount_cents,
      refunded_cents, null::text as reason, null::timestamptz as due_at, created_at as at, status as state
    from invoices where status <> 'draft'`),
  refunds: sql.raw(`
    select r.id, r.invoice_id, i.number, r.account_id, i.reason as kind, r.currency, r.amount_cents,
      0 as refunded_cents, r.reason, null::timestamptz as due_at, r.created_at as at,
      case r.status when 'requires_action' then 'pending' when 'canceled' then 'failed' else r.status end as state
    from refunds r join invoices i on i.id = r.invoice_id`),
  disputes: sql.raw(`
    select d.id, d.invoice_id, i.number, d.account_id, i.reason as kind, d.currency, d.amount_cents,
      0 as refunded_cents, d.reason, case when d.status like '%needs_response' then d.due_at end as due_at,
      d.created_at as at,
      case when d.status in ('won', 'warning_closed', 'prevented') then 'won' when d.status = 'lost' then 'lost'
        when d.status like '%needs_response' then 'needs_response' else 'under_review' end as state
    from disputes d join invoices i on i.id = d.invoice_id`),
};

function ms(column: string) {
  return sql.raw(`floor(extract(epoch from ${column}) * 1000)::float8`);
}
