import { z } from "zod";
import { invalid, type StripeFailure } from "./failure";
import type { Form } from "./form";

/** The kinds of parameters Stripe's requests have, and its words for those it refuses. */

export const text = z.string().min(1);
export const whole = z
  .string()
  .regex(/^-?\d+$/)
  .transform(Number);
export const decimal = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/)
  .transform(Number);
export const flag = z.enum(["true", "false"]).transform((value) => value === "true");
/** A value, or the empty string, which clears it. */
export const clearable = <T extends z.ZodType>(kind: T) =>
  z.union([z.literal("").transform(() => null), kind]);
/** Keys with empty values are removed; the empty string removes all. */
export const metadata = clearable(z.record(z.string(), z.string()));
export const address = z.strictObject({
  city: z.string().optional(),
  country: z.string().optional(),
  line1: z.string().optional(),
  line2: z.string().optional(),
  postal_code: z.string().optional(),
  state: z.string().optional(),
});
/** A point in time, or a range of them. */
const range = z.union([
  whole.transform((at) => ({ gte: at, lte: at })),
  z.strictObject({
    gt: whole.optional(),
    gte: whole.optional(),
    lt: whole.optional(),
    lte: whole.optional(),
  }),
]);
export const pages = {
  limit: whole.refine((limit) => limit >= 1 && limit <= 100).optional(),
  starting_after: text.optional(),
  ending_before: text.optional(),
};
export const created = { created: range.optional() };

/** True when a time lies within what was asked for. */
export function isWithin(
  at: number,
  asked:
    | { gt?: number | undefined; gte?: number | undefined; lt?: number | undefined; lte?: number | undefined }
    | undefined,
): boolean {
  if (!asked) return true;
  const { gt = -1, gte = 0, lt = Number.POSITIVE_INFINITY, lte = Number.POSITIVE_INFINITY } = asked;
  return at > gt && at >= gte && at < lt && at <= lte;
}

/** What metadata becomes: keys are added or replaced, and removed by an empty value. */
export function mergeMetadata(
  old: Record<string, string> | null | undefined,
  given: Record<string, string> | null | undefined,
): Record<string, string> {
  if (given === undefined) return old ?? {};
  if (given === null) return {};
  return Object.fromEntries(Object.entries({ ...old, ...given }).filter(([, value]) => value !== ""));
}

/** Without the parameters that were not given. */
export function defined<T extends object>(params: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return JSON.parse(JSON.stringify(params));
}

/** The parameters of a request. @throws StripeFailure in Stripe's words */
export function readParams<S extends z.ZodRawShape>(
  shape: S,
  form: Form,
): z.output<z.ZodObject<S, z.core.$strict>> {
  const parsed = z.strictObject(shape).safeParse(form);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw issue ? refusalOf(issue, form) : invalid("Invalid request.");
}

function refusalOf(issue: z.core.$ZodIssue, form: Form, above: PropertyKey[] = []): StripeFailure {
  const path = [...above, ...issue.path];
  if (issue.code === "invalid_union") {
    // The branch that came furthest speaks for the union.
    const [nearest] = issue.errors.flat().sort((a, b) => depthOf(b) - depthOf(a));
    if (nearest) return refusalOf(nearest, form, path);
  }
  if (issue.code === "unrecognized_keys") {
    const names = issue.keys.map((key) => nameOf([...path, key]));
    const what = names.length > 1 ? "parameters" : "parameter";
    return invalid(`Received unknown ${what}: ${names.join(", ")}`, {
      code: "parameter_unknown",
      param: names[0] ?? "",
    });
  }
  const param = nameOf(path);
  const given = valueAt(form, path);
  if (given === undefined)
    return invalid(`Missing required param: ${param}.`, { code: "parameter_missing", param });
  if (given === "") {
    return invalid(
      `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; however '${param}' cannot be unset. You should remove '${param}' from your request or supply a non-empty value.`,
      { code: "parameter_invalid_empty", param },
    );
  }
  if (issue.code === "invalid_format" && typeof given === "string") {
    return invalid(`Invalid integer: ${given}`, { code: "parameter_invalid_integer", param });
  }
  if (issue.code === "invalid_value") {
    const known = issue.values.map(String);
    if (known.includes("true")) return invalid(`Invalid boolean: ${String(given)}`, { param });
    return invalid(`Invalid ${param}: must be ${known.length > 1 ? "one of " : ""}${known.join(", ")}`, {
      param,
    });
  }
  if (issue.code === "invalid_type")
    return invalid(`Invalid ${issue.expected === "record" ? "object" : issue.expected}`, { param });
  return invalid(`Invalid ${param}`, { param });
}

const depthOf = (issue: z.core.$ZodIssue) => issue.path.length + (issue.code === "unrecognized_keys" ? 1 : 0);

function nameOf([first, ...rest]: PropertyKey[]): string {
  return `${String(first)}${rest.map((key) => `[${String(key)}]`).join("")}`;
}

function valueAt(form: Form, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null
        ? Object.entries(value).find(([name]) => name === String(key))?.[1]
        : undefined,
    form,
  );
}
