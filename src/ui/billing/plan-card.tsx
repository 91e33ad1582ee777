"use client";

import { Check } from "lucide-react";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { BillingJson } from "#api/contract";
import { type Currency, type Interval, type Plan, planIds } from "#billing/catalogue";
import { cn } from "#cn";
import { CreditGlyph } from "#ui/icons";
import { withNext } from "#ui/identity/auth-client";
import { Badge } from "#ui/primitives/badge";
import { Button } from "#ui/primitives/button";
import { useFormat } from "#ui/use-format";
import { CheckoutButton } from "./checkout-button";

/** What one of a tool's units costs. */
export type ToolYield = {
  slug: string;
  name: string;
  unit: "run" | "files" | "images" | "pages" | "documents" | "megapixels";
  credits: number;
};

/** Who looks: somebody signed out, a customer, or a customer whose plan is still being asked for. */
type Viewer = "visitor" | "loading" | BillingJson;

type PlanCardProps = {
  plan: Plan;
  interval: Interval;
  currency: Currency;
  makes: readonly ToolYield[];
  viewer: Viewer;
  /** The page to come back to after paying. */
  returnTo: string;
};

/** A plan: what it costs, what its credits make, what happens to them, and the way to it. */
export function PlanCard({ plan, interval, currency, makes, viewer, returnTo }: PlanCardProps) {
  const t = useTranslations("pricing");
  const format = useFormat();
  const own = typeof viewer === "object" && viewer.plan.id === plan.id;
  const [sample] = makes;
  const text = plan.text[useLocale()];
  const trial = offeredTrial(plan, viewer);
  return (
    <article
      aria-labelledby={`plan-${plan.id}`}
      className={cn(
        "flex flex-col gap-5 rounded-card border bg-surface p-5",
        plan.id === "pro" ? "border-line-strong" : "border-line",
      )}
    >
      <header className="flex min-h-6 items-center justify-between gap-2">
        <h3 id={`plan-${plan.id}`} className="text-16 font-semibold">
          {t(`plan.${plan.id}`)}
        </h3>
        {own && <Badge>{t("yourPlan")}</Badge>}
      </header>
      {text && <p className="-mt-3 text-13 text-text-2">{text}</p>}
      <PlanPrice plan={plan} interval={interval} currency={currency} trial={trial} />
      <div className="grid gap-1">
        <p className="num flex items-center gap-2 text-14 font-medium">
          <CreditGlyph />
          {t("creditsMonthly", { credits: format.credits(plan.creditsPerMonth) })}
        </p>
        {trial && (
          <p className="num text-13 text-text-2">
            {t("trialCredits", {
              days: trial.days,
              trial: format.credits(trial.credits),
              credits: format.credits(plan.creditsPerMonth),
            })}
          </p>
        )}
        {sample && (
          <p className="num text-13 text-text-2">
            {t("about", {
              what: t(`count.${sample.unit}`, { count: Math.floor(plan.creditsPerMonth / sample.credits) }),
              tool: sample.name,
            })}
          </p>
        )}
      </div>
      <Features plan={plan} />
      <div className="mt-auto">
        <PlanAction plan={plan} interval={interval} currency={currency} viewer={viewer} returnTo={returnTo} />
      </div>
    </article>
  );
}

/** The plan's trial, for whoever can still have one. */
function offeredTrial(plan: Plan, viewer: Viewer): Plan["trial"] {
  const had = typeof viewer === "object" && (viewer.subscription || viewer.trial.state !== "available");
  return had ? null : plan.trial;
}

type PlanPriceProps = Pick<PlanCardProps, "plan" | "interval" | "currency"> & { trial: Plan["trial"] };

