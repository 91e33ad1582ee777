import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ModelMessage } from "ai";
import sharp from "sharp";
import { answer, draw } from "#models";
import {
  atMost,
  exactly,
  fixed,
  modelFault,
  type PriceRule,
  type RunContext,
  type RunOutcome,
  ToolError,
  type ToolFile,
} from "#tools/define";
import { readDocument } from "#tools/document";
import { mostInputTokens, toldOf } from "./conversation";
import type { MadeDefinition } from "./definition";
import { fileField } from "./field";
import type { PromptWork } from "./prompt-work";
import { readTable, tableCsv } from "./table";

/** What a made tool does that asks a model, and what that costs. */

type Input = Record<string, unknown>;
type Context = RunContext<Input>;

export function promptPrice(made: MadeDefinition, work: PromptWork): PriceRule<Input, ToolFile> {
  const { price, output } = work;
  switch (price.kind) {
    case "fixed":
      return fixed(price.run);
    case "tokens": {
      const { kind: _, ...rates } = price;
      return atMost(rates, (input, files) => ({
        inputTokens: mostInputTokens(made, work, input, files),
        outputTokens: work.maxOutputTokens,
      }));
    }
    case "images":
      return output.kind === "image"
        ? atMost({ images: price.images }, () => ({ images: output.count }))
        : exactly({ images: price.images }, () => ({ images: 1 }));
  }
}

/** @throws ToolError */
export async function runPrompt(
  context: Context,
  slug: string,
  made: MadeDefinition,
  work: PromptWork,
): Promise<RunOutcome> {
  return work.output.kind === "image" ? drawn(context, slug, made, work) : written(context, slug, made, work);
}

async function written(
  context: Context,
  slug: string,
  made: MadeDefinition,
  work: PromptWork,
): Promise<RunOutcome> {
  const { input, signal, onProgress, onText } = context;
  const { system, messages } = toldOf(made, work, input, await documentsOf(context, made));
  const streams = work.output.kind !== "table";
  onProgress(0, "writing");
  const { text, usage, use } = await answer({
    ...{ system, messages: await withImages(context, made, messages), signal },
    ...{ models: work.models, maxOutputTokens: work.maxOutputTokens, mostSeconds: made.timeoutSeconds },
    ...(work.temperature !== null && { temperature: work.temperature }),
    onText: streams ? onText : () => undefined,
  }).catch((error: unknown) => {
    throw modelFault(error);
  });
  const told = { usage: { units: { ...usage } }, model: use, facts: { ...usage } };
  const { output } = work;
  if (output.kind !== "table") {
    const plain = output.kind === "text";
    const name = `${slug}.${plain ? "txt" : "md"}`;
    return { ...told, outputs: [{ name, mediaType: plain ? "text/plain" : "text/markdown", text }] };
  }
  const rows = readTable(output.columns, text);
  if (!rows) throw new ToolError("model_malformed", "The model's answer was no such table.", use);
  return {
    ...told,
    outputs: [
      { name: `${slug}.csv`, mediaType: "text/csv", text: tableCsv(output.columns, rows) },
      { name: `${slug}.json`, mediaType: "application/json", text: `${JSON.stringify(rows, null, 2)}\n` },
    ],
  };
}

async function drawn(
  context: Context,
  slug: string,
  made: MadeDefinition,
  work: PromptWork,
): Promise<RunOutcome> {
  const { output } = work;
  if (output.kind !== "image") throw new Error(`${slug} draws nothing`);
  const { system, messages } = toldOf(made, work, context.input, await documentsOf(context, made));
  context.onProgress(0, "drawing");
  const { images, use } = await draw({
    prompt: [system, ...messages.map(({ content }) => content)].filter(Boolean).join("\n\n"),
    ...{ count: output.count, size: output.size, models: work.models },
    ...{ mostSeconds: made.timeoutSeconds, signal: context.signal },
  }).catch((error: unknown) => {
    throw modelFault(error);
  });
  const outputs = await Promise.all(
    images.map(async ({ bytes }, at) => {
      const { format, width, height } = await sharp(bytes)
        .metadata()
        .catch(() => noPicture);
      const known = imageFormats.find((one) => one === format);
      if (!known) throw new ToolError("model_malformed", `The model drew no picture but ${format}.`, use);
      const name = `${slug}${images.length > 1 ? `-${at + 1}` : ""}.${known === "jpeg" ? "jpg" : known}`;
      const path = join(context.outputDirectory, name);
      await writeFile(path, bytes);
      return { name, path, mediaType: `image/${known}`, ...(width && height && { width, height }) };
    }),
  );
  return { outputs, usage: { units: { images: images.length } }, model: use };
}

const noPicture = { format: undefined, width: undefined, height: undefined };

const imageFormats = ["png", "jpeg", "webp"] as const;

/** The text of the files that were given, one after the other. */
async function documentsOf(context: Context, { fields }: MadeDefinition): Promise<string> {
  const field = fileField(fields);
  if (field?.control !== "file" || context.files.length === 0) return "";
  context.onProgress(0, "reading");
  const texts: string[] = [];
  for (const [at, file] of context.files.entries()) {
    const outputDirectory = join(context.outputDirectory, `read-${at}`);
    await mkdir(outputDirectory);
    texts.push(`${file.name}\n\n${await readDocument({ ...context, file, outputDirectory })}`);
  }
  return texts.join("\n\n").slice(0, field.maxCharacters);
}

/** Images stand beside what was first asked. */
async function withImages(
  { files }: Context,
  { fields }: MadeDefinition,
  messages: { role: "user" | "assistant"; content: string }[],
): Promise<ModelMessage[]> {
  const [first, ...later] = messages;
  if (!first || fileField(fields)?.control !== "image" || files.length === 0) return messages;
  const images = await Promise.all(
    files.map(async ({ path, mediaType }) => ({
      ...{ type: "image" as const, image: await readFile(path), mediaType },
    })),
  );
  return [{ role: "user", content: [{ type: "text", text: first.content }, ...images] }, ...later];
}
