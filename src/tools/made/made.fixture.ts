import type { MadeDefinition } from "./definition";
import type { PromptWork } from "./prompt-work";

/** A made tool for tests: one text and a choice, of which a model makes Markdown, three credits a run. */

const texts = { name: "Slogans", summary: "Slogans.", description: "Slogans.", takes: "Text", gives: "Text" };
const label = { en: "About", zh: "关于" };

export type PromptChanges = Partial<Omit<MadeDefinition, "work">> & { work?: Partial<PromptWork> };

export function aPrompt({ work = {}, ...changes }: PromptChanges = {}): MadeDefinition {
  return {
    category: "text",
    icon: "megaphone",
    texts: { en: texts, zh: { ...texts, name: "口号" } },
    fields: [
      {
        ...{ name: "topic", control: "longText", label, help: null, required: true },
        ...{ placeholder: null, maxLength: 2_000 },
      },
      {
        ...{ name: "tone", control: "choice", label, help: null, required: true },
        options: [
          { value: "warm", label, text: "warm and friendly" },
          { value: "dry", label, text: null },
        ],
      },
    ],
    examples: [{ title: label, input: { topic: "Rye bread", tone: "dry" } }],
    minimumPlan: "free",
    timeoutSeconds: 60,
    keepsHistory: true,
    ...changes,
    work: {
      kind: "prompt",
      system: "Write slogans, {{tone}}.",
      prompt: "<topic>{{topic}}</topic>",
      models: [],
      temperature: null,
      maxOutputTokens: 500,
      output: { kind: "markdown" },
      price: { kind: "fixed", run: 3 },
      continues: false,
      ...work,
    },
  };
}
