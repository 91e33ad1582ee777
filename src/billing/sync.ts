import { and, eq, inArray, isNotNull, sql } from "drizzle-orm";
import { applyCommands } from "#ledger";
import { announce } from "#platform/changes";
import { db, type Tx } from "#platform/db";
import type { Id } from "#platform/id";
import { moneyNow } from "#platform/money-clock";
import { enqueue } from "#platform/queue";
import { checkouts, customers, invoiceLines, invoices, prices, subscriptions } from "#schema";
import { liveStatuses, meanings } from "./access";
import { writeLetters } from "./letters";
import { newlyPaid, tellOfPayments } from "./paid";
import { writePayback } from "./payback";
import { settleReferral } from "./referral";
import { settle } from "./settle";
import { type CardState, type CustomerState, fetchState, type InvoiceState, type LineState } from "./state";
import { stripe, takesRealMoney } from "./stripe";
import { resumeTopUps, settleTopUps } from "./top-up-charge";
import { claimTrials } from "./trial";

/**
 * Brings what Stripe says of a customer into our rows, and what follows from it into the ledger.
 *
 * B1: whatever is written of a customer is written with the row of `customers` locked, and before the ledger.
 * B2: a ticket is drawn before Stripe is asked; an answer older than the one applied last is dropped. So a
 *     slow answer never takes back what a quicker, later one has brought.
 */

type Customer = typeof customers.$inferSelect;
type AccountId = Id<"account">;
type PriceRow = typeof prices.$inferSelect;
type KnownPrices = ReadonlyMap<string, PriceRow>;

/** Asks Stripe and applies the answer. */
export async function syncAccount(accountId: AccountId): Promise<void> {
  const drawn = await drawTicket(accountId);
  if (!drawn) return;
  const open = await db()
    .select({ sessionId: checkouts.sessionId })
    .from(checkouts)
    .where(
      and(eq(checkouts.accountId, accountId), eq(checkouts.status, "open"), isNotNull(checkouts.sessionId)),
    );
  const sessions = open.flatMap(({ sessionId }) => sessionId ?? []);
  const state = await fetchState(stripe(), drawn.stripeId, sessions);
  await applyState(accountId, drawn, state);
}

type Ticket = { ticket: number; askedAt: string };

/** @returns null for an account that is no customer of Stripe's, in the mode of the keys */
async function drawTicket(accountId: AccountId): Promise<(Ticket & { stripeId: string }) | null> {
  const { rows } = await db().execute<{ ticket: string; asked_at: string; stripe_id: string }>(sql`
    update customers set ticket_drawn = ticket_drawn + 1
    where account_id = ${accountId} and stripe_id is not null
      and coalesce(livemode = ${takesRealMoney()}, true)
    returning ticket_drawn::text as ticket, clock_timestamp()::text as asked_at, stripe_id`);
  const [row] = rows;
  return row ? { ticket: Number(row.ticket), askedAt: row.asked_at, stripeId: row.stripe_id } : null;
}

/**
 * Applies what Stripe said, in one transaction with the credits that follow.
 * @returns false when something asked later was applied already
 */
async function applyState(
  accountId: AccountId,
  { ticket, askedAt }: Ticket,
  state: CustomerState,
): Promise<boolean> {
  const applied = await db().transaction(async (tx) => {
    const customer = await lockCustomer(tx, accountId);
    if (ticket <= customer.ticketApplied) return null;
    await tx
      .update(customers)
      .set({
        ...cardColumns(state.card),
        livemode: state.livemode ?? customer.livemode,
        country: state.country ?? customer.country,
        ...{ ticketApplied: ticket, askedAt: sql`${askedAt}::timestamptz` },
      })
      .where(eq(customers.accountId, accountId));
    const known = await knownPrices(tx, state);
    await writeSubscriptions(tx, accountId, state, known);
    const paid = await newlyPaid(tx, state.invoices);
    await writeInvoices(tx, accountId, state.invoices, known);
    await writePayback(tx, accountId, state.invoices);
    await writeCheckouts(tx, state);
    await claimTrials(tx, accountId, state);
    await resumeTopUps(tx, accountId, state.card);
    await settleTopUps(tx, accountId);
    return { paid, moved: await finish(tx, accountId) };
  });
  for (const owner of applied?.moved ?? []) announce({ owner, balance: true });
  tellOfPayments(accountId, applied?.paid ?? []);
  return applied !== null;
}

