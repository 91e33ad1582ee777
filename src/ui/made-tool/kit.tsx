"use client";

import { createContext, type ReactNode, use, useId, useState } from "react";
import { cn } from "#cn";
import { readNumber } from "#format";
import { locales } from "#i18n/locale";
import { languageNames } from "#ui/preferences";
import { describedBy, Field, FieldError } from "#ui/primitives/field";
import { Input, Textarea } from "#ui/primitives/input";
import { type Option, Select } from "#ui/primitives/select";
import { Switch } from "#ui/primitives/toggle";

/** The controls of a definition's form. Each names the path by which faults are told. */

type Form = {
  faults: ReadonlyMap<string, string>;
  disabled: boolean;
  /** The operator's own server does the work: nothing is said of prompts. */
  server?: boolean;
  /** That server may stand in one's own network. */
  privateToo?: boolean;
};
const FormContext = createContext<Form>({ faults: new Map(), disabled: false });

export function FormOf({ children, ...form }: Form & { children: ReactNode }) {
  return <FormContext value={form}>{children}</FormContext>;
}

/** True where the operator's own server does the work. */
export function useIsServer(): boolean {
  return use(FormContext).server ?? false;
}

/** Whether that server may stand in one's own network. */
export function useIsPrivateToo(): boolean {
  return use(FormContext).privateToo ?? false;
}

export function Section({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="grid min-w-0 gap-4 border-t border-line pt-6 first:border-0 first:pt-0"
    >
      <div className="grid gap-1">
        <h2 id={id} className="text-14 font-semibold text-text">
          {title}
        </h2>
        {hint && <p className="text-13 text-text-3">{hint}</p>}
      </div>
      {children}
    </section>
  );
}

export function Grid({ children, className }: { children: ReactNode; className?: string }) {
  return <div className={cn("grid min-w-0 items-start gap-4 sm:grid-cols-2", className)}>{children}</div>;
}

type ControlProps<V> = {
  path: string;
  label: string;
  hint?: string;
  value: V;
  onChange: (value: V) => void;
  optional?: boolean;
};

function useControl({ path, hint }: { path: string; hint?: string | undefined }) {
  const id = useId();
  const { faults, disabled } = use(FormContext);
  const error = faults.get(path);
  return { id, error, disabled, described: describedBy(id, { hint, error }) };
}

type TextProps = ControlProps<string> & {
  lines?: number;
  mono?: boolean;
  lang?: string;
  onFocus?: () => void;
  onBlur?: () => void;
};

/** A line, or so many lines, of text. */
export function TextOf({ lines = 1, mono = false, lang, ...props }: TextProps) {
  const { id, error, disabled, described } = useControl(props);
  const { label, hint, value, onChange, optional = false, onFocus, onBlur } = props;
  const events = { onFocus, onBlur };
  const control = {
    ...described,
    ...events,
    disabled,
    value,
    lang,
    className: cn(mono && "font-mono text-13"),
  };
  return (
    <Field id={id} label={label} hint={hint} error={error} optional={optional}>
      {lines > 1 ? (
        <Textarea {...control} rows={lines} onChange={({ target }) => onChange(target.value)} />
      ) : (
        <Input {...control} autoComplete="off" onChange={({ target }) => onChange(target.value)} />
      )}
    </Field>
  );
}

type NumberProps = Omit<ControlProps<number | null>, "optional"> & { optional?: boolean };

/** A number, null where nothing stands, NaN where no number does: what was typed is kept then, and told beside it. */
export function NumberOf(props: NumberProps) {
  const { id, error, disabled, described } = useControl(props);
  const { label, hint, value, onChange, optional = false } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const stands = typed !== null && Object.is(figureOf(typed), value);
  return (
    <Field id={id} label={label} hint={hint} error={error} optional={optional}>
      <Input
        {...described}
        inputMode="decimal"
        autoComplete="off"
        className="num"
        disabled={disabled}
        value={stands ? typed : value === null || Number.isNaN(value) ? "" : `${value}`}
        onChange={({ target }) => {
          setTyped(target.value);
          onChange(figureOf(target.value));
        }}
        onBlur={() => !Number.isNaN(value) && setTyped(null)}
      />
    </Field>
  );
}

function figureOf(text: string): number | null {
  return text.trim() === "" ? null : (readNumber(text) ?? Number.NaN);
}

type ChoiceProps<V extends string> = Omit<ControlProps<V>, "optional"> & {
  options: readonly (Option & { value: V })[];
};

export function ChoiceOf<V extends string>(props: ChoiceProps<V>) {
  const { id, error, disabled, described } = useControl(props);
  const { label, hint, value, onChange, options } = props;
  const choose = (wanted: string) => {
    const chosen = options.find((option) => option.value === wanted);
    if (chosen) onChange(chosen.value);
  };
  return (
    <Field id={id} label={label} hint={hint} error={error}>
      <Select
        {...described}
        disabled={disabled}
        value={value}
        options={options}
        onChange={({ target }) => choose(target.value)}
      />
    </Field>
  );
}

export function SwitchOf(props: Omit<ControlProps<boolean>, "optional">) {
  const { id, error, disabled } = useControl(props);
  const { label, hint, value, onChange } = props;
  return (
    <div className="grid gap-1">
      <Switch
        id={id}
        label={label}
        hint={hint}
        checked={value}
        disabled={disabled}
        onCheckedChange={onChange}
      />
      <FieldError id={`${id}-error`} error={error} />
    </div>
  );
}

type Words = { en: string; zh: string };
type BothProps = Omit<TextProps, "value" | "onChange" | "lang"> & {
  value: Words | null;
  onChange: (value: Words) => void;
};

/** The same in both languages, side by side. */
export function BothOf({ path, label, value, onChange, ...props }: BothProps) {
  const words = value ?? { en: "", zh: "" };
  return (
    <Grid>
      {locales.map((locale) => (
        <TextOf
          key={locale}
          {...props}
          path={`${path}.${locale}`}
          label={`${label} · ${languageNames[locale]}`}
          lang={locale}
          value={words[locale]}
          onChange={(text) => onChange({ ...words, [locale]: text })}
        />
      ))}
    </Grid>
  );
}

/** What may be left out in both languages: null then. */
export function orNull({ en, zh }: Words): Words | null {
  return en === "" && zh === "" ? null : { en, zh };
}

/** What is wrong with a group of controls as a whole. */
export function FaultOf({ path }: { path: string }) {
  const { error, id } = useControl({ path });
  return <FieldError id={`${id}-error`} error={error} />;
}
