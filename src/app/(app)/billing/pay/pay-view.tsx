"use client";

import { CircleAlert } from "lucide-react";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import type { CheckoutRequest } from "#api/contract";
import type { Currency, Interval, PlanId } from "#billing/catalogue";
import { loadStripeJs, type StripeCheckout } from "#ui/billing/stripe-js";
import { useCheckout } from "#ui/billing/use-checkout";
import { Button } from "#ui/primitives/button";
import { Card } from "#ui/primitives/card";
import { FieldError } from "#ui/primitives/field";
import { Skeleton } from "#ui/primitives/skeleton";
import { useProblemText } from "#ui/problem-text";
import { useFormat } from "#ui/use-format";

type Form = {
  clientSecret: string;
  publishableKey: string;
  script: string;
  kind: "plan" | "pack";
  planId: PlanId | null;
  packId: string | null;
  interval: Interval | null;
  credits: number;
  amountCents: number;
  currency: Currency;
  dueCents: number;
  trialDays: number | null;
  /** What the trial gives at once; null without one. */
  trialCredits: number | null;
  returnTo: string;
};

/** What is bought and what is due, beside Stripe's form. */
export function PayView({ form, sessionId }: { form: Form; sessionId: string }) {
  const t = useTranslations("billing.pay");
  const names = useTranslations("pricing.plan");
  const format = useFormat();
  const { planId, interval, amountCents, currency, dueCents, trialDays, trialCredits, returnTo } = form;
  const what = planId ? names(planId) : format.credits(form.credits);
  return (
    <div className="mx-auto grid w-full max-w-3xl items-start gap-6 md:grid-cols-2">
      <div className="grid gap-4">
        <Link href={returnTo} className="text-13 text-text-2 underline-offset-4 hover:underline">
          {t("back")}
        </Link>
        <h1 className="text-20 font-semibold">{what}</h1>
        <dl className="num grid gap-2 rounded-card border border-line p-4 text-14">
          <Row name={interval ? t(interval) : t("once")}>{format.money(amountCents, currency)}</Row>
          {trialDays !== null && (
            <Row name={t("trial", { days: trialDays })}>{format.money(0, currency)}</Row>
          )}
          {trialCredits !== null && (
            <>
              <Row name={t("trialCredits")}>{format.credits(trialCredits)}</Row>
              <Row name={t("planCredits")}>{format.credits(form.credits)}</Row>
            </>
          )}
          <div className="flex justify-between gap-4 border-t border-line pt-2 font-semibold">
            <dt>{t("dueToday")}</dt>
            <dd>{format.money(dueCents, currency)}</dd>
          </div>
        </dl>
        <p className="text-13 text-text-3">{t("whereCardsGo")}</p>
      </div>
      <Card className="p-5">
        <StripeForm form={form} sessionId={sessionId} />
      </Card>
    </div>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex justify-between gap-4 text-text-2">
      <dt>{name}</dt>
      <dd className="shrink-0">{children}</dd>
    </div>
  );
}

/** Stripe's Payment Element, in its own frame, and the button that has it pay. */
function StripeForm({ form, sessionId }: { form: Form; sessionId: string }) {
  const t = useTranslations("billing.pay");
  const format = useFormat();
  const { place, checkout, failed, retry } = usePaymentElement(form);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string>();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!checkout) return;
    setBusy(true);
    setWrong(undefined);
    try {
      const loaded = await checkout.loadActions();
      const outcome = loaded.type === "success" ? await loaded.actions.confirm() : loaded;
      if (outcome.type === "error") setWrong(outcome.error.message ?? t("refused"));
      // Stripe sends the browser there itself unless nothing had to be asked.
      else window.location.assign(`/billing/return?session_id=${sessionId}`);
    } catch {
      setWrong(t("unconfirmed"));
    } finally {
      setBusy(false);
    }
  };
  if (failed) return <Unreachable form={form} onRetry={retry} />;
  return (
    <form onSubmit={submit} className="grid gap-4">
      {!checkout && <Skeleton className="h-56 rounded-field" />}
      <div ref={place} data-testid="payment-element" />
      <Button type="submit" busy={busy} disabled={!checkout}>
        {form.trialDays !== null
          ? t("startTrial")
          : t("pay", { money: format.money(form.dueCents, form.currency) })}
      </Button>
      <FieldError id="pay" error={wrong} />
    </form>
  );
}

/** Stripe's script did not come: its own page may, and sells the same. */
function Unreachable({ form, onRetry }: { form: Form; onRetry: () => void }) {
  const t = useTranslations("billing.pay");
  const problemText = useProblemText();
  const elsewhere = useCheckout();
  const request = hostedRequest(form);
  return (
    <div className="grid gap-4 text-14">
      <div role="alert" className="grid gap-1">
        <p className="flex items-center gap-2 font-semibold">
          <CircleAlert className="size-4 shrink-0 text-danger" aria-hidden="true" />
          {t("unreachable")}
        </p>
        <p className="text-text-2">{t("unreachableText")}</p>
      </div>
      <div className="grid gap-2">
        {request && (
          <Button busy={elsewhere.isPending || elsewhere.isSuccess} onClick={() => elsewhere.mutate(request)}>
            {t("hosted")}
          </Button>
        )}
        <Button variant="secondary" onClick={onRetry}>
          {t("retry")}
        </Button>
      </div>
      <FieldError id="hosted" error={elsewhere.error ? problemText(elsewhere.error) : undefined} />
    </div>
  );
}

function hostedRequest({ planId, packId, interval, currency, returnTo }: Form): CheckoutRequest | null {
  const where = { currency, returnTo, hosted: true } as const;
  if (planId && planId !== "free" && interval) return { kind: "plan", planId, interval, ...where };
  return packId ? { kind: "pack", packId, ...where } : null;
}

function usePaymentElement({ script, publishableKey, clientSecret }: Form) {
  const locale = useLocale();
  const place = useRef<HTMLDivElement>(null);
  const [checkout, setCheckout] = useState<StripeCheckout | null>(null);
  const [failed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt loads it anew
  useEffect(() => {
    let gone = false;
    let element: ReturnType<StripeCheckout["createPaymentElement"]> | null = null;
    loadStripeJs(script, publishableKey, locale)
      .then((stripe) => {
        if (gone || !place.current) return;
        const theme = document.documentElement.classList.contains("dark") ? "night" : "stripe";
        const made = stripe.initCheckoutElementsSdk({
          clientSecret,
          elementsOptions: { appearance: { theme } },
        });
        element = made.createPaymentElement({ layout: "tabs" });
        element.mount(place.current);
        setCheckout(made);
      })
      .catch(() => {
        if (!gone) setFailed(true);
      });
    return () => {
      gone = true;
      element?.destroy();
    };
  }, [script, publishableKey, clientSecret, locale, attempt]);
  const retry = () => {
    setFailed(false);
    setAttempt((count) => count + 1);
  };
  return { place, checkout, failed, retry };
}
