"use client";

import { useTranslations } from "next-intl";
import type { Plan } from "#billing/catalogue";
import { Field } from "#ui/primitives/field";
import { Input } from "#ui/primitives/input";
import { Switch } from "#ui/primitives/toggle";
import { AmountFields, NumberField, useUnread } from "./fields";

type PlanFormProps = { plan: Plan; onChange: (plan: Plan) => void };

/** All of a plan that customers see or that is enforced. */
export function PlanForm({ plan, onChange }: PlanFormProps) {
  const t = useTranslations("officePlans");
  const { id, text, prices, trial, entitlements } = plan;
  const unread = useUnread();
  const path = `plans.${id}`;
  const tools = entitlements.tools === "all" ? "" : entitlements.tools.join(" ");
  const setTools = (words: string) => {
    const slugs = words.split(/[\s,]+/).filter((slug) => slug !== "");
    onChange({ ...plan, entitlements: { ...entitlements, tools: slugs.length > 0 ? slugs : "all" } });
  };
  const limit = (name: "concurrentRuns" | "fileMb" | "retentionDays" | "priority") => (
    <NumberField
      path={`${path}.entitlements.${name}`}
      label={t(`entitlement.${name}`)}
      value={entitlements[name]}
      onChange={(value) =>
        value !== null && onChange({ ...plan, entitlements: { ...entitlements, [name]: value } })
      }
    />
  );
  return (
    <>
      {id !== "free" && (
        <Switch
          id="on-sale"
          label={t("onSale")}
          hint={t("onSalePlanHint")}
          checked={!plan.archived}
          onCheckedChange={(on) => onChange({ ...plan, archived: !on })}
        />
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        {(["en", "zh"] as const).map((locale) => (
          <Field key={locale} id={`text-${locale}`} label={t(`text_${locale}`)} optional>
            <Input
              id={`text-${locale}`}
              maxLength={160}
              value={text[locale]}
              onChange={({ target }) => onChange({ ...plan, text: { ...text, [locale]: target.value } })}
            />
          </Field>
        ))}
        <NumberField
          path={`${path}.creditsPerMonth`}
          label={t("creditsPerMonth")}
          value={plan.creditsPerMonth}
          onChange={(value) => value !== null && onChange({ ...plan, creditsPerMonth: value })}
        />
        <NumberField
          path={`${path}.rolloverCap`}
          label={t("rolloverCap")}
          value={plan.rolloverCap}
          onChange={(value) => value !== null && onChange({ ...plan, rolloverCap: value })}
        />
      </div>
      {prices && (
        <>
          <AmountFields
            path={`${path}.prices.month`}
            title={t("month")}
            value={prices.month}
            onChange={(month) => onChange({ ...plan, prices: { ...prices, month } })}
          />
          <AmountFields
            path={`${path}.prices.year`}
            title={t("year")}
            value={prices.year}
            onChange={(year) => onChange({ ...plan, prices: { ...prices, year } })}
          />
          <div className="grid gap-4 sm:grid-cols-2">
            <NumberField
              optional
              path={`${path}.trial.days`}
              label={t("trialDays")}
              hint={t("trialHint")}
              value={trial?.days ?? null}
              onChange={(days) => {
                // With the trial goes the field of its credits, and what may stand wrong in it.
                if (!days) unread.set(`${path}.trial.credits`, null);
                onChange({ ...plan, trial: days ? { credits: trial?.credits ?? 100, days } : null });
              }}
            />
            {trial && (
              <NumberField
                path={`${path}.trial.credits`}
                label={t("trialCredits")}
                value={trial.credits}
                onChange={(credits) =>
                  credits !== null && onChange({ ...plan, trial: { ...trial, credits } })
                }
              />
            )}
          </div>
        </>
      )}
      <fieldset className="grid min-w-0 gap-4 sm:grid-cols-2">
        <legend className="mb-2 text-13 font-semibold">{t("entitlements")}</legend>
        {limit("concurrentRuns")}
        {limit("fileMb")}
        {limit("retentionDays")}
        {limit("priority")}
        <Field
          id="tools"
          label={t("entitlement.tools")}
          hint={t("toolsHint")}
          optional
          className="sm:col-span-2"
        >
          <Input key={id} id="tools" defaultValue={tools} onBlur={({ target }) => setTools(target.value)} />
        </Field>
      </fieldset>
    </>
  );
}
