import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { trackToolUsage } from "#insight";
import { Refusal } from "#platform/refusal";
import {
  findMissing,
  findTool,
  inputSchema,
  type Locale,
  listTools,
  medianSeconds,
  priceLabels,
  type Quote,
  quoteRun,
  startRun,
  type Tool,
} from "#tools";
import { accountCodes, accountHeader, accountRequest, askerOf, requireOwner, welcomeOwner } from "./caller";
import { problems } from "./problem";
import { type ApiEnv, newRouter } from "./router";
import { runSchema, viewJson } from "./run-json";
import { bodyOf, creditsJson, creditsSchema, idempotencyKeySchema } from "./schemas";
import { countVisitor } from "./throttle";
import { whoAsks } from "./track";

export const fieldSchema = z
  .looseObject({
    name: z.string(),
    label: z.string(),
    help: z.string().nullable(),
    required: z.boolean(),
    advanced: z.boolean(),
    control: z.enum(["text", "longText", "choice", "number", "switch", "file"]),
  })
  .openapi("FormField", { description: "A field of the tool's input, as a form draws it." });

const limitsSchema = z.object({
  field: z.string().openapi({ description: "The input's field that lists upload ids." }),
  accept: z.array(z.string()).openapi({ description: "Media types, as found in the content." }),
  maxBytes: z.int(),
  maxCount: z.int(),
  maxPixels: z.int().nullable(),
  maxPages: z.int().nullable(),
});

const toolSchema = z
  .object({
    slug: z.string(),
    category: z.string(),
    icon: z.string().openapi({ description: "A lucide icon's name." }),
    name: z.string(),
    summary: z.string(),
    description: z.string(),
    takes: z.string(),
    gives: z.string(),
    streaming: z.boolean().openapi({ description: "Gives text bit by bit." }),
    continues: z.boolean().openapi({ description: "Its results can be gone on with." }),
    tryable: z.boolean().openapi({ description: "Visitors may try it without an account." }),
    enabled: z.boolean().openapi({ description: "False while it is switched off and takes no new runs." }),
    minimumPlan: z.string().openapi({ description: "The smallest plan that may run it.", example: "free" }),
    configured: z.boolean(),
    missing: z.string().nullable().openapi({ description: "The setting it lacks." }),
    medianSeconds: z.number().nullable().openapi({ description: "How long it usually takes." }),
    timeoutSeconds: z.number(),
    files: limitsSchema.nullable(),
    fields: z.array(fieldSchema),
    examples: z.array(
      z.object({
        title: z.string(),
        input: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
        samples: z.array(z.string()),
      }),
    ),
  })
  .openapi("Tool");

export const quoteSchema = z
  .object({
    kind: z.enum(["exact", "upTo"]).openapi({ description: "`upTo`: held, and what was used is charged." }),
    credits: creditsSchema,
    lines: z.array(
      z.object({
        label: z.enum(priceLabels),
        quantity: z.number(),
        unitCredits: z.number(),
        credits: z.number().openapi({
          description: "May be a fraction: only their sum is rounded up, which `rounding` shows.",
        }),
      }),
    ),
    available: creditsSchema
      .nullable()
      .openapi({ description: "Your balance now; null without an account." }),
    availableAfter: creditsSchema.nullable(),
    short: creditsSchema.openapi({ description: "How many are missing; 0 when there are enough." }),
  })
  .openapi("Quote", {
    example: {
      kind: "exact",
      credits: 6,
      lines: [{ label: "pages", quantity: 3, unitCredits: 2, credits: 6 }],
      available: 100,
      availableAfter: 94,
      short: 0,
    },
  });

export type ToolJson = z.infer<typeof toolSchema>;
export type QuoteJson = z.infer<typeof quoteSchema>;

const params = z.object({ slug: z.string().max(64).openapi({ description: "The tool's name in URLs." }) });
const localeQuery = z.object({ locale: z.enum(["en", "zh"]).optional() });
const tags = ["Tools"];
const inputBody = z
  .strictObject({ input: z.record(z.string(), z.unknown()) })
  .openapi({ example: { input: { images: ["upl_01kaqtwsvf3h5m8w9z0x1c2v3b"], format: "webp" } } });
const runBody = inputBody
  .extend({
    maxCredits: creditsSchema.min(0).optional().openapi({
      description:
        "The most you agree to, as a quote said it. If the price is higher by now, nothing begins.",
    }),
  })
  .openapi({
    example: { input: { images: ["upl_01kaqtwsvf3h5m8w9z0x1c2v3b"], format: "webp" }, maxCredits: 12 },
  });

const listRoute = createRoute({
  method: "get",
  path: "/tools",
  tags,
  summary: "The tools",
  request: { query: localeQuery },
  responses: {
    200: {
      description: "All of them.",
      content: {
        "application/json": { schema: z.object({ data: z.array(toolSchema), nextCursor: z.null() }) },
      },
    },
    ...problems("invalid_request"),
  },
});

const readRoute = createRoute({
  method: "get",
  path: "/tools/{slug}",
  tags,
  summary: "A tool",
  request: { params, query: localeQuery },
  responses: {
    200: { description: "The tool.", content: { "application/json": { schema: toolSchema } } },
    ...problems("not_found", "invalid_request"),
  },
});

const quoteRoute = createRoute({
  method: "post",
  path: "/tools/{slug}/quote",
  tags,
  summary: "What a run would cost",
  description: "Computed by what prices the run. Writes nothing.",
  request: { ...accountRequest, params, body: bodyOf(inputBody) },
  responses: {
    200: { description: "The price.", content: { "application/json": { schema: quoteSchema } } },
    ...problems("malformed_request", "tool_off", ...accountCodes),
  },
});

