import type { FieldControl, HttpWork, MadeDefinition, MadeField, PromptWork } from "#tools/made";

/** What a new tool, field or price begins with. */

const empty = { en: "", zh: "" };

export const blankPrompt: PromptWork = {
  kind: "prompt",
  system: "",
  prompt: "{{text}}",
  models: [],
  temperature: null,
  maxOutputTokens: 1_000,
  output: { kind: "markdown" },
  price: { kind: "tokens", inputTokens: 1, outputTokens: 4, minimum: 1, maximum: 20 },
  continues: false,
};

export const blankServer: HttpWork = {
  kind: "http",
  url: "https://",
  retries: 2,
  price: { kind: "fixed", run: 2 },
};

export const blankTool: MadeDefinition = {
  category: "text",
  icon: "sparkles",
  texts: {
    en: { name: "", summary: "", description: "", takes: "Text", gives: "Text" },
    zh: { name: "", summary: "", description: "", takes: "文本", gives: "文本" },
  },
  fields: [
    {
      ...{ name: "text", control: "longText", label: { en: "Text", zh: "文本" }, help: null, required: true },
      ...{ placeholder: null, maxLength: 8_000 },
    },
  ],
  examples: [],
  minimumPlan: "free",
  timeoutSeconds: 120,
  keepsHistory: true,
  work: blankPrompt,
};

/** The same field as another control, with the words it has. */
export function asControl({ name, label, help, required }: MadeField, control: FieldControl): MadeField {
  const common = { name, label, help, required };
  switch (control) {
    case "text":
      return { ...common, control, placeholder: null, maxLength: 200 };
    case "longText":
      return { ...common, control, placeholder: null, maxLength: 8_000 };
    case "choice":
      return {
        ...{ ...common, control },
        options: [
          { value: "one", label: { en: "One", zh: "选项一" }, text: null },
          { value: "two", label: { en: "Two", zh: "选项二" }, text: null },
        ],
      };
    case "number":
      return { ...common, control, minimum: null, maximum: null, whole: true };
    case "switch":
      return { ...common, control, on: "", off: "" };
    case "image":
      return { ...common, control, maxCount: 1, maxBytes: 10_000_000 };
    case "file":
      return { ...common, control, maxCount: 1, maxBytes: 10_000_000, maxCharacters: 20_000 };
  }
}

export function blankField(taken: readonly string[]): MadeField {
  let number = taken.length + 1;
  while (taken.includes(`field_${number}`)) number += 1;
  const base: MadeField = {
    ...{ name: `field_${number}`, control: "text", label: empty, help: null, required: false },
    ...{ placeholder: null, maxLength: 200 },
  };
  return base;
}

export function blankOutput(kind: PromptWork["output"]["kind"]): PromptWork["output"] {
  switch (kind) {
    case "text":
    case "markdown":
      return { kind };
    case "table":
      return { kind, columns: [{ name: "item", label: { en: "Item", zh: "项目" }, type: "text" }] };
    case "image":
      return { kind, size: "1024x1024", count: 1 };
  }
}

export function blankPrice(kind: PromptWork["price"]["kind"]): PromptWork["price"] {
  switch (kind) {
    case "fixed":
      return { kind, run: 2 };
    case "tokens":
      return { kind, inputTokens: 1, outputTokens: 4, minimum: 1, maximum: 20 };
    case "images":
      return { kind, images: 10 };
  }
}

export function blankServerPrice(kind: HttpWork["price"]["kind"]): HttpWork["price"] {
  switch (kind) {
    case "fixed":
      return { kind, run: 2 };
    case "upTo":
      return { kind, rates: { seconds: 1 }, most: { seconds: 60 }, minimum: 1 };
  }
}
