import { and, eq } from "drizzle-orm";
import { db } from "#platform/db";
import type { Id } from "#platform/id";
import { invoices } from "#schema";

/** An invoice as a payment: by which credits came, or were paid back. */
export type Payment = Pick<
  typeof invoices.$inferSelect,
  "id" | "number" | "status" | "currency" | "totalCents" | "refundedCents" | "paidAt" | "pdfUrl"
>;

/** The account's invoice of this id; null when it has none. */
export async function findPayment(accountId: Id<"account">, invoiceId: string): Promise<Payment | null> {
  const { id, number, status, currency, totalCents, refundedCents, paidAt, pdfUrl } = invoices;
  const [found] = await db()
    .select({ id, number, status, currency, totalCents, refundedCents, paidAt, pdfUrl })
    .from(invoices)
    .where(and(eq(invoices.accountId, accountId), eq(id, invoiceId)));
  return found ?? null;
}