/** Grants what has become due since, without asking Stripe. */
export async function settleAccount(accountId: AccountId): Promise<void> {
  const moved = await db().transaction(async (tx) => {
    await lockCustomer(tx, accountId);
    return finish(tx, accountId);
  });
  for (const owner of moved) announce({ owner, balance: true });
}

/**
 * Letters, and last of all the ledger: what was paid for, and what that earns whoever sent the customer, both
 * or neither.
 * @returns whose balances changed, the customer among them
 */
async function finish(tx: Tx, accountId: AccountId): Promise<Set<AccountId>> {
  const now = await moneyNow(tx);
  const commands = [...(await settleReferral(tx, accountId)), ...(await settle(tx, accountId, now))];
  await writeLetters(tx, accountId, now);
  if (commands.length > 0) await applyCommands(tx, commands);
  return new Set([accountId, ...commands.map((command) => command.accountId)]);
}

/** @throws when the account is no customer */
export async function lockCustomer(tx: Tx, accountId: AccountId): Promise<Customer> {
  const [customer] = await tx
    .select()
    .from(customers)
    .where(eq(customers.accountId, accountId))
    .for("update");
  if (!customer) throw new Error(`${accountId} is no customer`);
  return customer;
}

function cardColumns(card: CardState | null) {
  return {
    cardId: card?.id ?? null,
    cardBrand: card?.brand ?? null,
    cardLast4: card?.last4 ?? null,
    cardExpMonth: card?.expMonth ?? null,
    cardExpYear: card?.expYear ?? null,
    cardFingerprint: card?.fingerprint ?? null,
  };
}

/** Our prices by Stripe's ids, those that are no longer sold too. */
async function knownPrices(tx: Tx, state: CustomerState): Promise<KnownPrices> {
  const named = [
    ...state.subscriptions.flatMap(({ stripePriceId, next }) => [stripePriceId, next?.stripePriceId]),
    ...state.invoices.flatMap(({ lines }) => lines.map(({ stripePriceId }) => stripePriceId)),
  ].flatMap((id) => id ?? []);
  if (named.length === 0) return new Map();
  const rows = await tx.select().from(prices).where(inArray(prices.stripePriceId, named));
  return new Map(rows.map((row) => [row.stripePriceId ?? "", row]));
}

/**
 * An account has one live subscription: the one that was there first in Stripe. Another gives nothing, and
 * a job ends it there and pays it back.
 */
async function writeSubscriptions(
  tx: Tx,
  accountId: AccountId,
  { subscriptions: states, invoices: invoiced }: CustomerState,
  known: KnownPrices,
): Promise<void> {
  const before = await tx.select().from(subscriptions).where(eq(subscriptions.accountId, accountId));
  const surplus = new Set(before.filter((row) => row.surplus).map(({ id }) => id));
  const ours = states.filter(({ stripePriceId }) => known.get(stripePriceId)?.kind === "plan");
  const living = ours
    .filter(({ id, status }) => meanings[status].live && !surplus.has(id))
    .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1));
  for (const { id } of living.slice(1)) surplus.add(id);
  // The one that stays comes last: until then none of the others may count as live.
  const [kept] = living;
  for (const state of [...ours.filter(({ id }) => id !== kept?.id), ...(kept ? [kept] : [])]) {
    const price = known.get(state.stripePriceId);
    if (!price) continue;
    const next = state.next && known.get(state.next.stripePriceId);
    const due = invoiced.filter(
      ({ subscriptionId, status, attempted }) =>
        subscriptionId === state.id && (status === "open" || status === "uncollectible") && attempted,
    );
    const columns = {
      ...{ accountId, priceId: price.id, itemId: state.itemId, status: state.status },
      ...{ periodStart: state.periodStart, periodEnd: state.periodEnd, endedAt: state.endedAt },
      ...{ cancelAtPeriodEnd: state.cancelAtPeriodEnd, cancelAt: state.cancelAt },
      scheduleId: state.scheduleId,
      ...{ trialStart: state.trialStart, trialEnd: state.trialEnd, createdAt: state.createdAt },
      pastDueSince: meanings[state.status].owes
        ? earliest(
            due.map(({ createdAt }) => createdAt),
            state.periodStart,
          )
        : null,
      nextPriceId: next?.id ?? null,
      nextChange: next ? (state.next?.change ?? null) : null,
      surplus: surplus.has(state.id),
    };
    await tx
      .insert(subscriptions)
      .values({ id: state.id, ...columns })
      .onConflictDoUpdate({ target: subscriptions.id, set: columns });
    if (columns.surplus && meanings[state.status].live) {
      const job = { key: `billing.end-surplus:${state.id}` };
      await enqueue(tx, "billing.end-surplus", { subscriptionId: state.id }, job);
    }
  }
}

