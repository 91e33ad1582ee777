"use client";

import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { type Amounts, currencies } from "#billing/catalogue";
import { minorPlaces } from "#format";
import { Field } from "#ui/primitives/field";
import { Input } from "#ui/primitives/input";

type NumberFieldProps = {
  label: string;
  hint?: string;
  value: number | null;
  /** May be left empty, which is null. */
  optional?: boolean;
  onChange: (value: number | null) => void;
  /** How many digits stand behind the point: 1200 is 12.00 with 2. */
  places?: number;
};

/** A figure. What is no number is not taken over, and stays as typed until it is one. */
export function NumberField({
  label,
  hint,
  value,
  optional = false,
  onChange,
  places = 0,
}: NumberFieldProps) {
  const id = useId();
  const shown = value === null ? "" : (value / 10 ** places).toFixed(places);
  const [typed, setTyped] = useState<string | null>(null);
  const change = (text: string) => {
    setTyped(text);
    const number = Math.round(Number(text) * 10 ** places);
    if (text.trim() === "") {
      if (optional) onChange(null);
    } else if (Number.isFinite(number) && number >= 0) onChange(number);
  };
  return (
    <Field id={id} label={label} hint={hint} optional={optional}>
      <Input
        id={id}
        inputMode={places > 0 ? "decimal" : "numeric"}
        className="num"
        value={typed ?? shown}
        onChange={({ target }) => change(target.value)}
        onBlur={() => setTyped(null)}
      />
    </Field>
  );
}

type AmountFieldsProps = { title: string; value: Amounts; onChange: (value: Amounts) => void };

/** A price in every currency. */
export function AmountFields({ title, value, onChange }: AmountFieldsProps) {
  const t = useTranslations("officePlans");
  return (
    <fieldset className="grid min-w-0 gap-3">
      <legend className="mb-2 text-13 font-semibold">{title}</legend>
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-5">
        {currencies.map((currency) => (
          <NumberField
            key={currency}
            label={t("amountIn", { currency: currency.toUpperCase() })}
            places={minorPlaces(currency)}
            value={value[currency]}
            onChange={(cents) => cents !== null && onChange({ ...value, [currency]: cents })}
          />
        ))}
      </div>
    </fieldset>
  );
}
