import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import {
  draftedTool,
  draftSchema,
  moveTool,
  periods,
  publishDraft,
  quoteRun,
  restoreRevision,
  type Simulation,
  saveDraft,
  simulatePrice,
  startRun,
  switchTool,
} from "#tools";
import { rateNames } from "#tools/names";
import { reasonSchema } from "./admin-staff";
import { askerOf, localeOf } from "./asker";
import { accountCodes, requireOwner } from "./caller";
import { problems } from "./problem";
import { type ApiEnv, newRouter } from "./router";
import { runSchema, viewJson } from "./run-json";
import { bodyOf, idempotent, json, timeSchema } from "./schemas";
import { actorOf, needs } from "./staff";
import { quoteJson, quoteSchema } from "./tool-json";
import { underInput } from "./tools";

/** What the operator makes of tools: drafts, revisions, the switch, a test of a draft, and a price tried on old runs. */

const change = needs("tools.change");
const tags = ["Back office"];
const params = z.object({ slug: z.string().max(64).openapi({ description: "The tool's name in URLs." }) });
const baseSchema = z.int().min(0).openapi({ description: "The published revision that you have seen." });
const seenSchema = timeSchema.nullable().openapi({
  description: "When the draft that you have seen was saved; null for none.",
});
const codes = ["unauthenticated", "forbidden", "not_found", "malformed_request", "invalid_request"] as const;
const revisionSchema = z.object({ revision: z.int().openapi({ description: "What customers get now." }) });
const published = { 200: { description: "It is done, in every process.", content: json(revisionSchema) } };

const simulationSchema = z
  .object({
    ...{ from: timeSchema, to: timeSchema },
    runs: z.int().openapi({ description: "Runs that were delivered and could be priced anew." }),
    uncounted: z.int().openapi({ description: "Charged before what their price counts was recorded." }),
    sample: z
      .object({ size: z.int(), of: z.int() })
      .nullable()
      .openapi({ description: "How many runs were looked at; the other figures are estimates for all." }),
    ...{ earned: z.number(), would: z.number(), dearer: z.int(), same: z.int(), cheaper: z.int() },
    changes: z.array(z.object({ charged: z.number(), would: z.number(), runs: z.int() })),
  })
  .openapi("PriceSimulation");

export type SimulationJson = z.infer<typeof simulationSchema>;

const draftRoute = createRoute({
  method: "put",
  path: "/admin/tools/{slug}/draft",
  tags,
  summary: "Keep a draft of a tool",
  description: "What is left out is as the code says. Customers see nothing of it before it is published.",
  ...change,
  request: { params, body: bodyOf(draftSchema.extend({ seen: seenSchema })) },
  responses: {
    200: { description: "It is kept.", content: json(z.object({ savedAt: timeSchema })) },
    ...problems(...codes, "tool_changed"),
  },
});

const dropRoute = createRoute({
  method: "delete",
  path: "/admin/tools/{slug}/draft",
  tags,
  summary: "Drop a tool's draft",
  ...change,
  request: { params, query: z.object({ seen: timeSchema }) },
  responses: { 204: { description: "There is none." }, ...problems(...codes, "tool_changed") },
});

const publishRoute = createRoute({
  method: "post",
  path: "/admin/tools/{slug}/publish",
  tags,
  summary: "Publish a tool's draft",
  description: "Runs that have begun keep the price and limits they began with.",
  ...change,
  request: {
    params,
    body: bodyOf(z.strictObject({ base: baseSchema, seen: timeSchema, reason: reasonSchema })),
  },
  responses: { ...published, ...problems(...codes, "tool_changed") },
});

const switchRoute = createRoute({
  method: "post",
  path: "/admin/tools/{slug}/switch",
  tags,
  summary: "Switch a tool on or off",
  description: "Off: new runs are refused at once, in every process. Those that have begun end as usual.",
  ...change,
  request: { params, body: bodyOf(z.strictObject({ enabled: z.boolean(), reason: reasonSchema })) },
  responses: { ...published, ...problems(...codes) },
});

const moveRoute = createRoute({
  method: "post",
  path: "/admin/tools/{slug}/move",
  tags,
  summary: "Move a tool in every list",
  ...change,
  request: {
    params,
    body: bodyOf(
      z.strictObject({ before: z.string().max(64).nullable().openapi({ description: "Null: to the end." }) }),
    ),
  },
  responses: { 204: { description: "It stands there." }, ...problems(...codes) },
});

const restoreRoute = createRoute({
  method: "post",
  path: "/admin/tools/{slug}/restore",
  tags,
  summary: "Publish an old revision of a tool anew",
  description: "0 is what the code says. The tool stays on or off, and where it is.",
  ...change,
  request: {
    params,
    body: bodyOf(z.strictObject({ revision: z.int().min(0), base: baseSchema, reason: reasonSchema })),
  },
  responses: { ...published, ...problems(...codes, "tool_changed") },
});