function earliest(times: readonly Date[], otherwise: Date): Date {
  return (
    times.reduce<Date | null>((first, time) => (first && first < time ? first : time), null) ?? otherwise
  );
}

async function writeInvoices(
  tx: Tx,
  accountId: AccountId,
  states: readonly InvoiceState[],
  known: KnownPrices,
): Promise<void> {
  if (states.length === 0) return;
  await tx
    .insert(invoices)
    .values(states.map(({ lines, refunds, disputes, ...state }) => ({ ...state, accountId })))
    .onConflictDoUpdate({
      target: invoices.id,
      set: {
        status: sql`excluded.status`,
        number: sql`excluded.number`,
        totalCents: sql`excluded.total_cents`,
        attempted: sql`excluded.attempted`,
        refundedCents: sql`excluded.refunded_cents`,
        dispute: sql`excluded.dispute`,
        payUrl: sql`excluded.pay_url`,
        pdfUrl: sql`excluded.pdf_url`,
        paidAt: sql`excluded.paid_at`,
      },
    });
  const rows = states.flatMap(({ id, currency, lines }) =>
    lines.map((line, position) => {
      const { stripePriceId, currency: _, ...columns } = line;
      const price = known.get(stripePriceId ?? "");
      const refused = refusalOf(line, price, currency);
      return { ...columns, invoiceId: id, accountId, priceId: price?.id ?? null, position, refused };
    }),
  );
  if (rows.length === 0) return;
  await tx
    .insert(invoiceLines)
    .values(rows)
    .onConflictDoUpdate({
      target: invoiceLines.id,
      set: {
        amountCents: sql`excluded.amount_cents`,
        discountCents: sql`excluded.discount_cents`,
        description: sql`excluded.description`,
        priceId: sql`excluded.price_id`,
        refused: sql`excluded.refused`,
      },
    });
}

/** Why a line grants nothing, however it is paid. */
function refusalOf(
  line: LineState,
  price: PriceRow | undefined,
  currency: string,
): typeof invoiceLines.$inferInsert.refused {
  if (!price) return "unknown_price";
  if (price.currency !== line.currency || line.currency !== currency) return "currency_mismatch";
  return line.amountCents === 0 ? "amount_zero" : null;
}

async function writeCheckouts(tx: Tx, { checkouts: states }: CustomerState): Promise<void> {
  for (const { sessionId, ...columns } of states) {
    await tx.update(checkouts).set(columns).where(eq(checkouts.sessionId, sessionId));
  }
}

/** The account's subscription, if it has one. */
export async function findLive(queryable: Pick<Tx, "select">, accountId: AccountId) {
  const [row] = await queryable
    .select({ subscription: subscriptions, price: prices })
    .from(subscriptions)
    .innerJoin(prices, eq(prices.id, subscriptions.priceId))
    .where(
      and(
        eq(subscriptions.accountId, accountId),
        inArray(subscriptions.status, liveStatuses),
        eq(subscriptions.surplus, false),
      ),
    );
  return row ?? null;
}
