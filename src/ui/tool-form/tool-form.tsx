"use client";

import { ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { cn } from "#cn";
import { readNumber } from "#format";
import type { FormField } from "#tools";
import { describedBy, Field } from "#ui/primitives/field";
import { Input, Textarea } from "#ui/primitives/input";
import { Select } from "#ui/primitives/select";
import { Slider } from "#ui/primitives/slider";
import { Segmented } from "#ui/primitives/tabs";
import { Switch } from "#ui/primitives/toggle";
import { useFormat } from "#ui/use-format";
import { type FieldFault, type FieldFaults, type FormValues, isShown } from "./form-values";

type ToolFormProps = {
  fields: readonly FormField[];
  values: FormValues;
  onChange: (name: string, value: string | boolean) => void;
  /** Shown at a field once it was left; what the server said, at once. */
  faults: FieldFaults;
  /** Stands where the tool's file field stands. */
  files: (field: FormField & { control: "file" }, error: string | undefined) => ReactNode;
};

/** The form of a tool, drawn from its fields; the advanced ones are folded. */
export function ToolForm({ fields, values, onChange, faults, files }: ToolFormProps) {
  const t = useTranslations("tools.form");
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const faultText = useFaultText();
  const shown = fields.filter((field) => isShown(field, values));
  const advanced = shown.filter((field) => field.advanced);
  const [open, setOpen] = useState(false);

  const draw = (field: FormField) => {
    const fault = faults[field.name];
    const told = fault && (left.has(field.name) || fault.kind === "server") ? fault : undefined;
    const error = told && faultText(told);
    if (field.control === "file") return <div key={field.name}>{files(field, error)}</div>;
    return (
      <FormControl
        key={field.name}
        field={field}
        value={values[field.name] ?? ""}
        onChange={(value) => onChange(field.name, value)}
        onLeave={() => setLeft((names) => new Set(names).add(field.name))}
        error={error}
      />
    );
  };

  return (
    <div className="grid gap-5">
      {shown.filter((field) => !field.advanced).map(draw)}
      {advanced.length > 0 && (
        <div className="grid gap-5">
          <button
            type="button"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
            className="flex h-9 w-fit items-center gap-1.5 rounded-control pr-2 text-13 font-medium text-text-2 hover:text-text pointer-coarse:h-11"
          >
            <ChevronRight
              aria-hidden="true"
              className={cn("size-4 transition-transform duration-120", open && "rotate-90")}
              strokeWidth={1.75}
            />
            {t("advanced")}
          </button>
          {(open || advanced.some((field) => faults[field.name])) && advanced.map(draw)}
        </div>
      )}
    </div>
  );
}

/** A fault of a field in words. */
export function useFaultText(): (fault: FieldFault) => string {
  const t = useTranslations("tools.form");
  const format = useFormat();
  return (fault) => {
    switch (fault.kind) {
      case "server":
        return fault.message;
      case "required":
      case "number":
      case "whole":
        return t(fault.kind);
      case "least":
      case "most":
        return t(fault.kind, { bound: format.decimal(fault.bound) });
      case "short":
      case "long":
        return t(fault.kind, { bound: fault.bound });
    }
  };
}

type ControlProps<F extends FormField, V> = {
  field: F;
  value: V;
  onChange: (value: V) => void;
  onLeave: () => void;
  error: string | undefined;
};

type EditableField = Exclude<FormField, { control: "file" }>;

function FormControl({
  field,
  value,
  onChange,
  onLeave,
  error,
}: ControlProps<EditableField, string | boolean>) {
  const t = useTranslations("tools.form");
  const id = `field-${field.name}`;
  const hint = field.help ?? undefined;
  if (field.control === "switch") {
    return (
      <Switch
        id={id}
        label={field.label}
        hint={hint}
        checked={value === true}
        onCheckedChange={(checked) => onChange(checked)}
      />
    );
  }
  const text = String(value);
  const described = {
    ...describedBy(id, { hint, error }),
    "aria-required": field.required || undefined,
    onBlur: onLeave,
  };
  const limit = field.control === "longText" || field.control === "text" ? field.maxLength : null;
  const aside = field.control === "longText" && limit !== null && (
    <span className={cn("num text-text-3", text.length > limit && "text-danger")}>
      {t("countOf", { count: text.length, limit })}
    </span>
  );
  return (
    <Field
      id={id}
      label={field.label}
      hint={hint}
      error={error}
      optional={!field.required && !hasDefault(field)}
      aside={aside}
    >
      {field.control === "choice" && (
        <Choice field={field} value={text} onChange={onChange} onLeave={onLeave} error={error} />
      )}
      {field.control === "number" && (
        <NumberInput field={field} value={text} onChange={onChange} onLeave={onLeave} error={error} />
      )}
      {field.control === "text" && (
        <Input
          {...described}
          value={text}
          placeholder={field.placeholder ?? undefined}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
      {field.control === "longText" && (
        <Textarea
          {...described}
          rows={8}
          value={text}
          placeholder={field.placeholder ?? undefined}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

function hasDefault(field: FormField): boolean {
  return field.control !== "file" && field.default !== null;
}

/** A few short choices stand side by side; more or longer ones in a list. */
function Choice({
  field,
  value,
  onChange,
  onLeave,
  error,
}: ControlProps<FormField & { control: "choice" }, string>) {
  const t = useTranslations("tools.form");
  const id = `field-${field.name}`;
  const letters = field.options.reduce((sum, { label }) => sum + [...label].length, 0);
  const free = !field.required && field.default === null;
  if (field.options.length <= 4 && letters <= 28 && !free) {
    return (
      <Segmented
        label={field.label}
        value={value}
        onValueChange={onChange}
        options={field.options}
        className="w-fit"
      />
    );
  }
  const options = free ? [{ value: "", label: t("noPreference") }, ...field.options] : field.options;
  return (
    <Select
      {...describedBy(id, { hint: field.help, error })}
      onBlur={onLeave}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      options={options}
    />
  );
}

/** A number, with a slider beside it where both bounds are known and near. */
function NumberInput({
  field,
  value,
  onChange,
  onLeave,
  error,
}: ControlProps<FormField & { control: "number" }, string>) {
  const id = `field-${field.name}`;
  const { minimum, maximum, step, unit } = field;
  const near = minimum !== null && maximum !== null && maximum - minimum <= 1000 && field.default !== null;
  const box = (
    <span className="relative inline-grid w-full">
      <Input
        {...describedBy(id, { hint: field.help, error })}
        onBlur={onLeave}
        inputMode={step === 1 ? "numeric" : "decimal"}
        autoComplete="off"
        value={value}
        placeholder={field.placeholder ?? undefined}
        className={cn("num", unit && "pr-10")}
        onChange={(event) => onChange(event.target.value)}
      />
      {unit && (
        <span className="pointer-events-none absolute top-1/2 right-3 -translate-y-1/2 text-13 text-text-3">
          {unit}
        </span>
      )}
    </span>
  );
  if (!near) return box;
  const number = readNumber(value);
  return (
    <div className="grid grid-cols-[1fr_88px] items-center gap-4">
      <Slider
        label={field.label}
        value={number !== null ? Math.min(maximum, Math.max(minimum, number)) : minimum}
        min={minimum}
        max={maximum}
        step={step ?? (maximum - minimum) / 100}
        onValueChange={(next) => onChange(String(next))}
        {...(unit && { valueText: `${value} ${unit}` })}
      />
      {box}
    </div>
  );
}
