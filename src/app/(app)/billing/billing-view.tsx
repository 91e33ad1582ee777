"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { BillingJson } from "#api/contract";
import { useCurrency } from "#ui/billing/currency";
import { PackCards } from "#ui/billing/pack-cards";
import { billingQuery } from "#ui/billing/queries";
import { Card } from "#ui/primitives/card";
import { Skeleton } from "#ui/primitives/skeleton";
import { QueryState } from "#ui/state/query-state";
import { CardOnFile } from "./card-on-file";
import { Invoices } from "./invoices";
import { NextSteps } from "./next-steps";
import { PastDue } from "./past-due";
import { PlanSummary } from "./plan-summary";
import { TopUpForm } from "./top-up-form";

/** Plan, what happens next and when, the card, packs, auto top-up and invoices. */
export function BillingView() {
  const t = useTranslations("billing");
  const query = useQuery(billingQuery());
  return (
    <QueryState query={query} skeleton={<Shape />} failure={t("failed")}>
      {(billing) => <Parts billing={billing} />}
    </QueryState>
  );
}

function Parts({ billing }: { billing: BillingJson }) {
  const t = useTranslations("billing");
  const currency = useCurrency(billing);
  return (
    <div className="grid gap-10">
      {billing.pastDue && <PastDue pastDue={billing.pastDue} />}
      {billing.flagged && (
        <p
          role="status"
          className="rounded-card border border-danger/40 bg-danger-soft px-5 py-4 text-14 text-danger"
        >
          {t("flagged")}
        </p>
      )}
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <PlanSummary billing={billing} />
        <div className="grid gap-4">
          <NextSteps billing={billing} />
          <CardOnFile billing={billing} />
        </div>
      </div>
      {billing.sells && (
        <Section id="packs" title={t("packs.title")} hint={t("packs.hint")}>
          <PackCards currency={currency} signedIn returnTo="/billing" />
        </Section>
      )}
      {billing.sells && (
        <Section id="top-up" title={t("topUp.title")} hint={t("topUp.hint")}>
          <Card className="max-w-2xl">
            <TopUpForm topUp={billing.topUp} currency={currency} hasCard={billing.card !== null} />
          </Card>
        </Section>
      )}
      <Section id="invoices" title={t("invoices.title")} hint={t("invoices.hint")}>
        <Invoices />
      </Section>
    </div>
  );
}

function Section({
  id,
  title,
  hint,
  children,
}: {
  id: string;
  title: string;
  hint: string;
  children: ReactNode;
}) {
  return (
    <section aria-labelledby={id} className="grid gap-4">
      <div className="grid gap-1">
        <h2 id={id} className="text-16 font-semibold">
          {title}
        </h2>
        <p className="max-w-prose text-13 text-text-2">{hint}</p>
      </div>
      {children}
    </section>
  );
}

function Shape() {
  return (
    <div aria-hidden="true" className="grid gap-10">
      <div className="grid gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Skeleton className="h-64 rounded-card" />
        <Skeleton className="h-64 rounded-card" />
      </div>
      <Skeleton className="h-44 rounded-card" />
      <Skeleton className="h-60 rounded-card" />
    </div>
  );
}
