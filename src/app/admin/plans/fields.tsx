"use client";

import { useTranslations } from "next-intl";
import { createContext, use, useId, useState } from "react";
import { type Amounts, currencies } from "#billing/catalogue";
import { minorPlaces, readMinor } from "#format";
import { describedBy, Field } from "#ui/primitives/field";
import { Input } from "#ui/primitives/input";

/** Figures that cannot be read, as they were typed, by path: the catalogue keeps what stood there before. */
export type Unread = { texts: ReadonlyMap<string, string>; set: (path: string, text: string | null) => void };
const UnreadContext = createContext<Unread>({ texts: new Map(), set: () => undefined });
export const UnreadFigures = UnreadContext.Provider;
export const useUnread = () => use(UnreadContext);

type NumberFieldProps = {
  /** As `plans.pro.creditsPerMonth`. */
  path: string;
  label: string;
  hint?: string;
  value: number | null;
  /** May be left empty, which is null. */
  optional?: boolean;
  onChange: (value: number | null) => void;
  /** How many digits stand behind the point: 1200 is 12.00 with 2. */
  places?: number;
};

/** A figure. What is none is not taken over, stays as typed and is told beside it. */
export function NumberField({
  path,
  label,
  hint,
  value,
  optional = false,
  onChange,
  places = 0,
}: NumberFieldProps) {
  const id = useId();
  const t = useTranslations("common");
  const unread = useUnread();
  const shown = value === null ? "" : (value / 10 ** places).toFixed(places);
  const [typed, setTyped] = useState<string | null>(null);
  const stands = typed !== null && readMinor(typed, places) === value;
  const wrong = unread.texts.get(path);
  const error = wrong === undefined ? undefined : t(places > 0 ? "amountWrong" : "wholeWrong");
  const change = (text: string) => {
    setTyped(text);
    const number = readMinor(text, places);
    const fits = number !== null || (optional && text.trim() === "");
    unread.set(path, fits ? null : text);
    if (fits) onChange(number);
  };
  return (
    <Field id={id} label={label} hint={hint} error={error} optional={optional}>
      <Input
        {...describedBy(id, { hint, error })}
        inputMode={places > 0 ? "decimal" : "numeric"}
        className="num"
        value={wrong ?? (stands ? typed : shown)}
        onChange={({ target }) => change(target.value)}
        onBlur={() => setTyped(null)}
      />
    </Field>
  );
}

type AmountFieldsProps = { path: string; title: string; value: Amounts; onChange: (value: Amounts) => void };

/** A price in every currency. */
export function AmountFields({ path, title, value, onChange }: AmountFieldsProps) {
  const t = useTranslations("officePlans");
  return (
    <fieldset className="grid min-w-0 gap-3">
      <legend className="mb-2 text-13 font-semibold">{title}</legend>
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-5">
        {currencies.map((currency) => (
          <NumberField
            key={currency}
            path={`${path}.${currency}`}
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
