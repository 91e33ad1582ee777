import { createReadStream } from "node:fs";
import { sumOfUses } from "#models";
import { type ContentCheck, type ContentRefusal, openCheck, shownCharacters } from "#safety";
import { Interruption } from "./interruption";
import { executeTool, type ToolWork } from "./runner";
import { inputSchema, type Tool, type ToolOutput, type ToolResult } from "./tool";
import { ToolError } from "./tool-error";

/** A run's text goes against the operator's rules: nothing of it is kept or charged. */
export class ContentRefused extends ToolError {
  readonly refusal: ContentRefusal;

  constructor(refusal: ContentRefusal, model: ToolResult["model"]) {
    const what = refusal.stage === "input" ? "What was entered" : "What came out";
    super("content_refused", `${what} goes against this site's rules. Nothing was charged.`, model);
    this.refusal = refusal;
  }
}

/**
 * Runs a tool like `executeTool`, with a look at the text that goes in and at all text that comes out; at streamed
 * text also as it grows.
 * @throws ContentRefused
 */
export async function executeChecked(work: ToolWork): Promise<ToolResult> {
  const check = await openCheck();
  const before = await check.look("input", textsOf(work.tool, work.input), work.signal);
  if (before) throw new ContentRefused(before, modelOf(check));
  const stream = new CheckedStream(check, work);
  let result: ToolResult;
  try {
    result = await executeTool({ ...work, ...stream.hooks });
  } catch (error) {
    const model = error instanceof ToolError ? error.model : undefined;
    // A tool's own no is shown in its words.
    if (error instanceof ToolError) stream.look(error.message);
    if (stream.refusal) throw new ContentRefused(stream.refusal, modelOf(check, model));
    if (!(error instanceof ToolError)) throw error;
    throw new ToolError(error.code, error.message, modelOf(check, model));
  }
  const refusal = isKept(work) ? await stream.lookAtAll(result) : stream.refusal;
  const model = modelOf(check, result.model);
  if (refusal) throw new ContentRefused(refusal, model);
  return { ...result, ...(model && { model }) };
}

/**
 * All text of an input, also of fields that are not drawn, such as what was said before, the newest first; but for
 * choices, which are the operator's own words, and the names of files.
 */
function textsOf(tool: Tool, input: unknown): string[] {
  const drawn = inputSchema(tool, "en").filter(({ control }) => control === "choice" || control === "file");
  const left = new Set(drawn.map(({ name }) => name));
  const entries = Object.entries(typeof input === "object" && input ? input : {});
  return entries.flatMap(([name, value]) => (left.has(name) ? [] : stringsIn(value))).reverse();
}

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}

/** Of a tool that uses no model, that of the check is named only where it costs something. */
function modelOf({ uses }: ContentCheck, model?: ToolResult["model"]): ToolResult["model"] {
  const sum = sumOfUses(model ? [model, ...uses] : uses);
  return model || sum?.cost !== 0n ? sum : undefined;
}

/** An interrupted run's result is dropped, but for what a streaming tool had delivered before Cancel. */
function isKept({ tool, signal: { aborted, reason } }: ToolWork): boolean {
  return !aborted || (tool.streaming && reason instanceof Interruption && reason.why === "canceled");
}

/** Text on its way to whoever looks: stopped at the first word that is on the list. */
class CheckedStream {
  readonly #check: ContentCheck;
  readonly #work: ToolWork;
  readonly #stop = new AbortController();
  readonly #words;
  refusal: ContentRefusal | null = null;
  #passed = "";
  /** What may be a word of the list, as soon as it is over. */
  #held = "";

  constructor(check: ContentCheck, work: ToolWork) {
    this.#check = check;
    this.#work = work;
    this.#words = check.watch();
  }

  /** What the tool gets in the place of the work's own. */
  get hooks(): Pick<ToolWork, "signal" | "onText" | "onProgress"> {
    const signal = AbortSignal.any([this.#work.signal, this.#stop.signal]);
    return { signal, onText: this.#onText, onProgress: this.#onProgress };
  }

  /** Looks at words of the tool's that are no result. */
  look(words: string): void {
    this.#refuses(this.#check.findIn(words));
  }

  /** @returns true when it may not pass; the tool stops then */
  #refuses(found: string | null): boolean {
    this.refusal ??= this.#check.byWords("output", found);
    if (this.refusal) this.#stop.abort(new Error("its text was refused"));
    return this.refusal !== null;
  }

  /** A step in the tool's own words is shown to the customer, too. */
  readonly #onProgress: ToolWork["onProgress"] = (fraction, step) => {
    if (typeof step !== "string" && this.#refuses(this.#check.findIn(step.text))) return;
    this.#work.onProgress(fraction, step);
  };

  readonly #onText = (delta: string): void => {
    if (this.#refuses(this.#words.push(delta))) return;
    this.#held += delta;
    if (!this.#words.isUndecided()) this.#passOn();
  };

  #passOn(): void {
    if (this.#held === "") return;
    this.#passed += this.#held;
    this.#work.onText(this.#held);
    this.#held = "";
  }

  /** Why not all of what was streamed and made may pass, once it is all there. */
  async lookAtAll({
    outputs,
    facts = {},
  }: Pick<ToolResult, "outputs" | "facts">): Promise<ContentRefusal | null> {
    this.refusal ??= this.#check.byWords("output", this.#words.end());
    if (this.refusal) return this.refusal;
    this.#passOn();
    const texts = new Set(this.#passed ? [this.#passed] : []);
    const beside = [...outputs.map(({ name }) => name), ...Object.values(facts)].join("\n");
    if (this.#refuses(this.#check.findIn(beside))) return this.refusal;
    for (const output of outputs) {
      const { text, found } = await this.#read(output);
      if (found) return this.#check.byWords("output", found);
      if (text) texts.add(text);
    }
    // What was streamed before Cancel has been read already: no cancel spares it the look.
    const { tool, signal } = this.#work;
    return this.#check.ask("output", [...texts], tool.streaming ? new AbortController().signal : signal);
  }

  /** A result's text for the model, and what the whole of it contains of the list. */
  async #read(output: ToolOutput): Promise<{ text: string; found: string | null }> {
    const words = this.#check.watch();
    if ("text" in output) return { text: output.text, found: words.push(output.text) ?? words.end() };
    if (!isText(output.mediaType)) return { text: "", found: null };
    let text = "";
    for await (const piece of createReadStream(output.path, { encoding: "utf8" })) {
      if (text.length < shownCharacters) text += piece;
      const found = words.push(String(piece));
      if (found) return { text, found };
    }
    return { text, found: words.end() };
  }
}

function isText(mediaType: string): boolean {
  return /^text\/|^application\/(json|xml)\b|\+(json|xml)$/.test(mediaType);
}