/** What may be said to whoever starts a run. */
export const startCodes = [
  "malformed_request",
  "mail_unverified",
  "insufficient_credits",
  "price_changed",
  "idempotency_conflict",
  "tool_not_configured",
  "tool_off",
  "plan_required",
  "upload_too_large",
  "storage_full",
] as const;

const startRoute = createRoute({
  method: "post",
  path: "/tools/{slug}/runs",
  tags: ["Runs"],
  summary: "Run a tool",
  description:
    "Holds the most the run can cost and hands it to a worker. Success charges what was used; failure and cancel charge nothing. Repeating the request with its key answers with the same run.",
  request: {
    params,
    headers: z.object({ "Idempotency-Key": idempotencyKeySchema, "Toolmint-Account": accountHeader }),
    body: bodyOf(runBody),
  },
  responses: {
    200: {
      description: "The run that this key began before.",
      content: { "application/json": { schema: runSchema } },
    },
    201: { description: "It was begun.", content: { "application/json": { schema: runSchema } } },
    ...problems(...accountCodes, ...startCodes),
  },
});

export const tools = newRouter()
  .openapi(listRoute, async (c) => {
    const locale = c.req.valid("query").locale ?? localeOf(c);
    const offered = await listTools();
    const medians = await medianSeconds(offered.map(({ slug }) => slug));
    const missing = await findMissing(offered);
    const data = offered.map((tool) =>
      toolJson(tool, locale, {
        ...{ seconds: medians.get(tool.slug) ?? null, missing: missing.get(tool.slug) ?? null },
      }),
    );
    return c.json({ data, nextCursor: null }, 200);
  })
  .openapi(readRoute, async (c) => {
    const tool = await requireTool(c.req.valid("param").slug);
    const medians = await medianSeconds([tool.slug]);
    const locale = c.req.valid("query").locale ?? localeOf(c);
    const missing = (await findMissing([tool])).get(tool.slug) ?? null;
    return c.json(toolJson(tool, locale, { seconds: medians.get(tool.slug) ?? null, missing }), 200);
  })
  .openapi(quoteRoute, async (c) => {
    const owner = await requireOwner(c, "tools.run");
    const tool = await requireTool(c.req.valid("param").slug);
    const { input } = c.req.valid("json");
    const quote = await underInput(quoteRun({ owner, tool, input, locale: localeOf(c) }));
    return c.json(quoteJson(quote), 200);
  })
  .openapi(startRoute, async (c) => {
    const tool = await requireTool(c.req.valid("param").slug);
    const owner = await (tool.tryable ? welcomeOwner : requireOwner)(c, "tools.run");
    const idempotencyKey = c.req.valid("header")["Idempotency-Key"];
    if ("visitorId" in owner) await countVisitor(c, "runs");
    const { input, maxCredits: most } = c.req.valid("json");
    const maxCredits = most === undefined ? undefined : BigInt(most);
    const { user, apiKey } = askerOf(c);
    const order = { owner, user, apiKey, tool, input, maxCredits, idempotencyKey, locale: localeOf(c) };
    const { run, repeated } = await underInput(startRun(order));
    if (!repeated) {
      trackToolUsage(whoAsks(c), { phase: "started", tool: tool.slug, credits: Number(run.held) });
    }
    return c.json(await viewJson(owner, run.id), repeated ? 200 : 201);
  });

async function requireTool(slug: string): Promise<Tool> {
  const tool = await findTool(slug);
  if (!tool) throw new Refusal("not_found");
  return tool;
}

/** The words a caller reads: those of the account's language, else of the browser's. */
export function localeOf(c: Context<ApiEnv>): Locale {
  return askerOf(c).user?.locale ?? (/^\s*zh\b/i.test(c.req.header("accept-language") ?? "") ? "zh" : "en");
}

/** Wrong fields of a tool's input are named as they stand in the request's body. */
export async function underInput<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof Refusal && error.code === "invalid_request")) throw error;
    const { errors } = error.facts;
    if (typeof errors !== "object" || errors === null) throw error;
    throw new Refusal("invalid_request", {
      ...error.facts,
      errors: errors.map(({ path, message }) => ({ path: path ? `input.${path}` : "input", message })),
    });
  }
}

function toolJson(
  tool: Tool,
  locale: Locale,
  { seconds, missing }: { seconds: number | null; missing: string | null },
): ToolJson {
  const { slug, category, icon, streaming, files, enabled, minimumPlan } = tool;
  return {
    ...{ slug, category, icon, streaming, enabled, minimumPlan },
    ...tool.texts[locale],
    continues: tool.continues ?? false,
    tryable: tool.tryable !== undefined,
    configured: missing === null,
    missing,
    medianSeconds: seconds,
    timeoutSeconds: tool.limits.timeoutSeconds,
    files: files && {
      field: files.field,
      accept: [...files.accept],
      maxBytes: files.maxBytes,
      maxCount: files.maxCount,
      maxPixels: files.maxPixels ?? null,
      maxPages: files.maxPages ?? null,
    },
    fields: inputSchema(tool, locale),
    examples: tool.examples.map(({ title, input, samples }) => ({ title: title[locale], input, samples })),
  };
}

export function quoteJson({ kind, credits, lines, available }: Quote): QuoteJson {
  const after = available === null ? null : available - credits;
  const enough = after === null || after >= 0n;
  return {
    kind,
    credits: creditsJson(credits),
    lines,
    available: available === null ? null : creditsJson(available),
    availableAfter: after === null ? null : creditsJson(enough ? after : 0n),
    short: enough || after === null ? 0 : creditsJson(-after),
  };
}