function PlanPrice({ plan, interval, currency, trial }: PlanPriceProps) {
  const t = useTranslations("pricing");
  const format = useFormat();
  const month = plan.prices?.month[currency] ?? 0;
  const year = plan.prices?.year[currency] ?? 0;
  const saved = month * 12 - year;
  return (
    <div className="grid gap-0.5">
      <p className="num flex items-baseline gap-1.5">
        <span className="text-30 font-semibold tracking-tight">
          {format.money(plan.prices ? (interval === "month" ? month : year) : 0, currency)}
        </span>
        {plan.prices && <span className="text-14 text-text-2">{t(`per.${interval}`)}</span>}
      </p>
      <p className="num min-h-5 text-13 text-text-3">
        {plan.prices === null && t("forever")}
        {plan.prices && interval === "month" && trial && t("trialDays", { days: trial.days })}
        {plan.prices &&
          interval === "year" &&
          saved > 0 &&
          t("saved", { money: format.money(saved, currency) })}
      </p>
    </div>
  );
}

function Features({ plan }: { plan: Plan }) {
  const t = useTranslations("pricing");
  const format = useFormat();
  const { concurrentRuns, fileMb, retentionDays } = plan.entitlements;
  return (
    <ul className="grid gap-2 text-13 text-text-2">
      <Feature>{t(plan.prices ? "expiry" : "expiryFree")}</Feature>
      <Feature>{t("rollover", { credits: format.credits(plan.rolloverCap) })}</Feature>
      <Feature>{t("concurrent", { count: concurrentRuns })}</Feature>
      <Feature>{t("fileSize", { size: format.bytes(fileMb * 1_000_000) })}</Feature>
      <Feature>{t("retention", { days: retentionDays })}</Feature>
    </ul>
  );
}

function Feature({ children }: { children: ReactNode }) {
  return (
    <li className="num flex items-start gap-2">
      <Check aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-text-3" strokeWidth={1.75} />
      <span>{children}</span>
    </li>
  );
}

function PlanAction({ plan, interval, currency, viewer, returnTo }: Omit<PlanCardProps, "makes">) {
  const t = useTranslations("pricing");
  const format = useFormat();
  if (viewer === "visitor") {
    return (
      <Button asChild variant={plan.id === "pro" ? "primary" : "secondary"} className="w-full">
        <Link href={withNext("/sign-up", plan.prices && "/pricing")}>
          {plan.prices ? t("choosePlan", { plan: t(`plan.${plan.id}`) }) : t("start")}
        </Link>
      </Button>
    );
  }
  if (viewer === "loading") {
    return (
      <Button variant="secondary" className="w-full" busy>
        {t("yourPlan")}
      </Button>
    );
  }
  const current = planIds.indexOf(viewer.plan.id);
  const sameInterval = viewer.subscription === null || viewer.subscription.interval === interval;
  if (viewer.plan.id === plan.id && (plan.prices === null || sameInterval)) {
    return (
      <Button asChild variant="secondary" className="w-full">
        <Link href={plan.prices ? "/billing" : "/dashboard"}>{t(plan.prices ? "manage" : "included")}</Link>
      </Button>
    );
  }
  if (viewer.subscription || plan.prices === null) {
    const upgrade = planIds.indexOf(plan.id) > current;
    return (
      <Button asChild variant={upgrade ? "primary" : "secondary"} className="w-full">
        <Link href={plan.prices ? `/billing?change=${plan.id}&interval=${interval}` : "/billing"}>
          {t(plan.prices === null ? "manage" : upgrade ? "upgrade" : "change")}
        </Link>
      </Button>
    );
  }
  const id = plan.id;
  if (id === "free") return null;
  const trial = offeredTrial(plan, viewer);
  return (
    <CheckoutButton
      variant={plan.id === "pro" ? "primary" : "secondary"}
      disabled={!viewer.sells}
      request={{ kind: "plan", planId: id, interval, currency, returnTo }}
    >
      {trial
        ? t("tryPlan", { days: trial.days })
        : t("subscribe", { money: format.money(plan.prices[interval][currency], currency) })}
    </CheckoutButton>
  );
}