const simulateRoute = createRoute({
  method: "post",
  path: "/admin/tools/{slug}/simulation",
  tags,
  summary: "What runs on record would have earned under other rates",
  ...needs("tools.read"),
  request: {
    params,
    body: bodyOf(
      z.strictObject({
        rates: z.partialRecord(z.enum(rateNames), z.int().min(0).max(10_000)),
        period: z.enum(periods),
      }),
    ),
  },
  responses: {
    200: { description: "Nothing was changed.", content: json(simulationSchema) },
    ...problems(...codes),
  },
});

const inputBody = bodyOf(z.strictObject({ input: z.record(z.string(), z.unknown()) }));

const quoteTrialRoute = createRoute({
  method: "post",
  path: "/admin/tools/{slug}/trials/quote",
  tags,
  summary: "What a run would cost by the draft",
  ...change,
  request: { params, body: inputBody },
  responses: {
    200: { description: "The price.", content: json(quoteSchema) },
    ...problems(...codes, ...accountCodes),
  },
});

const trialRoute = createRoute({
  method: "post",
  path: "/admin/tools/{slug}/trials",
  tags,
  summary: "Test a tool as its draft says",
  description:
    "A run of your own that costs nothing and counts in no figure; also of a tool that is switched off.",
  ...change,
  request: { params, headers: idempotent, body: inputBody },
  responses: {
    200: { description: "The run that this key began before.", content: json(runSchema) },
    201: { description: "It was begun.", content: json(runSchema) },
    ...problems(
      ...([
        ...codes,
        ...accountCodes,
        "mail_unverified",
        "idempotency_conflict",
        "tool_not_configured",
      ] as const),
      ...(["upload_too_large", "storage_full"] as const),
    ),
  },
});

export const toolsOffice = newRouter()
  .openapi(draftRoute, async (c) => {
    const { seen, ...draft } = c.req.valid("json");
    const by = actorOf(c);
    const savedAt = await saveDraft(c.req.valid("param").slug, draft, seen ? new Date(seen) : null, { by });
    if (!savedAt) throw new Error("the draft was not kept");
    return c.json({ savedAt: savedAt.toISOString() }, 200);
  })
  .openapi(dropRoute, async (c) => {
    const seen = new Date(c.req.valid("query").seen);
    await saveDraft(c.req.valid("param").slug, null, seen, { by: actorOf(c) });
    return c.body(null, 204);
  })
  .openapi(publishRoute, async (c) => {
    const { base, seen, reason } = c.req.valid("json");
    const which = { base, savedAt: new Date(seen) };
    const revision = await publishDraft(c.req.valid("param").slug, which, { by: actorOf(c), reason });
    return c.json({ revision }, 200);
  })
  .openapi(switchRoute, async (c) => {
    const { enabled, reason } = c.req.valid("json");
    const revision = await switchTool(c.req.valid("param").slug, enabled, { by: actorOf(c), reason });
    return c.json({ revision }, 200);
  })
  .openapi(moveRoute, async (c) => {
    await moveTool(c.req.valid("param").slug, c.req.valid("json").before, { by: actorOf(c) });
    return c.body(null, 204);
  })
  .openapi(restoreRoute, async (c) => {
    const { reason, ...which } = c.req.valid("json");
    const revision = await restoreRevision(c.req.valid("param").slug, which, { by: actorOf(c), reason });
    return c.json({ revision }, 200);
  })
  .openapi(simulateRoute, async (c) => {
    const { slug } = c.req.valid("param");
    // A tool that is not there has no runs to price.
    await draftedTool(slug);
    const { rates, period } = c.req.valid("json");
    return c.json(simulationJson(await simulatePrice(slug, rates, period)), 200);
  })
  .openapi(quoteTrialRoute, async (c) => {
    const { trial, ...request } = await trialOf(c, c.req.valid("param").slug, c.req.valid("json").input);
    return c.json(quoteJson(await underInput(quoteRun({ ...request, trial }))), 200);
  })
  .openapi(trialRoute, async (c) => {
    const request = await trialOf(c, c.req.valid("param").slug, c.req.valid("json").input);
    const idempotencyKey = c.req.valid("header")["Idempotency-Key"];
    const { user } = askerOf(c);
    const { run, repeated } = await underInput(
      startRun({ ...request, user, tester: actorOf(c), idempotencyKey }),
    );
    return c.json(await viewJson(request.owner, run.id), repeated ? 200 : 201);
  });

async function trialOf(c: Context<ApiEnv>, slug: string, input: Record<string, unknown>) {
  const owner = await requireOwner(c, "tools.run");
  const { tool, values } = await draftedTool(slug);
  return { owner, tool, input, trial: values, locale: localeOf(c) };
}

function simulationJson({ from, to, ...simulation }: Simulation): SimulationJson {
  return { ...simulation, from: from.toISOString(), to: to.toISOString() };
}
