import type { z } from "zod";
import { type PlanId, planIds } from "#billing/catalogue";
import { hasModel, type ModelKind, type ModelUse } from "#models";
import { Refusal } from "#platform/refusal";
import type { FileLimits, Locale, Localized } from "./form";
import { drawForm, type FormField } from "./form";
import type { ToolCategory } from "./names";
import { type PriceKind, type PriceQuote, type PriceRule, priceUnits, type Rates, type Units } from "./price";

/**
 * A tool: one file under builtin/ that says everything about it. Whoever adds one writes `defineTool({...})`
 * and names it in catalog.ts; form, price, API and pages follow.
 */

/** An uploaded file as far as its price needs it: measured when it was uploaded. */
export type ToolFile = {
  id: string;
  name: string;
  mediaType: string;
  bytes: number;
  /** Pixels as stored, before the EXIF orientation turns them. */
  width?: number;
  height?: number;
  pages?: number;
};

/** The same file at work: its bytes lie in the local file system. */
export type LocalFile = ToolFile & { path: string };

export type ToolOutput = {
  /** A meaningful name to download it by. */
  name: string;
  mediaType: string;
  width?: number;
  height?: number;
} & ({ path: string } | { text: string });

/** Figures shown beside the result, such as sizes before and after. Keys have texts in i18n `toolFacts`. */
export type ToolFacts = Record<string, string | number>;

export type ToolResult = {
  outputs: ToolOutput[];
  /** What the run costs by the tool's rates, and the units that came to it. */
  usage: { credits: bigint; units: Units };
  /** Of tools that use a model. */
  model?: ModelUse;
  facts?: ToolFacts;
};

/** What a tool's `run` gives back. Its usage matters only to tools whose price is `upTo`. */
export type RunOutcome = Omit<ToolResult, "usage"> & { usage?: { units: Units } };

/** What is being done, for the progress line; texts in i18n `toolSteps`. */
export const toolSteps = [
  "starting",
  "loading",
  "reading",
  "recognizing",
  "converting",
  "upscaling",
  "writing",
  "drawing",
  "saving",
] as const;
export type ToolStep = (typeof toolSteps)[number];

/** What is being done, in words of the tool's own, shown as they are. */
export type OwnStep = { text: string };

export type RunContext<Input> = {
  /** The run's id: the same for each of its attempts. */
  runId: string;
  input: Input;
  files: LocalFile[];
  /** Empty, made for this run, deleted after it. */
  outputDirectory: string;
  /** Fires on cancel. A tool of its own process is killed anyway; others must heed it. */
  signal: AbortSignal;
  /** @param fraction from 0 to 1. */
  onProgress(fraction: number, step: ToolStep | OwnStep): void;
  /** Text as it comes, for tools that stream. */
  onText(delta: string): void;
};

/** What a visitor without an account may give the tool; the price is then 0. */
export type TryLimits = Partial<Omit<FileLimits, "accept">>;

export type ToolTexts = {
  name: string;
  /** One line for a card. */
  summary: string;
  /** A paragraph or two for the tool's page: what it does, what it does not. */
  description: string;
  /** What goes in and what comes out, in a word or two each. */
  takes: string;
  gives: string;
};

export type ToolExample = {
  title: Localized;
  /** Values for the form, without the files. */
  input: Record<string, string | number | boolean>;
  /** Names of files under public/samples that fill the file field. */
  samples: string[];
};

export type ToolColumn = { name: string; label: Localized; type: "text" | "number" | "switch" };

type Common = {
  /** The tool's name in URLs and in the ledger's causes; never changes. */
  slug: string;
  category: ToolCategory;
  /** A lucide icon's name in kebab-case. */
  icon: string;
  texts: Record<Locale, ToolTexts>;
  /** The input field that lists upload ids, and what it takes; null for a tool without files. */
  files: ({ field: string } & FileLimits) | null;
  /**
   * `own`: runs in a child process, killed on cancel, time-out or memory over the limit. For everything that
   * computes. `worker`: runs in the worker itself; only for tools that wait for somebody else's server.
   */
  process: "own" | "worker";
  limits: { timeoutSeconds: number; memoryMb: number };
  /** Set on the tool that visitors may try without an account. */
  tryable?: TryLimits;
  examples: ToolExample[];
  /** Gives text bit by bit, through onText. */
  streaming?: boolean;
  /** Its results can be gone on with: its input has `turns`, what was said before. */
  continues?: boolean;
  /** Of a tool that gives tables: their columns, by the names in the first line. */
  columns?: readonly ToolColumn[];
  /** False: input and results are deleted an hour after the run. */
  keepsHistory?: boolean;
};

/** A tool as its file writes it: input is what its schema parses to. */
export type ToolDefinition<Schema extends z.ZodObject> = Common & {
  /** A `z.strictObject`, its fields with texts from `fields`. */
  input: Schema;
  price: PriceRule<z.output<Schema>, ToolFile>;
  /** The smallest plan that may run it; without one, every plan. */
  minimumPlan?: PlanId;
  /** What kind of model it asks; without one on this site it takes no runs. */
  needs?: ModelKind | null;
  run(context: RunContext<z.output<Schema>>): Promise<RunOutcome>;
};

