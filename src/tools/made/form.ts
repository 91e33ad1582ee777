import { z } from "zod";
import { type FileLimits, fields, type Localized } from "#tools/form";
import type { MadeDefinition } from "./definition";
import { fileField, type MadeField } from "./field";

/** The form of a made tool: the schema that a code tool would have written. Pure; safe in a browser. */

const imageTypes = ["image/png", "image/jpeg", "image/webp"];
export const documentTypes = [
  "text/plain",
  "application/pdf",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
];
const mostPixels = 40_000_000;
const mostPages = 100;

/** What was said before: what came out, and what is asked of it now. */
const turn = z.strictObject({
  answer: z.string().min(1).max(200_000),
  message: z.string().trim().min(1).max(8_000),
});
export const mostTurns = 20;
export const turnsSchema = z.array(turn).max(mostTurns);
export type Turn = z.infer<typeof turn>;

export function inputOf({ fields: made, work }: Pick<MadeDefinition, "fields" | "work">): z.ZodObject {
  const own = Object.fromEntries(made.map((field) => [field.name, schemaOf(field)]));
  const continues = work.kind === "prompt" && work.continues;
  return z.strictObject(continues ? { ...own, turns: turnsSchema.optional().register(fields, hidden) } : own);
}

const hidden = { label: { en: "What was said before", zh: "此前的对话" }, hidden: true };

/** The limits of the field that takes files. */
export function filesOf(made: readonly MadeField[]): ({ field: string } & FileLimits) | null {
  const field = fileField(made);
  if (!field) return null;
  const { name, maxCount, maxBytes } = field;
  return {
    ...{ field: name, maxCount, maxBytes },
    ...(field.control === "image"
      ? { accept: imageTypes, maxPixels: mostPixels }
      : { accept: documentTypes, maxPages: mostPages }),
  };
}

function schemaOf(field: MadeField): z.ZodType {
  const texts = { label: field.label, ...(field.help && { help: field.help }) };
  const { required } = field;
  switch (field.control) {
    case "text":
    case "longText": {
      const text = z.string().trim().max(field.maxLength);
      const long = field.control === "longText";
      const said = { ...texts, long, ...(field.placeholder && { placeholder: field.placeholder }) };
      return required ? text.min(1).register(fields, said) : text.optional().register(fields, said);
    }
    case "choice": {
      const options: Record<string, Localized> = Object.fromEntries(
        field.options.map(({ value, label }) => [value, label]),
      );
      const choice = z.enum(field.options.map(({ value }) => value));
      const [first] = field.options;
      return required && first
        ? choice.default(first.value).register(fields, { ...texts, options })
        : choice.optional().register(fields, { ...texts, options });
    }
    case "number": {
      let number = field.whole ? z.number().int() : z.number();
      if (field.minimum !== null) number = number.min(field.minimum);
      if (field.maximum !== null) number = number.max(field.maximum);
      return required ? number.register(fields, texts) : number.optional().register(fields, texts);
    }
    case "switch":
      return z.boolean().default(false).register(fields, texts);
    case "image":
    case "file": {
      const list = z.array(z.string()).max(field.maxCount);
      return required ? list.min(1).register(fields, texts) : list.default([]).register(fields, texts);
    }
  }
}
