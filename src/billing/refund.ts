import { and, eq, inArray, notExists, sql } from "drizzle-orm";
import type { Task } from "graphile-worker";
import Stripe from "stripe";
import { z } from "zod";
import { type ActRequest, actOnce } from "#platform/act-once";
import { recordAct } from "#platform/audit";
import { db, type Tx } from "#platform/db";
import { type Id, isId, newId } from "#platform/id";
import { enqueue } from "#platform/queue";
import { Refusal } from "#platform/refusal";
import { accounts, acts, type invoices, refundRequests, refunds } from "#schema";
import { requireOurMode } from "./customer";
import { requireInvoice } from "./invoice";
import { readTakeBack, type TakeBack } from "./settle";
import { askStripe, idOf, stripe } from "./stripe";
import { lockCustomer, syncAccount } from "./sync";

/**
 * Money paid back by staff. The intention is written down first, and its id is Stripe's Idempotency-Key: however
 * often it is tried, by whoever waits or by the job, it is paid back once. What it takes back in credits follows,
 * as ever, from what Stripe says then.
 */

type AccountId = Id<"account">;
type Refund = typeof refundRequests.$inferSelect;
type Invoice = typeof invoices.$inferSelect;

/** What a refund would come to, in the currency's minor unit and in credits. */
export type RefundPreview = TakeBack & {
  currency: string;
  totalCents: number;
  /** Paid back before, or on its way. */
  refundedCents: number;
  amountCents: number;
  /** The most that whoever asks may still pay back of this invoice; null: all that is left. */
  limitCents: number | null;
};

export type RefundWish = {
  accountId: AccountId;
  invoiceId: string;
  /** Null: all that is left. */
  amountCents: number | null;
  /** The most that staff of this role may pay back of one invoice, in its minor unit; null: any amount. */
  limit: number | null;
};

/**
 * What a refund would come to now; changes nothing.
 * @throws Refusal not_found, not_refundable (unpaid, disputed, nothing_left), refund_too_large, payments_off,
 *   invalid_request for more than is left
 */
export async function previewRefund(wish: RefundWish): Promise<RefundPreview> {
  await requireOurMode(wish.accountId);
  return db().transaction((tx) => decide(tx, wish));
}

const begun = z.object({ refundId: z.string() });

/**
 * Pays an invoice back, whole or in part. The same key gives the first refund, whatever became of it.
 * `asked` is a refund whose outcome nobody knows yet: a job goes on with it.
 * @throws Refusal as the preview does, idempotency_conflict
 */
export async function refundInvoice(
  wish: RefundWish,
  request: ActRequest,
): Promise<{ refund: Refund; repeated: boolean }> {
  await requireOurMode(wish.accountId);
  const { accountId, invoiceId, amountCents } = wish;
  const content = ["invoice.refund", accountId, invoiceId, amountCents];
  const { refundId, repeated } = await db().transaction((tx) =>
    actOnce(tx, request, content, begun, async () => {
      await requireInvoice(tx, accountId, invoiceId);
      // Whoever else pays back waits here, so that two never pay more than there is.
      await lockCustomer(tx, accountId);
      return { refundId: await intend(tx, wish, request) };
    }),
  );
  const refund = await carryOut(refundId).catch((error: unknown) => {
    if (!(error instanceof Refusal && error.code === "payments_unreachable")) throw error;
    return requireRefund(refundId);
  });
  return { refund, repeated };
}

/** Goes on with a refund: `{ refundId }`. */
export const refundTask: Task = async (payload) => {
  await carryOut(begun.parse(payload).refundId);
};

async function decide(tx: Tx, wish: RefundWish): Promise<RefundPreview> {
  const { accountId, invoiceId, limit } = wish;
  const invoice = await requireInvoice(tx, accountId, invoiceId);
  const ours = await readStanding(tx, invoiceId);
  const onItsWay = sumOf(ours.filter(({ status }) => status === "asked"));
  const refundedCents = invoice.refundedCents + onItsWay;
  const left = requireRefundable(invoice, refundedCents);
  const limitCents = limit === null ? null : Math.max(0, Math.min(left, limit - sumOf(ours)));
  const amountCents = wish.amountCents ?? limitCents ?? left;
  if (amountCents > left) {
    const message = `At most ${left} is left.`;
    throw new Refusal("invalid_request", { errors: [{ path: "amountCents", message }] });
  }
  if (limitCents !== null && (amountCents > limitCents || limitCents === 0)) {
    throw new Refusal("refund_too_large", { limitCents });
  }
  const after = { invoiceId, refundedCents: refundedCents + amountCents };
  const takeBack = await readTakeBack(tx, accountId, after);
  const { currency, totalCents } = invoice;
  return { ...takeBack, currency, totalCents, refundedCents, amountCents, limitCents };
}

/** Refunds by staff that were made or are on their way, without those that failed at the bank later. */
async function readStanding(tx: Tx, invoiceId: string): Promise<Refund[]> {
  const failed = tx
    .select({ id: refunds.id })
    .from(refunds)
    .where(and(eq(refunds.id, refundRequests.stripeId), inArray(refunds.status, ["failed", "canceled"])));
  return tx
    .select()
    .from(refundRequests)
    .where(
      and(
        eq(refundRequests.invoiceId, invoiceId),
        inArray(refundRequests.status, ["asked", "done"]),
        notExists(failed),
      ),
    );
}

