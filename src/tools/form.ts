import { z } from "zod";

/**
 * The form of a tool, drawn from its input schema: types, bounds and defaults come from zod, the words from
 * the registry below. What a field may hold is said once, and the API checks it with the same schema.
 */

export type Locale = "en" | "zh";
export type Localized = Record<Locale, string>;

export type FieldTexts = {
  label: Localized;
  help?: Localized;
  placeholder?: Localized;
  /** For a choice: the words for each value. */
  options?: Record<string, Localized>;
  /** A long text gets a text area. */
  long?: boolean;
  /** Folded away until asked for. */
  advanced?: boolean;
  /** Stands behind a number: `px`, `%`. */
  unit?: string;
  /** Shown only while another field has one of these values. */
  shownWhen?: { field: string; values: readonly string[] };
  /** Drawn nowhere: pages fill it otherwise. */
  hidden?: boolean;
};

/** `z.string().register(fields, { label: … })`, as the last call on a field. */
export const fields = z.registry<FieldTexts>();

type Common = {
  name: string;
  label: string;
  help: string | null;
  required: boolean;
  advanced: boolean;
  shownWhen: { field: string; values: string[] } | null;
};

/** A field as the browser draws it, in one language; plain JSON. */
export type FormField = Common &
  (
    | {
        control: "text" | "longText";
        default: string | null;
        placeholder: string | null;
        minLength: number | null;
        maxLength: number | null;
      }
    | { control: "choice"; default: string | null; options: { value: string; label: string }[] }
    | {
        control: "number";
        default: number | null;
        minimum: number | null;
        maximum: number | null;
        /** 1 for whole numbers, null for any. */
        step: number | null;
        unit: string | null;
        placeholder: string | null;
      }
    | { control: "switch"; default: boolean }
    | { control: "file"; files: FileLimits }
  );

export type FileLimits = {
  /** Media types, as sniffed from the content. */
  accept: readonly string[];
  /** Of each file. */
  maxBytes: number;
  maxCount: number;
  /** Of each image, decoded. */
  maxPixels?: number;
  /** Of each document. */
  maxPages?: number;
};

/** What JSON Schema says of one property; zod writes it. */
const property = z.object({
  type: z.enum(["string", "number", "integer", "boolean", "array"]),
  enum: z.array(z.string()).optional(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
});
type Property = z.infer<typeof property>;

const objectSchema = z.object({
  properties: z.record(z.string(), z.unknown()),
  required: z.array(z.string()).default([]),
});

/**
 * The fields of an input schema in their order, with the words of one language.
 * @throws Error for a field without texts or of a type no control is made for: a fault of the tool's author.
 */
export function drawForm(
  schema: z.ZodObject,
  locale: Locale,
  files: ({ field: string } & FileLimits) | null,
): FormField[] {
  const drawn = objectSchema.parse(z.toJSONSchema(schema, { io: "input" }));
  return Object.entries(drawn.properties).flatMap(([name, json]): FormField[] => {
    const texts = textsOf(schema.shape[name]);
    if (!texts) throw new Error(`The field ${name} has no texts: register them with .register(fields, …).`);
    if (texts.hidden) return [];
    const common: Common = {
      name,
      label: texts.label[locale],
      help: texts.help?.[locale] ?? null,
      required: drawn.required.includes(name),
      advanced: texts.advanced ?? false,
      shownWhen: texts.shownWhen
        ? { field: texts.shownWhen.field, values: [...texts.shownWhen.values] }
        : null,
    };
    if (files?.field === name) {
      const { field: _, ...limits } = files;
      return [{ ...common, control: "file", files: limits }];
    }
    return [{ ...common, ...control(name, property.parse(json), texts, locale) }];
  });
}

type Control = FormField extends infer F ? (F extends Common ? Omit<F, keyof Common> : never) : never;

function control(name: string, json: Property, texts: FieldTexts, locale: Locale): Control {
  const placeholder = texts.placeholder?.[locale] ?? null;
  const { default: initial } = json;
  switch (json.type) {
    case "boolean":
      return { control: "switch", default: initial === true };
    case "number":
    case "integer":
      return {
        control: "number",
        default: typeof initial === "number" ? initial : null,
        minimum: json.minimum ?? null,
        maximum: json.maximum ?? null,
        step: json.type === "integer" ? 1 : null,
        unit: texts.unit ?? null,
        placeholder,
      };
    case "string": {
      const chosen = typeof initial === "string" ? initial : null;
      if (json.enum) {
        const options = json.enum.map((value) => ({
          value,
          label: texts.options?.[value]?.[locale] ?? value,
        }));
        return { control: "choice", default: chosen, options };
      }
      return {
        control: texts.long ? "longText" : "text",
        default: chosen,
        placeholder,
        minLength: json.minLength ?? null,
        maxLength: json.maxLength ?? null,
      };
    }
    default:
      throw new Error(`The field ${name} is a ${json.type}: only the tool's file field may be a list.`);
  }
}

/** Texts are registered on a field or on what an optional or default wraps. */
function textsOf(schema: unknown): FieldTexts | null {
  if (!(schema instanceof z.ZodType)) return null;
  const own = fields.get(schema);
  if (own) return own;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return textsOf(schema.unwrap());
  return null;
}
