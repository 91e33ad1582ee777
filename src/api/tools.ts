import { createRoute, z } from "@hono/zod-openapi";
import { trackToolUsage } from "#insight";
import { Refusal } from "#platform/refusal";
import { findMissing, findTool, listTools, medianSeconds, quoteRun, startRun, type Tool } from "#tools";
import { askerOf, localeOf } from "./asker";
import { accountCodes, accountHeader, accountRequest, requireOwner, welcomeOwner } from "./caller";
import { problems } from "./problem";
import { newRouter } from "./router";
import { runSchema, viewJson } from "./run-json";
import { bodyOf, creditsSchema, idempotencyKeySchema, localeQuery } from "./schemas";
import { countVisitor } from "./throttle";
import { quoteJson, quoteSchema, toolJson, toolSchema } from "./tool-json";
import { whoAsks } from "./track";

const params = z.object({ slug: z.string().max(64).openapi({ description: "The tool's name in URLs." }) });
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
