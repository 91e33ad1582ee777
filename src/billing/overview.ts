import { and, asc, desc, eq, inArray } from "drizzle-orm";
import { readNextRefill } from "#credits";
import { db } from "#platform/db";
import type { Id } from "#platform/id";
import { moneyNow } from "#platform/money-clock";
import { invoices, prices, topUpCharges, topUps } from "#schema";
import { givesPlan, graceEnd, isStatus, meanings, type SubscriptionStatus } from "./access";
import { type Entitlements, onSaleOf, type Plan, type PlanId } from "./catalogue";
import { type Card, cardOf, findCustomer } from "./customer";
import { freeOf, readCatalogueNow } from "./edition";
import { readEntitlements } from "./entitlements";
import { isPlanPrice, type PlanPrice } from "./price";
import { sells } from "./stripe";
import { findLive } from "./sync";
import { spentThisMonth } from "./top-up";
import { hasTrialLeft } from "./trial";

/** What a customer sees of their billing: what they have, what they pay, and what happens next. */

type AccountId = Id<"account">;
type Money = { amountCents: number; currency: string };
type Subscription = NonNullable<Awaited<ReturnType<typeof findLive>>>["subscription"];
type Invoice = typeof invoices.$inferSelect;

export type Next = {
  kind: "credits" | "refill" | "renewal" | "trial_end" | "plan_change" | "cancellation" | "grace_end";
  at: Date;
  planId: PlanId;
  credits: bigint | null;
  charge: Money | null;
};

export type Overview = {
  sells: boolean;
  plan: { id: PlanId; creditsPerMonth: bigint; rolloverCap: bigint; entitlements: Entitlements };
  subscription: (Subscription & { price: PlanPrice; status: SubscriptionStatus }) | null;
  pendingChange: {
    kind: "downgrade" | "upgrade_unpaid" | "cancel";
    price: PlanPrice | null;
    at: Date | null;
    payUrl: string | null;
  } | null;
  nextCharge: (Money & { at: Date }) | null;
  card: Card | null;
  trial: {
    state: "available" | "running" | "used";
    planId: PlanId | null;
    days: number | null;
    credits: bigint | null;
    endsAt: Date | null;
  };
  pastDue: (Money & { since: Date; graceEndsAt: Date; payUrl: string | null }) | null;
  topUp: {
    settings: typeof topUps.$inferSelect | null;
    spentThisMonthCents: number;
    monthEndsAt: Date;
    limitReached: boolean;
    payUrl: string | null;
  };
  flagged: boolean;
  next: Next[];
};

export async function readOverview(accountId: AccountId): Promise<Overview> {
  const now = await moneyNow(db());
  const [live, customer] = await Promise.all([findLive(db(), accountId), findCustomer(accountId)]);
  const subscription = liveOf(live);
  const open = subscription ? await oldestOpen(subscription.id) : null;
  const [nextPrice] = subscription?.nextPriceId
    ? await db().select().from(prices).where(eq(prices.id, subscription.nextPriceId))
    : [];
  const pendingChange = pendingOf(subscription, nextPrice && isPlanPrice(nextPrice) ? nextPrice : null, open);
  const nextCharge = chargeOf(subscription, pendingChange);
  const catalogue = await readCatalogueNow(db());
  const plan = planOf(subscription, freeOf(catalogue), now);
  const refill = plan.id === "free" ? await readNextRefill(db(), accountId) : null;
  return {
    ...{ sells: sells(), plan },
    ...{ subscription, pendingChange, nextCharge },
    card: cardOf(customer),
    trial: await trialOf(accountId, subscription, onSaleOf(catalogue).plans),
    pastDue: pastDueOf(subscription, open),
    topUp: await topUpOf(accountId, now),
    flagged: customer?.flag === "dispute",
    next: [
      ...nextOf(subscription, pendingChange, nextCharge, customer?.nextGrantAt ?? null, now),
      ...(refill ? [{ kind: "refill" as const, planId: plan.id, charge: null, ...refill }] : []),
    ].sort((a, b) => a.at.getTime() - b.at.getTime()),
  };
}

function liveOf(live: Awaited<ReturnType<typeof findLive>>): Overview["subscription"] {
  if (!live) return null;
  const { subscription, price } = live;
  const { status } = subscription;
  return isPlanPrice(price) && isStatus(status) ? { ...subscription, status, price } : null;
}

/** What the account may do now. */
function planOf(subscription: Overview["subscription"], free: Plan, now: Date): Overview["plan"] {
  if (subscription && givesPlan(subscription, now)) {
    const { planId, credits, rolloverCap, entitlements } = subscription.price;
    return {
      id: planId,
      creditsPerMonth: credits,
      rolloverCap,
      entitlements: readEntitlements(entitlements),
    };
  }
  const { creditsPerMonth, rolloverCap, entitlements } = free;
  return {
    ...{ id: "free" as const, entitlements },
    ...{ creditsPerMonth: BigInt(creditsPerMonth), rolloverCap: BigInt(rolloverCap) },
  };
}

