"use client";

import { useTranslations } from "next-intl";
import { type Currency, currencies, planIds } from "#billing/catalogue";
import { parseMinor, readCount, readMinor } from "#format";
import { useCatalogue } from "#ui/billing/on-sale";
import { TextField } from "#ui/office/text-field";
import { Field } from "#ui/primitives/field";
import { Select } from "#ui/primitives/select";
import { Checkbox } from "#ui/primitives/toggle";
import { useFormat } from "#ui/use-format";

const kinds = ["percent", "amount"] as const;
const durations = ["once", "months", "forever"] as const;

export type DiscountForm = {
  kind: (typeof kinds)[number];
  percent: string;
  amount: string;
  currency: Currency;
  duration: (typeof durations)[number];
  months: string;
};

/** What is typed, as the API takes it; null while it is not complete. */
export function discountOf({ kind, percent, amount, currency }: DiscountForm) {
  if (kind === "percent") {
    const hundredths = readMinor(percent, 2);
    const isGood = hundredths !== null && hundredths >= 100 && hundredths <= 10_000;
    return isGood ? { percent: hundredths / 100 } : null;
  }
  const amountCents = parseMinor(amount, currency);
  return amountCents === null ? null : { amountCents, currency };
}

/** As above. @param mostMonths what whoever makes it may give */
export function durationOf({ duration, months }: DiscountForm, mostMonths: number) {
  if (duration !== "months") return duration;
  const count = readCount(months);
  return count !== null && count <= mostMonths ? { months: count } : null;
}

/** For how many months owners and others may take something off; only owners for ever. */
export const mostMonthsOf = (mayEndless: boolean) => (mayEndless ? 36 : 12);

/** Whether only owners leave open how often a code may be used that takes off so much. */
export function needsUses({ kind, percent }: DiscountForm, mayEndless: boolean): boolean {
  return !mayEndless && (kind === "amount" || (readMinor(percent, 2) ?? 0) > 9_000);
}

type DiscountFieldsProps = {
  id: string;
  form: DiscountForm;
  set: (change: Partial<DiscountForm>) => void;
  mayEndless: boolean;
};

/** How much, and of which payments. */
export function DiscountFields({ id, form, set, mayEndless }: DiscountFieldsProps) {
  const t = useTranslations("officeCodes.promotion");
  const typed = form.kind === "percent" ? form.percent : form.amount;
  const wrong = typed !== "" && !discountOf(form);
  const most = mostMonthsOf(mayEndless);
  return (
    <>
      <div className="grid grid-cols-2 items-start gap-4">
        <Field id={`${id}-kind`} label={t("kind")}>
          <Select
            id={`${id}-kind`}
            value={form.kind}
            onChange={({ target }) => set({ kind: target.value === "amount" ? "amount" : "percent" })}
            options={kinds.map((value) => ({ value, label: t(value) }))}
          />
        </Field>
        <TextField
          id={`${id}-off`}
          label={t(form.kind === "percent" ? "percentLabel" : "amountLabel")}
          error={wrong ? t(form.kind === "percent" ? "percentWrong" : "amountWrong") : undefined}
          inputMode="decimal"
          className="num"
          value={typed}
          onText={(text) => set({ [form.kind]: text })}
        />
      </div>
      {form.kind === "amount" && (
        <Field id={`${id}-currency`} label={t("currency")} hint={t("currencyHint")}>
          <Select
            id={`${id}-currency`}
            value={form.currency}
            onChange={({ target }) =>
              set({ currency: currencies.find((one) => one === target.value) ?? "usd" })
            }
            options={currencies.map((value) => ({ value, label: value.toUpperCase() }))}
          />
        </Field>
      )}
      <div className="grid grid-cols-2 items-start gap-4">
        <Field
          id={`${id}-duration`}
          label={t("duration")}
          hint={t(mayEndless ? "durationHint" : "durationHintLimited")}
        >
          <Select
            id={`${id}-duration`}
            value={form.duration}
            onChange={({ target }) =>
              set({ duration: durations.find((one) => one === target.value) ?? "once" })
            }
            options={durations
              .filter((value) => mayEndless || value !== "forever")
              .map((value) => ({ value, label: t(value) }))}
          />
        </Field>
        {form.duration === "months" && (
          <TextField
            id={`${id}-months`}
            label={t("monthsLabel")}
            error={form.months !== "" && !durationOf(form, most) ? t("monthsWrong", { most }) : undefined}
            inputMode="numeric"
            className="num"
            value={form.months}
            onText={(months) => set({ months })}
          />
        )}
      </div>
    </>
  );
}

type Choice = { planIds: readonly string[]; packIds: readonly string[] };
type ForFieldsProps = Choice & { id: string; set: (change: Partial<Choice>) => void };

/** Which plans and packs it is for. */
export function ForFields({ id, planIds: plans, packIds, set }: ForFieldsProps) {
  const t = useTranslations("officeCodes.promotion");
  const names = useTranslations("pricing.plan");
  const format = useFormat();
  const { packs } = useCatalogue();
  const toggled = (list: readonly string[], one: string, isIn: boolean) =>
    isIn ? [...list, one] : list.filter((other) => other !== one);
  return (
    <fieldset className="grid gap-2" aria-describedby={`${id}-for-hint`}>
      <legend className="pb-1.5 text-13 font-medium text-text">{t("for")}</legend>
      <div className="grid gap-x-4 gap-y-2 sm:grid-cols-2">
        {planIds
          .filter((plan) => plan !== "free")
          .map((plan) => (
            <Checkbox
              key={plan}
              id={`${id}-${plan}`}
              label={names(plan)}
              checked={plans.includes(plan)}
              onCheckedChange={(isIn) => set({ planIds: toggled(plans, plan, isIn === true) })}
            />
          ))}
        {packs.map((pack) => (
          <Checkbox
            key={pack.id}
            id={`${id}-pack-${pack.id}`}
            label={t("pack", { credits: format.credits(pack.credits) })}
            checked={packIds.includes(pack.id)}
            onCheckedChange={(isIn) => set({ packIds: toggled(packIds, pack.id, isIn === true) })}
          />
        ))}
      </div>
      <p id={`${id}-for-hint`} className="text-13 text-text-3">
        {t("forHint")}
      </p>
    </fieldset>
  );
}
