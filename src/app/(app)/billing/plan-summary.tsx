"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { BillingJson } from "#api/contract";
import { meanings, type SubscriptionStatus } from "#billing/access";
import { api } from "#ui/api";
import { CreditGlyph } from "#ui/icons";
import { Badge } from "#ui/primitives/badge";
import { Button } from "#ui/primitives/button";
import { Card } from "#ui/primitives/card";
import { toast } from "#ui/primitives/toast";
import { useProblemText } from "#ui/problem-text";
import { queryKeys } from "#ui/query-keys";
import { useFormat } from "#ui/use-format";
import { CancelDialog } from "./cancel-dialog";
import { ChangeDialog } from "./change-dialog";

/** The plan, what it gives, what it costs, and how to change it. */
export function PlanSummary({ billing }: { billing: BillingJson }) {
  const t = useTranslations("billing.plan");
  const names = useTranslations("pricing.plan");
  const format = useFormat();
  const { plan, subscription, pendingChange } = billing;
  // A trial's credits are not carried over, and of one that was cancelled nothing follows.
  const endsWithTrial = billing.trial.state === "running" && pendingChange?.kind === "cancel";
  return (
    <Card className="grid gap-5 p-5">
      <header className="flex flex-wrap items-start justify-between gap-3">
        <div className="grid gap-1">
          <h2 className="flex items-center gap-2.5 text-20 font-semibold">
            {names(plan.id)}
            {subscription && <StatusMark status={subscription.status} />}
          </h2>
          <p className="num text-14 text-text-2">
            {subscription
              ? t(`price.${subscription.interval}`, {
                  money: format.money(subscription.amountCents, subscription.currency),
                })
              : t("free")}
          </p>
          {billing.sells && <TrialOffer trial={billing.trial} />}
        </div>
        {!subscription && billing.sells && (
          <Button asChild>
            <Link href="/pricing">{t("see")}</Link>
          </Button>
        )}
      </header>
      <dl className="num grid gap-x-6 gap-y-3 border-t border-line pt-5 text-14 sm:grid-cols-2">
        <Fact name={t("credits")}>
          <span className="inline-flex items-start gap-1.5">
            <CreditGlyph className="mt-0.5" />
            <span>
              <PlanCredits billing={billing} />
            </span>
          </span>
        </Fact>
        {!endsWithTrial && (
          <Fact name={t("rollover")}>{t("upTo", { credits: format.credits(plan.rolloverCap) })}</Fact>
        )}
        <Fact name={t("concurrent")}>{format.integer(plan.entitlements.concurrentRuns)}</Fact>
        <Fact name={t("fileSize")}>{format.bytes(plan.entitlements.fileMb * 1_000_000)}</Fact>
      </dl>
      {pendingChange && <Pending change={pendingChange} />}
      {subscription && (
        <div className="flex flex-wrap gap-2 border-t border-line pt-5">
          {pendingChange && pendingChange.kind !== "upgrade_unpaid" ? (
            <ResumeButton />
          ) : (
            <>
              {/* Nothing can be changed before what is due is paid. */}
              {!billing.pastDue && <ChangeDialog billing={billing} />}
              <CancelDialog billing={billing} />
            </>
          )}
        </div>
      )}
    </Card>
  );
}

/** Where the subscription stands, if that is more than that it goes on. */
function StatusMark({ status }: { status: SubscriptionStatus }) {
  const t = useTranslations("billing.plan.status");
  const { mark } = meanings[status];
  return mark && <Badge tone={mark === "notice" ? "info" : "hold"}>{t(status)}</Badge>;
}

function TrialOffer({ trial: { state, planId, days, credits } }: { trial: BillingJson["trial"] }) {
  const t = useTranslations("billing.plan");
  const names = useTranslations("pricing.plan");
  const format = useFormat();
  if (state !== "available" || planId === null || days === null || credits === null) return null;
  return (
    <p className="num text-14 text-text-2">
      {t("trialOffer", { plan: names(planId), days, credits: format.credits(credits) })}
    </p>
  );
}

/** What the plan gives a month; in a trial what that gives, and until when. */
function PlanCredits({ billing: { plan, trial, pendingChange } }: { billing: BillingJson }) {
  const t = useTranslations("billing.plan");
  const format = useFormat();
  const monthly = format.credits(plan.creditsPerMonth);
  if (trial.state !== "running" || trial.credits === null || trial.endsAt === null) {
    return t("creditsMonthly", { credits: monthly });
  }
  const now = { credits: format.credits(trial.credits), date: format.date(trial.endsAt) };
  return pendingChange ? t("trialOnly", now) : t("trialThen", { ...now, monthly });
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="grid content-start gap-0.5">
      <dt className="text-13 text-text-3">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Pending({ change }: { change: NonNullable<BillingJson["pendingChange"]> }) {
  const t = useTranslations("billing.pending");
  const names = useTranslations("pricing.plan");
  const format = useFormat();
  return (
    <div role="status" className="grid gap-2 rounded-field bg-hold-soft px-4 py-3 text-14">
      <p className="num">
        {t(change.kind, { plan: names(change.planId), date: change.at ? format.date(change.at) : "" })}
      </p>
      {change.payUrl && (
        <Button asChild size="sm" className="justify-self-start">
          <a href={change.payUrl}>{t("pay")}</a>
        </Button>
      )}
    </div>
  );
}

/** Takes a cancellation or a planned downgrade back. */
function ResumeButton() {
  const t = useTranslations("billing.plan");
  const problemText = useProblemText();
  const queries = useQueryClient();
  const resume = useMutation({
    mutationFn: () => api.post<BillingJson>("/billing/resume"),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: queryKeys.billing });
      toast.done(t("resumed"));
    },
  });
  return (
    <div className="grid gap-1.5">
      <Button busy={resume.isPending} onClick={() => resume.mutate()} className="justify-self-start">
        {t("resume")}
      </Button>
      {resume.error && (
        <p role="alert" className="text-13 text-danger">
          {problemText(resume.error)}
        </p>
      )}
    </div>
  );
}
