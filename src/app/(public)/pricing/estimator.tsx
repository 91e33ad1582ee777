"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import type { Currency } from "#billing/catalogue";
import { useCatalogue } from "#ui/billing/on-sale";
import type { ToolYield } from "#ui/billing/plan-card";
import { Card } from "#ui/primitives/card";
import { Field } from "#ui/primitives/field";
import { Select } from "#ui/primitives/select";
import { Slider } from "#ui/primitives/slider";
import { useFormat } from "#ui/use-format";
import { cheapestWay, sizeOf } from "./cheapest";

/** Steps of the slider: fine where most people are, coarse above. */
const amounts = [10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000] as const;

/** "I need so many images a month": the cheapest way there. */
export function Estimator({ makes, currency }: { makes: readonly ToolYield[]; currency: Currency }) {
  const t = useTranslations("pricing");
  const format = useFormat();
  const catalogue = useCatalogue();
  const [slug, setSlug] = useState(makes[0]?.slug);
  const [position, setPosition] = useState(5);
  const tool = makes.find((make) => make.slug === slug) ?? makes[0];
  if (!tool) return null;
  const count = amounts[position] ?? amounts[0];
  const need = count * tool.credits;
  const way = cheapestWay(need, currency, catalogue);
  const what = t(`count.${tool.unit}`, { count });
  const parts = [
    ...(way.planId === "free" && way.packs.length > 0 ? [] : [t(`plan.${way.planId}`)]),
    ...catalogue.packs.flatMap((pack) => {
      const count = way.packs.find(({ id }) => id === pack.id)?.count ?? 0;
      return count > 0 ? [t("packTimes", { count, credits: format.credits(sizeOf(pack)) })] : [];
    }),
  ];
  return (
    <section aria-labelledby="estimate" className="grid gap-6">
      <h2 id="estimate" className="font-display text-24 font-semibold">
        {t("estimateTitle")}
      </h2>
      <Card className="grid gap-x-10 gap-y-6 p-5 md:grid-cols-[minmax(0,1fr)_minmax(0,320px)] md:p-6">
        <div className="grid content-start gap-5">
          <Field id="estimate-tool" label={t("tool")} className="max-w-96">
            <Select
              id="estimate-tool"
              value={tool.slug}
              onChange={({ target }) => setSlug(target.value)}
              options={makes.map((make) => ({ value: make.slug, label: make.name }))}
            />
          </Field>
          <div className="grid gap-1">
            <p className="num text-14 font-medium">{t("need", { what })}</p>
            <Slider
              label={t("needLabel")}
              value={position}
              onValueChange={setPosition}
              min={0}
              max={amounts.length - 1}
              valueText={what}
            />
          </div>
        </div>
        <output className="grid content-center gap-1 border-line max-md:border-t max-md:pt-5 md:border-l md:pl-10">
          <span className="text-13 text-text-3">{t("cheapest")}</span>
          <span className="text-18 font-semibold">{parts.join(" + ")}</span>
          <span className="num text-14 text-text-2">
            {t("cheapestPrice", { money: format.money(way.cents, currency) })}
          </span>
          <span className="num text-13 text-text-3">
            {t("cheapestCredits", { need: format.credits(need), credits: format.credits(way.credits) })}
          </span>
        </output>
      </Card>
    </section>
  );
}
