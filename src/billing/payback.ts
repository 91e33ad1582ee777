import { sql } from "drizzle-orm";
import type Stripe from "stripe";
import type { Tx } from "#platform/db";
import type { Id } from "#platform/id";
import { disputes, refunds } from "#schema";
import { idOf, timeOf } from "./stripe";

/** What payments lost again: refunds that were made, and disputes that were not won. */

export type RefundState = {
  id: string;
  amountCents: number;
  currency: string;
  status: string;
  reason: string | null;
  createdAt: Date;
};

export type DisputeState = {
  id: string;
  amountCents: number;
  currency: string;
  status: string;
  reason: string;
  /** Until when it can be answered. */
  dueAt: Date | null;
  createdAt: Date;
};

export type Payback = {
  /** Paid back, or disputed and not won. */
  refundedCents: number;
  dispute: "open" | "won" | "lost" | null;
  refunds: RefundState[];
  disputes: DisputeState[];
};

/** Asks Stripe. @returns what each payment intent lost again, by its charges */
export async function fetchPayback(
  client: Stripe,
  charges: readonly Stripe.Charge[],
): Promise<Map<string, Payback>> {
  const lost = new Map<string, Payback>();
  for (const charge of charges) {
    const intent = idOf(charge.payment_intent);
    if (!intent || (charge.amount_refunded === 0 && !charge.disputed)) continue;
    const dispute = charge.disputed ? await fetchDispute(client, charge.id) : null;
    const outcome = dispute && outcomeOf(dispute.status);
    const taken = dispute && outcome !== "won" ? dispute.amountCents : 0;
    lost.set(intent, {
      refundedCents: Math.min(charge.amount, charge.amount_refunded + taken),
      dispute: outcome,
      refunds: charge.amount_refunded > 0 ? await fetchRefunds(client, charge.id) : [],
      disputes: dispute ? [dispute] : [],
    });
  }
  return lost;
}

async function fetchRefunds(client: Stripe, charge: string): Promise<RefundState[]> {
  const made = await client.refunds.list({ charge, limit: 100 }).autoPagingToArray({ limit: 1_000 });
  return made.map(({ id, amount, currency, status, reason, created }) => ({
    ...{ id, amountCents: amount, currency, reason, createdAt: timeOf(created) },
    status: status ?? "pending",
  }));
}

async function fetchDispute(client: Stripe, charge: string): Promise<DisputeState | null> {
  const [dispute] = await client.disputes.list({ charge, limit: 1 }).autoPagingToArray({ limit: 1 });
  if (!dispute) return null;
  const { id, amount, currency, status, reason, created, evidence_details } = dispute;
  const dueBy = evidence_details?.due_by ?? null;
  return {
    ...{ id, amountCents: amount, currency, status, reason, createdAt: timeOf(created) },
    dueAt: dueBy === null ? null : timeOf(dueBy),
  };
}

/** A word that is new to us is not won. */
function outcomeOf(status: string): "open" | "won" | "lost" {
  if (status === "won" || status === "warning_closed" || status === "prevented") return "won";
  return status === "lost" ? "lost" : "open";
}

type Lost = { id: string; refunds: readonly RefundState[]; disputes: readonly DisputeState[] };

/** Writes what Stripe said of an account's invoices, with its customer's row locked. */
export async function writePayback(
  tx: Tx,
  accountId: Id<"account">,
  invoices: readonly Lost[],
): Promise<void> {
  const returned = invoices.flatMap(({ id, refunds }) => refunds.map((one) => ({ ...one, invoiceId: id })));
  const disputed = invoices.flatMap(({ id, disputes }) => disputes.map((one) => ({ ...one, invoiceId: id })));
  if (returned.length > 0) {
    await tx
      .insert(refunds)
      .values(returned.map((refund) => ({ ...refund, accountId })))
      .onConflictDoUpdate({
        target: refunds.id,
        set: { status: sql`excluded.status`, reason: sql`excluded.reason` },
      });
  }
  if (disputed.length > 0) {
    await tx
      .insert(disputes)
      .values(disputed.map((dispute) => ({ ...dispute, accountId })))
      .onConflictDoUpdate({
        target: disputes.id,
        set: {
          amountCents: sql`excluded.amount_cents`,
          status: sql`excluded.status`,
          dueAt: sql`excluded.due_at`,
        },
      });
  }
}
