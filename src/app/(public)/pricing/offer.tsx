"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { type Currency, currencies, type Interval } from "#billing/catalogue";
import { cn } from "#cn";
import { useCurrency } from "#ui/billing/currency";
import { useCatalogue } from "#ui/billing/on-sale";
import { PackCards } from "#ui/billing/pack-cards";
import { PlanCard, type ToolYield } from "#ui/billing/plan-card";
import { billingQuery } from "#ui/billing/queries";
import { Field } from "#ui/primitives/field";
import { Select } from "#ui/primitives/select";
import { Estimator } from "./estimator";

type OfferProps = {
  signedIn: boolean;
  /** What tools make and what one costs, to say what credits are good for. */
  makes: readonly ToolYield[];
  /** The page that the customer left to look at prices, and goes back to after paying. */
  cameFrom: string | null;
};

/** Plans, the cheapest way to a month's work, and packs, in one currency. */
export function Offer({ signedIn, makes, cameFrom }: OfferProps) {
  const t = useTranslations("pricing");
  const [interval, setInterval] = useState<Interval>("month");
  const [chosen, setCurrency] = useState<Currency | null>(null);
  const { data: billing } = useQuery({ ...billingQuery(), enabled: signedIn });
  const own = billing?.subscription ?? null;
  const currency = useCurrency(billing, chosen);
  const { plans } = useCatalogue();
  return (
    <div className="grid gap-14">
      <section aria-labelledby="plans" className="grid gap-6">
        <div className="flex flex-wrap items-end justify-between gap-4">
          <h2 id="plans" className="font-display text-24 font-semibold">
            {t("plansTitle")}
          </h2>
          <div className="flex flex-wrap items-end gap-3">
            {!own && (
              <Field id="currency" label={t("currency")} className="w-28">
                <Select
                  id="currency"
                  value={currency}
                  onChange={({ target }) =>
                    setCurrency(currencies.find((code) => code === target.value) ?? null)
                  }
                  options={currencies.map((code) => ({ value: code, label: code.toUpperCase() }))}
                />
              </Field>
            )}
            <IntervalSwitch value={interval} onChange={setInterval} />
          </div>
        </div>
        <ul className="grid gap-4 md:grid-cols-2 xl:grid-cols-4">
          {plans.map((plan) => (
            <li key={plan.id} className="grid">
              <PlanCard
                plan={plan}
                interval={interval}
                currency={currency}
                makes={makes}
                returnTo={cameFrom ?? "/billing"}
                viewer={signedIn ? (billing ?? "loading") : "visitor"}
              />
            </li>
          ))}
        </ul>
      </section>
      <Estimator makes={makes} currency={currency} />
      <section aria-labelledby="packs" className="grid gap-6">
        <div className="grid gap-1">
          <h2 id="packs" className="font-display text-24 font-semibold">
            {t("packsTitle")}
          </h2>
          <p className="max-w-prose text-14 text-text-2">{t("packsText")}</p>
        </div>
        <PackCards currency={currency} signedIn={signedIn} returnTo={cameFrom ?? "/pricing"} />
      </section>
    </div>
  );
}

function IntervalSwitch({ value, onChange }: { value: Interval; onChange: (value: Interval) => void }) {
  const t = useTranslations("pricing");
  return (
    <fieldset className="inline-flex h-9 rounded-control border border-line bg-sunken p-0.5 pointer-coarse:h-11">
      <legend className="sr-only">{t("interval")}</legend>
      <Choice checked={value === "month"} onChoose={() => onChange("month")}>
        {t("monthly")}
      </Choice>
      <Choice checked={value === "year"} onChoose={() => onChange("year")}>
        {t("yearly")}
      </Choice>
    </fieldset>
  );
}

function Choice({
  checked,
  onChoose,
  children,
}: {
  checked: boolean;
  onChoose: () => void;
  children: ReactNode;
}) {
  return (
    <label
      className={cn(
        "relative inline-flex cursor-pointer items-center rounded-[4px] px-3 text-13 font-medium text-text-2",
        "has-checked:bg-surface has-checked:text-text has-checked:shadow-[0_0_0_1px_var(--line)] has-focus-visible:outline-2 has-focus-visible:outline-ring",
      )}
    >
      <input type="radio" name="interval" checked={checked} onChange={onChoose} className="sr-only" />
      {children}
    </label>
  );
}
