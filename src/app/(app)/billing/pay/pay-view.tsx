"use client";

import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { type FormEvent, useEffect, useRef, useState } from "react";
import type { Currency, Interval, PlanId } from "#billing/catalogue";
import { loadStripeJs, type StripeCheckout } from "#ui/billing/stripe-js";
import { Button } from "#ui/primitives/button";
import { Card } from "#ui/primitives/card";
import { FieldError } from "#ui/primitives/field";
import { Skeleton } from "#ui/primitives/skeleton";
import { useFormat } from "#ui/use-format";

type Form = {
  clientSecret: string;
  publishableKey: string;
  script: string;
  kind: "plan" | "pack";
  planId: PlanId | null;
  interval: Interval | null;
  credits: number;
  amountCents: number;
  currency: Currency;
  dueCents: number;
  trialDays: number | null;
  returnTo: string;
};

/** What is bought and what is due, beside Stripe's form. */
export function PayView({ form, sessionId }: { form: Form; sessionId: string }) {
  const t = useTranslations("billing.pay");
  const names = useTranslations("pricing.plan");
  const format = useFormat();
  const { planId, interval, amountCents, currency, dueCents, trialDays, returnTo } = form;
  const what = planId ? names(planId) : format.credits(form.credits);
  return (
    <div className="mx-auto grid w-full max-w-3xl items-start gap-6 md:grid-cols-2">
      <div className="grid gap-4">
        <Link href={returnTo} className="text-13 text-text-2 underline-offset-4 hover:underline">
          {t("back")}
        </Link>
        <h1 className="text-20 font-semibold">{what}</h1>
        <dl className="num grid gap-2 rounded-card border border-line p-4 text-14">
          <Row name={interval ? t(interval) : t("once")} money={format.money(amountCents, currency)} />
          {trialDays !== null && (
            <Row name={t("trial", { days: trialDays })} money={format.money(0, currency)} />
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

function Row({ name, money }: { name: string; money: string }) {
  return (
    <div className="flex justify-between gap-4 text-text-2">
      <dt>{name}</dt>
      <dd>{money}</dd>
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
      setWrong(t("unreachable"));
    } finally {
      setBusy(false);
    }
  };
  if (failed) {
    return (
      <div role="alert" className="grid justify-items-start gap-3 text-14">
        <p>{t("unreachable")}</p>
        <Button variant="secondary" onClick={retry}>
          {t("retry")}
        </Button>
      </div>
    );
  }
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
    loadStripeJs(script, publishableKey, locale).then(
      (stripe) => {
        if (gone || !place.current) return;
        const theme = document.documentElement.classList.contains("dark") ? "night" : "stripe";
        const made = stripe.initCheckoutElementsSdk({
          clientSecret,
          elementsOptions: { appearance: { theme } },
        });
        element = made.createPaymentElement({ layout: "tabs" });
        element.mount(place.current);
        setCheckout(made);
      },
      () => setFailed(true),
    );
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
