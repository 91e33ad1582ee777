import type { ChangeOutcome, ChangePreview, CheckoutOutcome, InvoiceView, Overview } from "#billing";
import {
  type BillingJson,
  billingSchema,
  type CheckoutJson,
  checkoutSchema,
  type InvoiceJson,
  invoiceSchema,
  type PlanChangeJson,
  type PlanChangePreviewJson,
  planChangePreviewSchema,
} from "./billing-schemas";
import { creditsJson } from "./schemas";

/** Billing's answers as JSON. */

export function overviewJson(view: Overview): BillingJson {
  const { plan, subscription, pendingChange, nextCharge, trial, pastDue, card, sells, flagged } = view;
  return billingSchema.parse({
    ...{ sells, card, flagged },
    plan: {
      ...{ id: plan.id, entitlements: plan.entitlements },
      creditsPerMonth: creditsJson(plan.creditsPerMonth),
      rolloverCap: creditsJson(plan.rolloverCap),
    },
    subscription: subscription && {
      status: subscription.status,
      interval: subscription.price.interval,
      currency: subscription.price.currency,
      amountCents: subscription.price.amountCents,
      currentPeriodStart: subscription.periodStart.toISOString(),
      currentPeriodEnd: subscription.periodEnd.toISOString(),
      cancelAtPeriodEnd: subscription.cancelAtPeriodEnd,
    },
    pendingChange: pendingChange && {
      kind: pendingChange.kind,
      planId: pendingChange.price?.planId ?? "free",
      interval: pendingChange.price?.interval ?? null,
      at: timeJson(pendingChange.at),
      payUrl: pendingChange.payUrl,
    },
    nextCharge: nextCharge && { ...nextCharge, at: nextCharge.at.toISOString() },
    trial: {
      ...{ state: trial.state, planId: trial.planId, days: trial.days, endsAt: timeJson(trial.endsAt) },
      credits: trial.credits === null ? null : creditsJson(trial.credits),
    },
    pastDue: pastDue && {
      ...pastDue,
      since: pastDue.since.toISOString(),
      graceEndsAt: pastDue.graceEndsAt.toISOString(),
    },
    topUp: topUpJson(view.topUp),
    next: view.next.map(({ kind, at, planId, credits, charge }) => ({
      ...{ kind, planId, at: at.toISOString() },
      credits: credits === null ? null : creditsJson(credits),
      amountCents: charge?.amountCents ?? null,
      currency: charge?.currency ?? null,
    })),
  });
}

function topUpJson({ settings, spentThisMonthCents, monthEndsAt, limitReached, payUrl }: Overview["topUp"]) {
  const threshold = settings?.thresholdCredits ?? null;
  return {
    enabled: settings?.enabled ?? false,
    thresholdCredits: threshold === null ? null : creditsJson(threshold),
    packId: settings?.packId ?? null,
    monthlyLimitCents: settings?.monthlyLimitCents ?? null,
    currency: settings?.currency ?? null,
    ...{ spentThisMonthCents, limitReached, monthEndsAt: monthEndsAt.toISOString() },
    paused:
      settings?.pausedReason && settings.pausedAt
        ? { reason: settings.pausedReason, since: settings.pausedAt.toISOString(), payUrl }
        : null,
  };
}

export function invoiceJson(invoice: InvoiceView): InvoiceJson {
  const { id, number, status, totalCents, refundedCents, currency, reason, planId, lines, pdfUrl } = invoice;
  return invoiceSchema.parse({
    ...{ id, number, status, totalCents, refundedCents, currency, reason, planId, lines, pdfUrl },
    credits: creditsJson(invoice.credits),
    payUrl: status === "open" ? invoice.payUrl : null,
    createdAt: invoice.createdAt.toISOString(),
    paidAt: timeJson(invoice.paidAt),
  });
}

export function checkoutJson(outcome: CheckoutOutcome): CheckoutJson {
  const { id, state, reason, price, creditsAdded, returnTo } = outcome;
  const { kind, planId, interval, packId, currency } = price;
  return checkoutSchema.parse({
    ...{ id, state, reason, kind, planId, interval, packId, currency, returnTo },
    creditsAdded: creditsJson(creditsAdded),
  });
}

export function changeJson({ state, payUrl }: ChangeOutcome, overview: Overview): PlanChangeJson {
  return { state, payUrl, billing: overviewJson(overview) };
}

export function previewJson(preview: ChangePreview): PlanChangePreviewJson {
  const { effectiveAt, creditsNow, creditsPerMonth, renewal, ...rest } = preview;
  return planChangePreviewSchema.parse({
    ...rest,
    effectiveAt: effectiveAt.toISOString(),
    creditsNow: creditsJson(creditsNow),
    creditsPerMonth: creditsJson(creditsPerMonth),
    renewal: { ...renewal, at: renewal.at.toISOString() },
  });
}

function timeJson(time: Date | null): string | null {
  return time?.toISOString() ?? null;
}