/** @returns how much is left of it */
function requireRefundable({ status, dispute, totalCents }: Invoice, refundedCents: number): number {
  if (status !== "paid") throw new Refusal("not_refundable", { reason: "unpaid" });
  // The bank has the money, and decides.
  if (dispute === "open" || dispute === "lost") throw new Refusal("not_refundable", { reason: "disputed" });
  const left = totalCents - refundedCents;
  if (left <= 0) throw new Refusal("not_refundable", { reason: "nothing_left" });
  return left;
}

function sumOf(rows: readonly Refund[]): number {
  return rows.reduce((sum, { amountCents }) => sum + amountCents, 0);
}

async function intend(tx: Tx, wish: RefundWish, { by, reason }: ActRequest): Promise<Id<"refund">> {
  const { accountId, invoiceId } = wish;
  const preview = await decide(tx, wish);
  const { amountCents, currency, refundedCents, takesBack, spent } = preview;
  const id = newId("refund");
  await tx.insert(refundRequests).values({ id, accountId, invoiceId, amountCents, currency });
  const customerId = await ownerOf(tx, accountId);
  await recordAct(tx, {
    ...{ by, reason, action: "invoice.refund", object: { type: "invoice", id: invoiceId } },
    ...(customerId && { customerId }),
    before: { refundedCents },
    after: { refundedCents: refundedCents + amountCents, currency, takesBack, spent, refund: id },
  });
  // Should the process end before Stripe has answered.
  const runAt = new Date(Date.now() + 60_000);
  await enqueue(tx, "billing.refund", { refundId: id }, { key: `billing.refund:${id}`, runAt });
  return id;
}

async function ownerOf(tx: Tx, accountId: AccountId): Promise<Id<"user"> | null> {
  const [owner] = await tx
    .select({ id: accounts.ownerId })
    .from(accounts)
    .where(and(eq(accounts.id, accountId), eq(accounts.ownerType, "user")));
  return owner && isId("user", owner.id) ? owner.id : null;
}

/** @throws Refusal payments_unreachable: nobody knows yet */
async function carryOut(refundId: string): Promise<Refund> {
  const refund = await requireRefund(refundId);
  if (refund.status !== "asked") return refund;
  const end = await payBack(refund);
  // First what follows from it: until then it counts as on its way.
  if (end.status === "done") await askStripe(() => syncAccount(refund.accountId));
  return settleRefund(refund, end);
}

/** @returns `refused` only when Stripe refused the refund itself: whatever else fails is tried again */
async function payBack(refund: Refund): Promise<RefundEnd> {
  try {
    const intent = await findIntent(refund.invoiceId);
    if (!intent) return { status: "refused", error: "no_payment" };
    return { status: "done", stripeId: (await findMade(refund.id, intent)) ?? (await make(refund, intent)) };
  } catch (error) {
    // 409: the same refund is just being made by somebody else.
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError) || error.statusCode === 409) throw error;
    return { status: "refused", error: error.code ?? "invalid_request" };
  }
}

/** The payment that the invoice was paid with. */
async function findIntent(invoiceId: string): Promise<string | null> {
  const invoice = await askStripe((client) => client.invoices.retrieve(invoiceId, { expand: ["payments"] }));
  const paid = (invoice.payments?.data ?? []).find(
    ({ status, payment }) => status === "paid" && payment.payment_intent,
  );
  return idOf(paid?.payment.payment_intent);
}

/** Stripe forgets an Idempotency-Key after a day; by its mark a refund is known for ever. */
async function findMade(refundId: string, intent: string): Promise<string | null> {
  const made = await askStripe((client) => client.refunds.list({ payment_intent: intent, limit: 100 }));
  return made.data.find(({ metadata }) => metadata?.toolmint === refundId)?.id ?? null;
}

async function make({ id, amountCents }: Refund, intent: string): Promise<string> {
  const made = await askStripe(() =>
    stripe().refunds.create(
      {
        ...{ payment_intent: intent, amount: amountCents, reason: "requested_by_customer" },
        metadata: { toolmint: id },
      },
      { idempotencyKey: id },
    ),
  );
  return made.id;
}

type RefundEnd = { status: "done"; stripeId: string } | { status: "refused"; error: string };

async function settleRefund(refund: Refund, end: RefundEnd): Promise<Refund> {
  await db().transaction(async (tx) => {
    const ended = await tx
      .update(refundRequests)
      .set({ ...end, endedAt: sql`now()` })
      .where(and(eq(refundRequests.id, refund.id), eq(refundRequests.status, "asked")))
      .returning({ id: refundRequests.id });
    if (ended.length > 0 && end.status === "refused") await recordRefused(tx, refund, end.error);
  });
  return requireRefund(refund.id);
}

/** The line of the audit log that asked for it told of credits and money that do not move after all. */
async function recordRefused(tx: Tx, { id, invoiceId }: Refund, code: string): Promise<void> {
  const [asked] = await tx
    .select()
    .from(acts)
    .where(and(eq(acts.objectId, invoiceId), sql`${acts.after} ->> 'refund' = ${id}`));
  if (!asked) return;
  const { actorId, actorRole: role, address, requestId, customerId, reason, action } = asked;
  await recordAct(tx, {
    by: { id: actorId, role, address, requestId },
    ...{ action: "stripe.refused", object: { type: "invoice", id: invoiceId } },
    ...(customerId && { customerId }),
    ...(reason && { reason }),
    after: { action, code, refund: id },
  });
}

async function requireRefund(id: string): Promise<Refund> {
  const [row] = await db().select().from(refundRequests).where(sql`${refundRequests.id} = ${id}`);
  if (!row) throw new Error(`there is no refund ${id}`);
  return row;
}
