import { z } from "zod";
import { mostImageTokens, mostTokens } from "#models";
import type { ToolFile } from "#tools/define";
import type { MadeDefinition } from "./definition";
import { fileField, type MadeField } from "./field";
import { type Turn, turnsSchema } from "./form";
import type { PromptWork } from "./prompt-work";
import { askForTable } from "./table";
import { countOf, fill } from "./template";

/** What the model is told for an input. Pure, so that the price can count it before anything is sent. */

export type Told = { system: string; messages: { role: "user" | "assistant"; content: string }[] };

type Input = Record<string, unknown>;

/** @param documents the text of the files, for their placeholder */
export function toldOf(
  { fields }: Pick<MadeDefinition, "fields">,
  work: PromptWork,
  input: Input,
  documents: string,
): Told {
  const values = Object.fromEntries(fields.map((field) => [field.name, wordsOf(field, input, documents)]));
  const system = fill(work.system, values);
  const { output } = work;
  const asked = { role: "user" as const, content: fill(work.prompt, values) };
  const later = turnsOf(input).flatMap(({ answer, message }) => [
    { role: "assistant" as const, content: answer },
    { role: "user" as const, content: message },
  ]);
  return {
    system: output.kind === "table" ? `${system}\n\n${askForTable(output.columns)}`.trim() : system,
    messages: [asked, ...later],
  };
}

export function turnsOf(input: Input): Turn[] {
  return turnsSchema.optional().parse(input.turns) ?? [];
}

/** The most tokens that the model reads: the hold is made of them. */
export function mostInputTokens(
  made: Pick<MadeDefinition, "fields">,
  work: PromptWork,
  input: Input,
  files: readonly ToolFile[],
): number {
  const { system, messages } = toldOf(made, work, input, "");
  const words = mostTokens(system + messages.map(({ content }) => content).join("\n"));
  const field = fileField(made.fields);
  if (field?.control === "image") return words + files.length * mostImageTokens;
  if (field?.control !== "file") return words;
  // Of text as many characters as bytes at most; of other documents nobody knows before they are read.
  const characters = files.reduce(
    (sum, { mediaType, bytes }) => sum + (mediaType === "text/plain" ? bytes : field.maxCharacters),
    0,
  );
  const named = countOf(work.system, field.name) + countOf(work.prompt, field.name);
  return words + mostTokens("字".repeat(Math.min(characters, field.maxCharacters))) * Math.max(named, 1);
}

function wordsOf(field: MadeField, input: Input, documents: string): string {
  const value = input[field.name];
  switch (field.control) {
    case "text":
    case "longText":
      return z.string().optional().parse(value) ?? "";
    case "number":
      return value === undefined ? "" : `${z.number().parse(value)}`;
    case "switch":
      return value === true ? field.on : field.off;
    case "choice": {
      const chosen = field.options.find((option) => option.value === value);
      return chosen?.text ?? chosen?.value ?? "";
    }
    case "file":
      return documents;
    case "image":
      return "";
  }
}
