"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useId } from "react";
import { planIds } from "#billing/catalogue";
import { locales } from "#i18n/locale";
import type { ToolState } from "#tools";
import { type LimitName, limitNames, rateNames, toolCategories, wordNames } from "#tools/names";
import { describedBy, Field } from "#ui/primitives/field";
import { Input, Textarea } from "#ui/primitives/input";
import { Select } from "#ui/primitives/select";
import { useFormat } from "#ui/use-format";
import type { DraftValues } from "./draft-form";

type FieldsProps = {
  values: DraftValues;
  code: ToolState;
  faults: ReadonlySet<string>;
  disabled: boolean;
  onChange: (path: string, value: string) => void;
};

/** Everything that a revision may say of the tool. */
export function Fields(props: FieldsProps) {
  const t = useTranslations("officeTools");
  const plans = useTranslations("pricing.plan");
  const kinds = useTranslations("tools.categories");
  const format = useFormat();
  const { code } = props;
  const most = (name: LimitName) => {
    const limit = code.limits[name] ?? 0;
    return name === "maxBytes" ? `${format.integer(limit)} (${format.bytes(limit)})` : format.integer(limit);
  };
  return (
    <>
      <Section title={t("section.price")}>
        <Grid>
          {rateNames.map((name) => (
            <Figure
              key={name}
              {...props}
              path={`rates.${name}`}
              label={t(`rate.${name}`)}
              hint={t("ofCodeHint", { value: format.integer(code.rates[name] ?? 0) })}
            />
          ))}
        </Grid>
      </Section>
      <Section title={t("section.limits")}>
        <Grid>
          {limitNames.map((name) => (
            <Figure
              key={name}
              {...props}
              path={`limits.${name}`}
              label={t(`limit.${name}`)}
              hint={t("most", { most: most(name) })}
            />
          ))}
        </Grid>
      </Section>
      <Section title={t("section.offer")}>
        <Grid>
          <Choice
            {...props}
            path="minimumPlan"
            label={t("minimumPlan")}
            options={planIds.map((value) => ({ value, label: plans(value) }))}
          />
          <Choice
            {...props}
            path="category"
            label={t("category")}
            options={toolCategories.map((value) => ({ value, label: kinds(value) }))}
          />
        </Grid>
      </Section>
      {locales.map((locale) => (
        <Section key={locale} title={t(`section.${locale}`)}>
          {wordNames.map((word) => (
            <Words
              key={word}
              {...props}
              path={`texts.${locale}.${word}`}
              label={t(`word.${word}`)}
              long={word === "description"}
            />
          ))}
        </Section>
      ))}
    </>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="grid gap-4">
      <legend className="mb-3 text-14 font-semibold text-text">{title}</legend>
      {children}
    </fieldset>
  );
}

function Grid({ children }: { children: ReactNode }) {
  return <div className="grid gap-4 sm:grid-cols-2">{children}</div>;
}

type OneProps = FieldsProps & { path: string; label: string };

/** A whole number; nothing where the tool has no such value. */
function Figure({ values, faults, disabled, onChange, path, label, hint }: OneProps & { hint: string }) {
  const t = useTranslations("officeTools");
  const id = useId();
  const value = values[path];
  if (value === undefined) return null;
  const error = faults.has(path) ? t("invalid") : undefined;
  return (
    <Field id={id} label={label} hint={hint} error={error}>
      <Input
        inputMode="numeric"
        autoComplete="off"
        className="num"
        disabled={disabled}
        value={value}
        onChange={({ target }) => onChange(path, target.value)}
        {...describedBy(id, { hint, error })}
      />
    </Field>
  );
}

type ChoiceProps = OneProps & { options: { value: string; label: string }[] };

function Choice({ values, disabled, onChange, path, label, options }: ChoiceProps) {
  const id = useId();
  return (
    <Field id={id} label={label}>
      <Select
        {...describedBy(id, {})}
        disabled={disabled}
        value={values[path] ?? ""}
        onChange={({ target }) => onChange(path, target.value)}
        options={options}
      />
    </Field>
  );
}

function Words({ values, faults, disabled, onChange, path, label, long }: OneProps & { long: boolean }) {
  const t = useTranslations("officeTools");
  const id = useId();
  const error = faults.has(path) ? t("invalid") : undefined;
  const props = {
    ...{ disabled, value: values[path] ?? "", maxLength: long ? 2_000 : 200 },
    ...describedBy(id, { error }),
  };
  return (
    <Field id={id} label={label} error={error}>
      {long ? (
        <Textarea {...props} rows={4} onChange={({ target }) => onChange(path, target.value)} />
      ) : (
        <Input {...props} onChange={({ target }) => onChange(path, target.value)} />
      )}
    </Field>
  );
}
