import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { readCreditWorth } from "#billing/edition";
import { db } from "#platform/db";
import { estimateMade, makeTool, saveDraft } from "#tools";
import { faultsOf, type MadeDefinition, madeSchema, madeSlug } from "#tools/made";
import { invalid, problems } from "./problem";
import { type ApiEnv, newRouter } from "./router";
import { bodyOf, json, timeSchema } from "./schemas";
import { actorOf, needs } from "./staff";
import { localeOf } from "./tools";

/** Tools that the operator makes without code. Their revisions, switch and tests are those of any tool. */

const change = needs("tools.change");
const tags = ["Back office"];
const codes = ["unauthenticated", "forbidden", "not_found", "malformed_request", "invalid_request"] as const;
const savedSchema = z.object({ savedAt: timeSchema });

const makeRoute = createRoute({
  method: "post",
  path: "/admin/tools",
  tags,
  summary: "Make a tool without code",
  description: "As a draft: customers see nothing of it before it is published.",
  ...change,
  request: { body: bodyOf(z.strictObject({ slug: madeSlug, definition: madeSchema })) },
  responses: {
    201: { description: "It is kept.", content: json(savedSchema) },
    ...problems(...codes),
  },
});

const defineRoute = createRoute({
  method: "put",
  path: "/admin/tools/{slug}/definition",
  tags,
  summary: "Keep a draft of a made tool",
  ...change,
  request: {
    params: z.object({ slug: z.string().max(64) }),
    body: bodyOf(
      z.strictObject({
        definition: madeSchema,
        seen: timeSchema.nullable().openapi({
          description: "When the draft that you have seen was saved; null for none.",
        }),
      }),
    ),
  },
  responses: {
    200: { description: "It is kept.", content: json(savedSchema) },
    ...problems(...codes, "tool_changed"),
  },
});

const micros = z.number().nullable();
const marginSchema = z
  .object({
    credits: z.int().openapi({ description: "What a run is held for: the most it can cost." }),
    model: z.string().nullable().openapi({ description: "The one that is asked first; null without any." }),
    cost: micros.openapi({ description: "What so much costs you at most, in millionths of a US dollar." }),
    revenue: micros.openapi({
      description:
        "What so many credits bring at least, where they are sold cheapest, in millionths of a US dollar.",
    }),
  })
  .openapi("MarginEstimate");
export type MarginJson = z.infer<typeof marginSchema>;

const marginRoute = createRoute({
  method: "post",
  path: "/admin/tools/margin",
  tags,
  summary: "What a run of a made tool costs and brings",
  ...needs("tools.read"),
  request: {
    body: bodyOf(z.strictObject({ definition: madeSchema, input: z.record(z.string(), z.unknown()) })),
  },
  responses: {
    200: { description: "At the most that it can use.", content: json(marginSchema) },
    ...problems(...codes),
  },
});

export const madeToolsOffice = newRouter()
  .openapi(makeRoute, async (c) => {
    const { slug, definition } = c.req.valid("json");
    requireFits(c, definition);
    const savedAt = await makeTool(slug, definition, { by: actorOf(c) });
    return c.json({ savedAt: savedAt.toISOString() }, 201);
  })
  .openapi(defineRoute, async (c) => {
    const { definition, seen } = c.req.valid("json");
    requireFits(c, definition);
    const { slug } = c.req.valid("param");
    const draft = { made: definition };
    const savedAt = await saveDraft(slug, draft, seen ? new Date(seen) : null, { by: actorOf(c) });
    if (!savedAt) throw new Error("the draft was not kept");
    return c.json({ savedAt: savedAt.toISOString() }, 200);
  })
  .openapi(marginRoute, async (c) => {
    const { definition, input } = c.req.valid("json");
    requireFits(c, definition);
    const { credits, use } = await estimateMade(definition, input, localeOf(c));
    const worth = await readCreditWorth(db());
    const revenue = worth === null ? null : Number(credits) * worth;
    const cost = use?.cost ?? null;
    return c.json(
      {
        ...{ credits: Number(credits), model: use?.name ?? null, revenue },
        cost: cost === null ? null : Number(cost),
      },
      200,
    );
  });

/** In the reader's words. @throws Refusal invalid_request */
function requireFits(c: Context<ApiEnv>, definition: MadeDefinition): void {
  const faults = faultsOf(definition, localeOf(c));
  if (faults.length > 0)
    throw invalid(faults.map(({ path, message }) => ({ path: `definition.${path}`, message })));
}