/** A tool as everybody else sees it: every input is checked by its schema on the way in. */
export type Tool = Common & {
  input: z.ZodObject;
  streaming: boolean;
  /** False while the operator has switched it off: no new run begins. */
  enabled: boolean;
  minimumPlan: PlanId;
  /** Which of the operator's revisions this is; 0 is the tool as its code says. */
  revision: number;
  pricing: { kind: PriceKind; rates: Rates };
  /** What an input comes to. @throws ZodError for input that `parseInput` has not accepted. */
  units(input: unknown, files: readonly ToolFile[]): Units;
  /** @throws ZodError like `units`. */
  price(input: unknown, files: readonly ToolFile[]): PriceQuote;
  /** What units cost by this revision's rates. */
  priceOf(units: Units): PriceQuote;
  needs: ModelKind | null;
  run(context: RunContext<unknown>): Promise<RunOutcome>;
};

export function defineTool<Schema extends z.ZodObject>(definition: ToolDefinition<Schema>): Tool {
  const { input, price, run } = definition;
  if (definition.files && !(definition.files.field in input.shape)) {
    throw new Error(`${definition.slug}: its input has no field ${definition.files.field} for the files.`);
  }
  const { kind, rates } = price;
  const units: Tool["units"] = (raw, files) => price.units(input.parse(raw), files);
  return {
    ...definition,
    streaming: definition.streaming ?? false,
    enabled: true,
    minimumPlan: definition.minimumPlan ?? planIds[0],
    revision: 0,
    ...pricedBy({ kind, rates }, units),
    needs: definition.needs ?? null,
    run: async (context) => run({ ...context, input: input.parse(context.input) }),
  };
}

/** The parts of a tool that its rates decide. */
export function pricedBy(
  pricing: Tool["pricing"],
  units: Tool["units"],
): Pick<Tool, "pricing" | "units" | "price" | "priceOf"> {
  const priceOf = (counted: Units) => priceUnits(pricing.kind, pricing.rates, counted);
  return { pricing, units, priceOf, price: (input, files) => priceOf(units(input, files)) };
}

/** What sets up a model of each kind. */
const settingOf = {
  text: "AI_BASE_URL",
  image: "a model for images",
  moderation: "a model for moderation",
} as const satisfies Record<ModelKind, string>;

/** The tools that cannot run here yet, by their slugs, each with the setting that it lacks. */
export async function findMissing(tools: readonly Tool[]): Promise<Map<string, string>> {
  const kinds = [...new Set(tools.flatMap(({ needs }) => needs ?? []))];
  const there = new Set<ModelKind>();
  for (const kind of kinds) if (await hasModel(kind)) there.add(kind);
  return new Map(
    tools.flatMap(({ slug, needs }) =>
      needs && !there.has(needs) ? [[slug, settingOf[needs]] as const] : [],
    ),
  );
}

/** The tool's form in one language. */
export function inputSchema(tool: Tool, locale: Locale): FormField[] {
  return drawForm(tool.input, locale, tool.files);
}

/**
 * The files a run would get, against the tool's limits, by what the uploads were measured to be.
 * @param visitor true for the smaller limits of those who try it without an account.
 * @throws Refusal invalid_request naming the file field and the file's position.
 */
export function checkFiles(tool: Tool, files: readonly ToolFile[], visitor: boolean): void {
  if (!tool.files) return;
  const limits = fileLimits(tool.files, visitor ? tool.tryable : undefined);
  const no = (path: string, message: string) => {
    throw new Refusal("invalid_request", { errors: [{ path, message }] });
  };
  if (files.length > limits.maxCount)
    no(limits.field, `At most ${limits.maxCount} ${limits.maxCount === 1 ? "file" : "files"}.`);
  for (const [index, file] of files.entries()) {
    const path = `${limits.field}.${index}`;
    const pixels = (file.width ?? 0) * (file.height ?? 0);
    if (!limits.accept.includes(file.mediaType)) no(path, `${file.name}: ${file.mediaType} is not accepted.`);
    if (file.bytes > limits.maxBytes) no(path, `${file.name}: at most ${limits.maxBytes} bytes.`);
    if (limits.maxPixels && pixels > limits.maxPixels) {
      no(path, `${file.name}: at most ${limits.maxPixels} pixels.`);
    }
    if (limits.maxPages && (file.pages ?? 0) > limits.maxPages) {
      no(path, `${file.name}: at most ${limits.maxPages} pages.`);
    }
  }
}

/** What somebody may give the tool: a visitor, who tries it, perhaps less. */
export function fileLimits<Limits extends FileLimits>(limits: Limits, smaller: TryLimits = {}): Limits {
  const least = (a: number, b = a) => Math.min(a, b);
  return {
    ...limits,
    maxBytes: least(limits.maxBytes, smaller.maxBytes),
    maxCount: least(limits.maxCount, smaller.maxCount),
    ...(limits.maxPixels !== undefined && { maxPixels: least(limits.maxPixels, smaller.maxPixels) }),
    ...(limits.maxPages !== undefined && { maxPages: least(limits.maxPages, smaller.maxPages) }),
  };
}
