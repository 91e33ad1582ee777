import type { ComponentProps, ReactNode } from "react";
import { describedBy, Field } from "#ui/primitives/field";
import { Input } from "#ui/primitives/input";

type TextFieldProps = Omit<ComponentProps<typeof Input>, "id" | "value" | "onChange"> & {
  id: string;
  label: ReactNode;
  hint?: ReactNode;
  error: string | undefined;
  optional?: boolean;
  value: string;
  onText: (text: string) => void;
};

/** A line of text with its label, hint and fault. */
export function TextField({ id, label, hint, error, optional = false, onText, ...input }: TextFieldProps) {
  return (
    <Field id={id} label={label} hint={hint} error={error} optional={optional}>
      <Input
        autoComplete="off"
        {...input}
        {...describedBy(id, { hint, error })}
        onChange={({ target }) => onText(target.value)}
      />
    </Field>
  );
}
