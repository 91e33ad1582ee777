import { readNumber } from "#format";
import type { FormField } from "#tools";
import type { RunInput } from "#ui/runs/run";

/** What a tool's form holds, and what of it goes to the API. Pure. */

/** Numbers stay text while they are typed, so that "1." and "" are not lost. */
export type FormValues = Readonly<Record<string, string | boolean>>;
export type FieldFault =
  | { kind: "required" }
  | { kind: "number" }
  | { kind: "whole" }
  | { kind: "least"; bound: number }
  | { kind: "most"; bound: number }
  | { kind: "short"; bound: number }
  | { kind: "long"; bound: number }
  | { kind: "server"; message: string };
export type FieldFaults = Readonly<Record<string, FieldFault>>;

/** Every field at its default; a required choice without one begins with its first option. */
export function initialValues(fields: readonly FormField[]): FormValues {
  return Object.fromEntries(
    fields.flatMap((field): [string, string | boolean][] => {
      if (field.control === "file") return [];
      if (field.control === "switch") return [[field.name, field.default]];
      if (field.control === "choice" && field.required) {
        return [[field.name, field.default ?? field.options[0]?.value ?? ""]];
      }
      return [[field.name, field.default === null ? "" : String(field.default)]];
    }),
  );
}

/** The defaults with another input laid over them: an example's, or that of an earlier run. */
export function valuesFrom(fields: readonly FormField[], input: RunInput): FormValues {
  const given = fields.flatMap((field): [string, string | boolean][] => {
    const value = input[field.name];
    if (field.control === "file" || value === undefined || value === null) return [];
    if (field.control === "switch") return [[field.name, value === true]];
    return [[field.name, String(value)]];
  });
  return { ...initialValues(fields), ...Object.fromEntries(given) };
}

/** Whether a field stands in the form, given what the others hold. */
export function isShown(field: FormField, values: FormValues): boolean {
  return !field.shownWhen || field.shownWhen.values.includes(String(values[field.shownWhen.field] ?? ""));
}

/** The file field, if the tool takes files. */
export function fileField(fields: readonly FormField[]): (FormField & { control: "file" }) | null {
  return fields.find((field): field is FormField & { control: "file" } => field.control === "file") ?? null;
}

/** The input to price and run: hidden and empty optional fields are left out, the schema fills them. */
export function toInput(
  fields: readonly FormField[],
  values: FormValues,
  uploadIds: readonly string[],
): RunInput {
  return Object.fromEntries(
    fields.flatMap((field): [string, unknown][] => {
      if (!isShown(field, values)) return [];
      if (field.control === "file") {
        return uploadIds.length > 0 || field.required ? [[field.name, [...uploadIds]]] : [];
      }
      const value = values[field.name] ?? "";
      if (field.control === "switch") return [[field.name, value === true]];
      const isNumber = field.control === "number";
      if (value === "" || (isNumber && String(value).trim() === "")) {
        return field.required ? [[field.name, ""]] : [];
      }
      return [[field.name, isNumber ? readNumber(String(value)) : value]];
    }),
  );
}

/** What keeps the form from running, by field, before the server is asked. */
export function findFaults(fields: readonly FormField[], values: FormValues, files: number): FieldFaults {
  return Object.fromEntries(
    fields.flatMap((field): [string, FieldFault][] => {
      if (!isShown(field, values)) return [];
      const fault = faultOf(field, values, files);
      return fault ? [[field.name, fault]] : [];
    }),
  );
}

function faultOf(field: FormField, values: FormValues, files: number): FieldFault | null {
  if (field.control === "file") return field.required && files === 0 ? { kind: "required" } : null;
  if (field.control === "switch") return null;
  const value = String(values[field.name] ?? "").trim();
  if (value === "") return field.required ? { kind: "required" } : null;
  if (field.control === "number") return numberFault(field, readNumber(value));
  if (field.control === "choice") return null;
  const { length } = value;
  if (field.minLength !== null && length < field.minLength) return { kind: "short", bound: field.minLength };
  return field.maxLength !== null && length > field.maxLength
    ? { kind: "long", bound: field.maxLength }
    : null;
}

function numberFault(field: FormField & { control: "number" }, value: number | null): FieldFault | null {
  if (value === null) return { kind: "number" };
  if (field.step === 1 && !Number.isInteger(value)) return { kind: "whole" };
  if (field.minimum !== null && value < field.minimum) return { kind: "least", bound: field.minimum };
  return field.maximum !== null && value > field.maximum ? { kind: "most", bound: field.maximum } : null;
}

/** The server's complaints by field; `images.0` belongs to `images`. */
export function serverFaults(errors: readonly { path: string; message: string }[]): FieldFaults {
  return Object.fromEntries(
    errors.map(({ path, message }) => {
      const name = path.replace(/^input\./, "").split(".")[0] ?? path;
      return [name, { kind: "server", message } as const];
    }),
  );
}
