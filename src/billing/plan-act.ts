import type { ActRequest } from "#platform/act-once";
import { db } from "#platform/db";
import type { Id } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { meaningOf, type SubscriptionStatus } from "./access";
import type { Interval, PlanId } from "./catalogue";
import { type Overview, readOverview } from "./overview";
import {
  cancelSubscription,
  changePlan,
  requireChange,
  requireLive,
  resumeSubscription,
  type Wanted,
} from "./plan-change";
import { isPlanPrice, listOnSale } from "./price";
import { type ActOn, actAtStripe, outcome, type StripeOutcome } from "./stripe-act";
import { findLive, syncAccount } from "./sync";

/** What staff do to a customer's plan: by the rules by which customers change, end and resume theirs. */

type AccountId = Id<"account">;
type SoldPlan = Exclude<PlanId, "free">;

/** Where a subscription stands, for whoever is about to change it. */
export type PlanStanding = {
  planId: SoldPlan;
  interval: Interval;
  status: SubscriptionStatus;
  /** Per interval, in the currency's minor unit. */
  amountCents: number;
  currency: string;
  /** Until when it is paid, or would be. */
  periodEnd: Date;
  trial: boolean;
  /** Nothing is paid for: it ends at once, however it is ended. */
  endsAtOnce: boolean;
  pending: { kind: "downgrade" | "upgrade_unpaid" | "cancel"; planId: PlanId; at: Date | null } | null;
  /** Of the oldest invoice that is due; null when none is. */
  owedCents: number | null;
  autoTopUp: boolean;
  /** What it can be changed to: on sale in its currency. */
  plans: { planId: SoldPlan; interval: Interval; amountCents: number }[];
};

/** @returns null without a subscription */
export async function readPlanStanding(accountId: AccountId): Promise<PlanStanding | null> {
  const { subscription, pendingChange, pastDue, topUp } = await readOverview(accountId);
  if (!subscription) return null;
  const { status, periodEnd, price } = subscription;
  const { planId, interval, amountCents, currency } = price;
  const { trial, changeable } = meaningOf(status);
  return {
    ...{ planId, interval, status, amountCents, currency, periodEnd, trial, endsAtOnce: !changeable },
    pending: pendingChange && pendingOf(pendingChange),
    owedCents: pastDue?.amountCents ?? null,
    autoTopUp: topUp.settings?.enabled ?? false,
    plans: (await listOnSale(db())).filter(isPlanPrice).flatMap((other) => {
      const same = other.planId === planId && other.interval === interval;
      if (same || other.currency !== currency) return [];
      return { planId: other.planId, interval: other.interval, amountCents: other.amountCents };
    }),
  };
}

function pendingOf({ kind, price, at }: NonNullable<Overview["pendingChange"]>): PlanStanding["pending"] {
  return { kind, planId: price?.planId ?? "free", at };
}

/**
 * Changes a customer's plan, as its preview (`previewChange`) said.
 * @throws Refusal as the preview and actAtStripe do
 */
export async function changePlanOf(on: ActOn, wanted: Wanted, request: ActRequest): Promise<StripeOutcome> {
  return actAtStripe(
    {
      on,
      action: "subscription.change",
      content: [wanted.planId, wanted.interval, wanted.priceId ?? null],
      decide: async () => {
        const { subscription, from, to } = await requireChange(on.accountId, wanted);
        return {
          object: { type: "subscription", id: subscription.id },
          before: { plan: from.planId, interval: from.interval },
          after: {
            plan: to.planId,
            interval: to.interval,
            amountCents: to.amountCents,
            currency: to.currency,
          },
        };
      },
      reached: () => changedTo(on.accountId, wanted),
      carryOut: async (key) => {
        const { state, payUrl } = await changePlan(on.accountId, wanted, key);
        return outcome(state, { payUrl });
      },
    },
    request,
  );
}

async function changedTo(accountId: AccountId, { planId, interval }: Wanted): Promise<StripeOutcome | null> {
  await syncAccount(accountId);
  const { subscription, pendingChange } = await readOverview(accountId);
  const { price: now } = subscription ?? {};
  if (now?.planId === planId && now.interval === interval) return outcome("done");
  const { kind, price: next, payUrl = null } = pendingChange ?? {};
  if (next?.planId !== planId || next.interval !== interval) return null;
  return kind === "upgrade_unpaid" ? outcome("payment_needed", { payUrl }) : outcome("scheduled");
}

export type When = "period_end" | "now";

/**
 * Ends a customer's plan, at the end of what was paid or at once; nothing is paid back.
 * @throws Refusal not_subscribed, change_pending when its end is set already, and as actAtStripe does
 */
export async function endPlanOf(on: ActOn, when: When, request: ActRequest): Promise<StripeOutcome> {
  return actAtStripe(
    {
      on,
      action: "subscription.end",
      content: [when],
      decide: async () => {
        const { subscription, price } = await requireLive(on.accountId);
        const { id, status, periodEnd, cancelAtPeriodEnd, cancelAt } = subscription;
        if (when === "period_end" && cancelAtPeriodEnd) throw new Refusal("change_pending");
        const atOnce = when === "now" || !meaningOf(status).changeable;
        return {
          object: { type: "subscription", id },
          before: { plan: price.planId, ends: cancelAtPeriodEnd ? (cancelAt ?? periodEnd) : null },
          after: { plan: atOnce ? "free" : price.planId, ends: atOnce ? "now" : periodEnd },
        };
      },
      reached: () => ended(on.accountId, when),
      carryOut: async () => {
        await cancelSubscription(on.accountId, { atOnce: when === "now" });
        return outcome("done");
      },
    },
    request,
  );
}

async function ended(accountId: AccountId, when: When): Promise<StripeOutcome | null> {
  await syncAccount(accountId);
  const live = await findLive(db(), accountId);
  return !live || (when === "period_end" && live.subscription.cancelAtPeriodEnd) ? outcome("done") : null;
}

/**
 * Takes back the end of a customer's plan, or a change that has not happened yet.
 * @throws Refusal not_subscribed, plan_unchanged when there is nothing to take back, and as actAtStripe does
 */
export async function resumePlanOf(on: ActOn, request: ActRequest): Promise<StripeOutcome> {
  return actAtStripe(
    {
      on,
      action: "subscription.resume",
      content: [],
      decide: async () => {
        const { subscription } = await requireLive(on.accountId);
        const standing = await readPlanStanding(on.accountId);
        if (!standing?.pending) throw new Refusal("plan_unchanged");
        const { kind, planId, at } = standing.pending;
        return {
          object: { type: "subscription", id: subscription.id },
          before: { change: kind, plan: planId, at },
          after: { plan: standing.planId },
        };
      },
      reached: async () => {
        await syncAccount(on.accountId);
        const { subscription, pendingChange } = await readOverview(on.accountId);
        return subscription && !pendingChange ? outcome("done") : null;
      },
      carryOut: async () => {
        await resumeSubscription(on.accountId);
        return outcome("done");
      },
    },
    request,
  );
}