function pendingOf(
  subscription: Overview["subscription"],
  price: PlanPrice | null,
  open: Invoice | null,
): Overview["pendingChange"] {
  if (!subscription) return null;
  const { cancelAtPeriodEnd, cancelAt, periodEnd, nextChange } = subscription;
  if (cancelAtPeriodEnd) return { kind: "cancel", price: null, at: cancelAt ?? periodEnd, payUrl: null };
  if (!nextChange || !price) return null;
  if (nextChange === "downgrade") return { kind: "downgrade", price, at: periodEnd, payUrl: null };
  return { kind: "upgrade_unpaid", price, at: null, payUrl: open?.payUrl ?? null };
}

function chargeOf(
  subscription: Overview["subscription"],
  pending: Overview["pendingChange"],
): Overview["nextCharge"] {
  if (!subscription || endsFirst(subscription, pending)) return null;
  if (!meanings[subscription.status].renews) return null;
  const price = pending?.kind === "downgrade" && pending.price ? pending.price : subscription.price;
  return { amountCents: price.amountCents, currency: price.currency, at: subscription.periodEnd };
}

/** Whether it ends before it renews. */
function endsFirst(
  { periodEnd }: NonNullable<Overview["subscription"]>,
  pending: Overview["pendingChange"],
): boolean {
  return pending?.kind === "cancel" && pending.at !== null && pending.at.getTime() <= periodEnd.getTime();
}

async function oldestOpen(subscriptionId: string): Promise<Invoice | null> {
  const [invoice] = await db()
    .select()
    .from(invoices)
    .where(
      and(eq(invoices.subscriptionId, subscriptionId), inArray(invoices.status, ["open", "uncollectible"])),
    )
    .orderBy(asc(invoices.createdAt))
    .limit(1);
  return invoice ?? null;
}

function pastDueOf(subscription: Overview["subscription"], open: Invoice | null): Overview["pastDue"] {
  if (!subscription?.pastDueSince) return null;
  const { pastDueSince: since, price } = subscription;
  return {
    ...{ since, graceEndsAt: graceEnd(since), payUrl: open?.payUrl ?? null },
    ...{ amountCents: open?.totalCents ?? price.amountCents, currency: price.currency },
  };
}

async function trialOf(
  accountId: AccountId,
  subscription: Overview["subscription"],
  plans: readonly Plan[],
): Promise<Overview["trial"]> {
  if (subscription && meanings[subscription.status].trial) {
    const { planId, trialDays, trialCredits } = subscription.price;
    const endsAt = subscription.trialEnd;
    return { state: "running", planId, days: trialDays, credits: trialCredits, endsAt };
  }
  const offered = plans.find(({ trial }) => trial !== null);
  if (!offered?.trial || !(await hasTrialLeft(db(), accountId))) {
    return { state: "used", planId: null, days: null, credits: null, endsAt: null };
  }
  const { days, credits } = offered.trial;
  return { state: "available", planId: offered.id, days, credits: BigInt(credits), endsAt: null };
}

async function topUpOf(accountId: AccountId, now: Date): Promise<Overview["topUp"]> {
  const [settings] = await db().select().from(topUps).where(eq(topUps.accountId, accountId));
  const { cents, monthEndsAt } = await spentThisMonth(db(), accountId, now);
  const [last] = await db()
    .select()
    .from(topUpCharges)
    .where(eq(topUpCharges.accountId, accountId))
    .orderBy(desc(topUpCharges.createdAt), desc(topUpCharges.id))
    .limit(1);
  const limit = settings?.monthlyLimitCents ?? null;
  return {
    settings: settings ?? null,
    ...{ spentThisMonthCents: cents, monthEndsAt },
    limitReached: limit !== null && last !== undefined && cents + last.amountCents > limit,
    payUrl: settings?.pausedReason ? (last?.payUrl ?? null) : null,
  };
}

function nextOf(
  subscription: Overview["subscription"],
  pending: Overview["pendingChange"],
  charge: Overview["nextCharge"],
  nextGrantAt: Date | null,
  now: Date,
): Next[] {
  if (!subscription) return [];
  const { price, periodEnd, status, pastDueSince } = subscription;
  const next: Next[] = [];
  if (nextGrantAt) {
    next.push({
      kind: "credits",
      at: nextGrantAt,
      planId: price.planId,
      credits: price.credits,
      charge: null,
    });
  }
  if (pastDueSince && graceEnd(pastDueSince) > now) {
    next.push({ kind: "grace_end", at: graceEnd(pastDueSince), planId: "free", credits: null, charge: null });
  }
  if (pending?.kind === "cancel" && pending.at) {
    next.push({ kind: "cancellation", at: pending.at, planId: "free", credits: null, charge: null });
  }
  const { trial, owes } = meanings[status];
  if (charge && !owes) {
    const then = pending?.kind === "downgrade" && pending.price ? pending.price : price;
    const kind = then !== price ? "plan_change" : trial ? "trial_end" : "renewal";
    next.push({ kind, at: periodEnd, planId: then.planId, credits: then.credits, charge });
  }
  return next;
}
