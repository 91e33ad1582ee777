"use client";

import { useTranslations } from "next-intl";
import type { Pack } from "#billing/catalogue";
import { Switch } from "#ui/primitives/toggle";
import { AmountFields, NumberField } from "./fields";

type PackFormProps = { pack: Pack; onChange: (pack: Pack) => void };

/** A pack of credits. */
export function PackForm({ pack, onChange }: PackFormProps) {
  const t = useTranslations("officePlans");
  const path = `packs.${pack.id}`;
  return (
    <>
      <Switch
        id="on-sale"
        label={t("onSale")}
        hint={t("onSalePackHint")}
        checked={!pack.archived}
        onCheckedChange={(on) => onChange({ ...pack, archived: !on })}
      />
      <div className="grid gap-4 sm:grid-cols-3">
        <NumberField
          path={`${path}.credits`}
          label={t("credits")}
          value={pack.credits}
          onChange={(value) => value !== null && onChange({ ...pack, credits: value })}
        />
        <NumberField
          path={`${path}.bonus`}
          label={t("bonus")}
          value={pack.bonus}
          onChange={(value) => value !== null && onChange({ ...pack, bonus: value })}
        />
        <NumberField
          optional
          path={`${path}.expiresAfterMonths`}
          label={t("expiresAfterMonths")}
          hint={t("expiryHint")}
          value={pack.expiresAfterMonths}
          onChange={(value) => onChange({ ...pack, expiresAfterMonths: value })}
        />
      </div>
      <AmountFields
        path={`${path}.prices`}
        title={t("packPrice")}
        value={pack.prices}
        onChange={(prices) => onChange({ ...pack, prices })}
      />
    </>
  );
}
