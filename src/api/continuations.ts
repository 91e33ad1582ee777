import { createRoute, z } from "@hono/zod-openapi";
import { trackToolUsage } from "#insight";
import { continuationOf, findContinuation, quoteRun, startRun } from "#tools";
import { askerOf, localeOf } from "./asker";
import { accountCodes, accountHeader, accountRequest, requireOwner } from "./caller";
import { problems } from "./problem";
import { newRouter } from "./router";
import { runSchema, viewJson } from "./run-json";
import { bodyOf, creditsSchema, idempotencyKeySchema, idParam, json } from "./schemas";
import { quoteJson, quoteSchema } from "./tool-json";
import { startCodes, underInput } from "./tools";
import { whoAsks } from "./track";

/** Going on with a result: a run of the same tool that knows what was said before. */

const params = idParam("The run whose result is gone on with.");
const tags = ["Runs"];
const inputSchema = z.strictObject({
  message: z.string().trim().min(1).max(8_000).openapi({
    description: "What is asked of the result.",
    example: "Shorter, please.",
  }),
});

const quoteRoute = createRoute({
  method: "post",
  path: "/runs/{id}/continuations/quote",
  tags,
  summary: "What going on with a run would cost",
  description: "Computed by what prices the run. Writes nothing.",
  request: { ...accountRequest, params, body: bodyOf(z.strictObject({ input: inputSchema })) },
  responses: {
    200: { description: "The price.", content: json(quoteSchema) },
    ...problems(...accountCodes, "malformed_request", "tool_off", "not_continuable"),
  },
});

const startRoute = createRoute({
  method: "post",
  path: "/runs/{id}/continuations",
  tags,
  summary: "Go on with a run",
  description:
    "Another run of the same tool, with its own price, that knows what was said before. Of tools with `continues`.",
  request: {
    params,
    headers: z.object({ "Idempotency-Key": idempotencyKeySchema, "Toolmint-Account": accountHeader }),
    body: bodyOf(
      z.strictObject({
        input: inputSchema,
        maxCredits: creditsSchema.min(0).optional().openapi({
          description:
            "The most you agree to, as a quote said it. If the price is higher by now, nothing begins.",
        }),
      }),
    ),
  },
  responses: {
    200: { description: "The run that this key began before.", content: json(runSchema) },
    201: { description: "It was begun.", content: json(runSchema) },
    ...problems(...accountCodes, ...startCodes, "not_continuable"),
  },
});

export const continuations = newRouter()
  .openapi(quoteRoute, async (c) => {
    const owner = await requireOwner(c, "tools.run");
    const { id } = c.req.valid("param");
    const order = await continuationOf(owner, id, c.req.valid("json").input.message);
    return c.json(quoteJson(await underInput(quoteRun({ ...order, owner, locale: localeOf(c) }))), 200);
  })
  .openapi(startRoute, async (c) => {
    const owner = await requireOwner(c, "tools.run");
    const { input, maxCredits: most } = c.req.valid("json");
    const { id } = c.req.valid("param");
    const idempotencyKey = c.req.valid("header")["Idempotency-Key"];
    const begun = await findContinuation(owner, { id, message: input.message, idempotencyKey });
    if (begun) return c.json(await viewJson(owner, begun.id), 200);
    const order = await continuationOf(owner, id, input.message);
    const { user, apiKey } = askerOf(c);
    const { run, repeated } = await underInput(
      startRun({
        ...{ ...order, owner, user, apiKey, locale: localeOf(c) },
        maxCredits: most === undefined ? undefined : BigInt(most),
        idempotencyKey,
      }),
    );
    if (!repeated)
      trackToolUsage(whoAsks(c), { phase: "started", tool: order.tool.slug, credits: Number(run.held) });
    return c.json(await viewJson(owner, run.id), repeated ? 200 : 201);
  });
