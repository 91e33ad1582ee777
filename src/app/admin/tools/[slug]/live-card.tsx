"use client";

import { useTranslations } from "next-intl";
import { locales } from "#i18n/locale";
import type { ToolState } from "#tools";
import { rateNames } from "#tools/names";
import { CreditGlyph } from "#ui/icons";
import { Badge } from "#ui/primitives/badge";
import { ToolTile } from "#ui/tool-icon";
import { useFormat } from "#ui/use-format";
import { type DraftValues, ratesOf } from "./draft-form";

type LiveCardProps = {
  tool: { icon: string; kind: "exact" | "upTo" };
  values: DraftValues;
  published: ToolState;
};

/** The tool's card in both languages as the form says, with its rates. */
export function LiveCard({ tool, values, published }: LiveCardProps) {
  const t = useTranslations("officeTools");
  const plans = useTranslations("pricing.plan");
  const format = useFormat();
  const rates = ratesOf(values);
  const plan = (["pro", "premium", "enterprise"] as const).find((one) => one === values.minimumPlan);
  return (
    <>
      {locales.map((locale) => (
        <div key={locale} lang={locale} className="grid gap-3 rounded-card border border-line p-4">
          <div className="flex items-start justify-between gap-3">
            <ToolTile name={tool.icon} />
            <span className="flex gap-1.5">
              {!published.enabled && <Badge tone="danger">{t("off")}</Badge>}
              {plan && <Badge>{plans(plan)}</Badge>}
            </span>
          </div>
          <div className="grid gap-1">
            <p className="text-16 font-semibold text-text">{values[`texts.${locale}.name`]}</p>
            <p className="text-14 text-text-2">{values[`texts.${locale}.summary`]}</p>
          </div>
          <p className="text-13 text-text-3">
            {values[`texts.${locale}.takes`]} → {values[`texts.${locale}.gives`]}
          </p>
        </div>
      ))}
      <ul className="num grid gap-1 text-13">
        {rateNames.map((name) => {
          const rate = rates[name];
          if (rate === undefined) return null;
          return (
            <li key={name} className="flex justify-between gap-4">
              <span className="text-text-2">{t(`rate.${name}`)}</span>
              <span className="inline-flex items-center gap-1.5 text-text">
                <CreditGlyph />
                {Number.isFinite(rate) ? format.credits(rate) : "—"}
              </span>
            </li>
          );
        })}
      </ul>
    </>
  );
}
