"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { type Currency, currencies, type Interval, type Pack, type Plan } from "#billing/catalogue";
import { PackCard } from "#ui/billing/pack-cards";
import { PlanCard } from "#ui/billing/plan-card";
import { Select } from "#ui/primitives/select";
import { Segmented } from "#ui/primitives/tabs";

/** The very card of the pricing page, as the form stands. It leads nowhere. */
export function LiveCard({ plan, pack }: { plan: Plan | undefined; pack: Pack | undefined }) {
  const t = useTranslations("officePlans");
  const [currency, setCurrency] = useState<Currency>("usd");
  const [interval, setInterval] = useState<Interval>("month");
  return (
    <section aria-label={t("live")} className="grid gap-3 lg:sticky lg:top-24" data-testid="live-card">
      <div className="flex flex-wrap items-center gap-2">
        <Select
          aria-label={t("currency")}
          value={currency}
          onChange={({ target }) => setCurrency(currencies.find((code) => code === target.value) ?? "usd")}
          options={currencies.map((code) => ({ value: code, label: code.toUpperCase() }))}
          className="w-auto text-13"
        />
        {plan?.prices && (
          <Segmented
            label={t("interval")}
            value={interval}
            onValueChange={setInterval}
            options={[
              { value: "month", label: t("monthly") },
              { value: "year", label: t("yearly") },
            ]}
          />
        )}
      </div>
      <div inert className="grid">
        {plan && (
          <PlanCard
            plan={plan}
            interval={interval}
            currency={currency}
            makes={[]}
            viewer="visitor"
            returnTo="/pricing"
          />
        )}
        {pack && <PackCard pack={pack} currency={currency} signedIn={false} returnTo="/pricing" />}
      </div>
    </section>
  );
}
