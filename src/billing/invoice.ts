import { and, desc, eq, inArray, lt, or, sql } from "drizzle-orm";
import { db, type Queryable } from "#platform/db";
import type { Id } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { invoiceLines, invoices, lineGrants, prices } from "#schema";
import type { PlanId } from "./catalogue";

type AccountId = Id<"account">;
type Invoice = typeof invoices.$inferSelect;

/** An invoice as a payment: by which credits came, or were paid back. */
export type Payment = Pick<
  Invoice,
  "id" | "number" | "status" | "currency" | "totalCents" | "refundedCents" | "paidAt" | "pdfUrl"
>;

/** The account's invoice of this id; null when it has none. */
export async function findPayment(accountId: AccountId, invoiceId: string): Promise<Payment | null> {
  const { id, number, status, currency, totalCents, refundedCents, paidAt, pdfUrl } = invoices;
  const [found] = await db()
    .select({ id, number, status, currency, totalCents, refundedCents, paidAt, pdfUrl })
    .from(invoices)
    .where(and(eq(invoices.accountId, accountId), eq(id, invoiceId)));
  return found ?? null;
}

/** All of it. @throws Refusal not_found when the account has none of this id */
export async function requireInvoice(
  queryable: Queryable,
  accountId: AccountId,
  invoiceId: string,
): Promise<Invoice> {
  const [found] = await queryable
    .select()
    .from(invoices)
    .where(and(eq(invoices.accountId, accountId), eq(invoices.id, invoiceId)));
  if (!found) throw new Refusal("not_found");
  return found;
}

export type InvoiceView = Invoice & {
  /** The plan that it charges for; of an upgrade the new one. */
  planId: PlanId | null;
  lines: { description: string; amountCents: number }[];
  credits: bigint;
};

/** The account's invoices that are more than drafts, newest first. */
export async function listInvoices(
  accountId: AccountId,
  { before, limit }: { before?: { at: Date; id: string } | undefined; limit: number },
): Promise<{ invoices: InvoiceView[]; next: { at: Date; id: string } | null }> {
  const rows = await db()
    .select()
    .from(invoices)
    .where(
      and(
        eq(invoices.accountId, accountId),
        sql`${invoices.status} <> 'draft'`,
        before &&
          or(
            lt(invoices.createdAt, before.at),
            and(eq(invoices.createdAt, before.at), lt(invoices.id, before.id)),
          ),
      ),
    )
    .orderBy(desc(invoices.createdAt), desc(invoices.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    invoices: await withLines(page),
    next: rows.length > limit && last ? { at: last.createdAt, id: last.id } : null,
  };
}

async function withLines(page: readonly Invoice[]): Promise<InvoiceView[]> {
  if (page.length === 0) return [];
  const lines = await db()
    .select({
      invoiceId: invoiceLines.invoiceId,
      description: invoiceLines.description,
      amountCents: invoiceLines.amountCents,
      planId: prices.planId,
      credits: sql<string>`(
        select coalesce(sum(g.credits - g.reversed), 0)::text from ${lineGrants} g where g.line_id = ${invoiceLines.id}
      )`,
    })
    .from(invoiceLines)
    .leftJoin(prices, eq(prices.id, invoiceLines.priceId))
    .where(
      inArray(
        invoiceLines.invoiceId,
        page.map(({ id }) => id),
      ),
    )
    .orderBy(invoiceLines.position);
  return page.map((invoice) => {
    const own = lines.filter(({ invoiceId }) => invoiceId === invoice.id);
    return {
      ...invoice,
      planId: own.find(({ planId, amountCents }) => planId && amountCents >= 0)?.planId ?? null,
      lines: own.map(({ description, amountCents }) => ({ description, amountCents })),
      credits: own.reduce((sum, { credits }) => sum + BigInt(credits), 0n),
    };
  });
}
