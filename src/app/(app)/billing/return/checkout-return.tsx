"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleAlert, CircleCheck } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect } from "react";
import type { CheckoutJson } from "#api/contract";
import { useCatalogue } from "#ui/billing/on-sale";
import { billingQuery, checkoutQuery } from "#ui/billing/queries";
import { useCheckout } from "#ui/billing/use-checkout";
import { Spinner } from "#ui/icons";
import { useBalance } from "#ui/live";
import { Button } from "#ui/primitives/button";
import { Card } from "#ui/primitives/card";
import { useProblemText } from "#ui/problem-text";
import { queryKeys } from "#ui/query-keys";
import { Failure } from "#ui/state/states";
import { useFormat } from "#ui/use-format";

/** Confirming, then the credits, unaided; then back to where the customer was. */
export function CheckoutReturn({ sessionId }: { sessionId: string }) {
  const t = useTranslations("billing.return");
  const query = useQuery(checkoutQuery(sessionId));
  const queries = useQueryClient();
  const state = query.data?.state;
  useEffect(() => {
    if (state !== "done") return;
    void queries.invalidateQueries({ queryKey: queryKeys.balance });
    void queries.invalidateQueries({ queryKey: queryKeys.plan });
  }, [state, queries]);
  return (
    <div className="grid min-h-[50dvh] place-items-center">
      <Card className="grid w-full max-w-md justify-items-center gap-4 px-6 py-10 text-center">
        {query.isError && !query.data ? (
          <Failure error={query.error} title={t("unknown")} onRetry={() => void query.refetch()} />
        ) : (
          <Outcome checkout={query.data ?? null} />
        )}
      </Card>
    </div>
  );
}

function Outcome({ checkout }: { checkout: CheckoutJson | null }) {
  const t = useTranslations("billing.return");
  const names = useTranslations("pricing.plan");
  const format = useFormat();
  const balance = useBalance(undefined);
  if (checkout === null || checkout.state === "confirming" || checkout.state === "open") {
    return (
      <Words icon={<Spinner className="size-6" />} title={t("confirming")} text={t("confirmingText")}>
        {checkout && <Back checkout={checkout} quiet />}
      </Words>
    );
  }
  if (checkout.state === "done") {
    const added = format.credits(checkout.creditsAdded);
    return (
      <Words
        icon={<CircleCheck className="size-6" strokeWidth={1.75} aria-hidden="true" />}
        title={
          checkout.planId
            ? t("plan", { plan: names(checkout.planId), credits: added })
            : t("added", { credits: added })
        }
        text={balance ? t("balance", { credits: format.credits(balance.available) }) : ""}
        note={checkout.planId && <AfterTrial />}
      >
        <Back checkout={checkout} />
      </Words>
    );
  }
  return <Ended checkout={checkout} />;
}

/** When the plan's own credits come, for whoever has begun with a trial. */
function AfterTrial() {
  const t = useTranslations("billing.return");
  const format = useFormat();
  const { data } = useQuery(billingQuery());
  if (data?.trial.state !== "running" || !data.trial.endsAt) return null;
  const credits = format.credits(data.plan.creditsPerMonth);
  return (
    <p className="num text-14 text-text-2">
      {t("afterTrial", { credits, date: format.date(data.trial.endsAt) })}
    </p>
  );
}

/** What went wrong, what became of the money, and a way on. */
function Ended({ checkout }: { checkout: CheckoutJson }) {
  const t = useTranslations("billing.return");
  const names = useTranslations("pricing.plan");
  const { reason, planId } = checkout;
  const plan = planId ? names(planId) : "";
  return (
    <Words
      icon={<CircleAlert className="size-6 text-danger" strokeWidth={1.75} aria-hidden="true" />}
      title={reason ? t(`reason.${reason}.title`, { plan }) : t("expired")}
      text={reason ? t(`reason.${reason}.text`, { plan }) : t("nothingCharged")}
    >
      {reason === "trial_used" ? (
        <WithoutTrial checkout={checkout} />
      ) : (
        <Button asChild>
          {reason === "surplus" || reason === "paid_back" ? (
            <Link href="/billing">{t("toBilling")}</Link>
          ) : (
            <Link href={pricingFrom(checkout)}>{t("again")}</Link>
          )}
        </Button>
      )}
      <Back checkout={checkout} quiet />
    </Words>
  );
}

/** The same plan, paid from today on. */
function WithoutTrial({ checkout }: { checkout: CheckoutJson }) {
  const t = useTranslations("billing.return");
  const names = useTranslations("pricing.plan");
  const format = useFormat();
  const problemText = useProblemText();
  const again = useCheckout();
  const { plans } = useCatalogue();
  const { planId, interval, currency, returnTo } = checkout;
  const cents = plans.find(({ id }) => id === planId)?.prices?.[interval ?? "month"][currency];
  if (!planId || planId === "free" || !interval || cents === undefined) return null;
  return (
    <div className="grid gap-2">
      <Button
        busy={again.isPending || again.isSuccess}
        onClick={() => again.mutate({ kind: "plan", planId, interval, currency, returnTo })}
      >
        {t("withoutTrial", { plan: names(planId), money: format.money(cents, currency) })}
      </Button>
      {again.error && (
        <p role="alert" className="text-13 text-danger">
          {problemText(again.error)}
        </p>
      )}
    </div>
  );
}

function Words({
  icon,
  title,
  text,
  note,
  children,
}: {
  icon: ReactNode;
  title: string;
  text: string;
  note?: ReactNode;
  children: ReactNode;
}) {
  return (
    <>
      {icon}
      <div role="status" aria-live="polite" className="grid gap-1">
        <h1 className="num text-20 font-semibold">{title}</h1>
        <p className="num text-14 text-text-2">{text}</p>
        {note}
      </div>
      <div className="flex flex-wrap justify-center gap-2">{children}</div>
    </>
  );
}

function pricingFrom({ returnTo }: CheckoutJson): string {
  return returnTo.startsWith("/tools/") ? `/pricing?from=${encodeURIComponent(returnTo)}` : "/pricing";
}

function Back({ checkout, quiet = false }: { checkout: CheckoutJson; quiet?: boolean }) {
  const t = useTranslations("billing.return");
  return (
    <Button asChild variant={quiet ? "quiet" : "primary"}>
      <Link href={checkout.returnTo}>
        {t(checkout.returnTo.startsWith("/tools") ? "backToTool" : "back")}
      </Link>
    </Button>
  );
}
