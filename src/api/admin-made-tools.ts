import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { readCreditWorth } from "#billing/edition";
import { db } from "#platform/db";
import { checkIn } from "#platform/field-words";
import {
  addressFaults,
  drawMade,
  estimateMade,
  type FormField,
  type Locale,
  makeTool,
  saveDraft,
} from "#tools";
import { type Fault, faultsOf, type MadeDefinition, madeSchema, madeSlug } from "#tools/made";
import { localeOf } from "./asker";
import { invalid, problems } from "./problem";
import { type ApiEnv, newRouter } from "./router";
import { bodyOf, json, localeQuery, timeSchema } from "./schemas";
import { actorOf, needs } from "./staff";
import { fieldSchema } from "./tool-json";

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
const checkSchema = z
  .object({
    faults: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .openapi({ description: "What is wrong, in words of `locale`; empty when it fits." }),
    fields: z.array(fieldSchema).openapi({ description: "The form that customers would see." }),
    estimate: z
      .object({
        credits: z.int().openapi({ description: "What a run is held for: the most it can cost." }),
        model: z
          .string()
          .nullable()
          .openapi({ description: "The one that is asked first; null without any." }),
        cost: micros.openapi({
          description: "What so much costs you at most, in millionths of a US dollar.",
        }),
        revenue: micros.openapi({
          description:
            "What so many credits bring where they are sold cheapest, in millionths of a US dollar.",
        }),
      })
      .nullable()
      .openapi({ description: "For the first example; null without one." }),
  })
  .openapi("ToolCheck");
export type ToolCheckJson = Omit<z.infer<typeof checkSchema>, "fields"> & { fields: FormField[] };

const checkRoute = createRoute({
  method: "post",
  path: "/admin/tools/check",
  tags,
  summary: "Look at a made tool before it is kept",
  description: "Whether the definition fits together, what form it makes, what a run costs and brings.",
  ...needs("tools.read"),
  request: {
    query: localeQuery,
    body: bodyOf(z.strictObject({ definition: z.record(z.string(), z.unknown()) })),
  },
  responses: {
    200: { description: "What was found. Nothing was kept.", content: json(checkSchema) },
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
  .openapi(checkRoute, async (c) => {
    const locale = c.req.valid("query").locale ?? localeOf(c);
    return c.json(await check(c.req.valid("json").definition, locale), 200);
  });

async function check(raw: unknown, locale: Locale): Promise<ToolCheckJson> {
  const checked = checkIn(madeSchema, raw, locale);
  if ("errors" in checked) return { faults: checked.errors, fields: [], estimate: null };
  const definition = checked.data;
  const faults = faultsIn(definition, locale);
  if (faults.length > 0) return { faults, fields: [], estimate: null };
  const fields = drawMade(definition, locale);
  const [example] = definition.examples;
  if (!example) return { faults, fields, estimate: null };
  const { credits, use } = await estimateMade(definition, example.input, locale);
  const worth = await readCreditWorth(db());
  const cost = use?.cost ?? null;
  return {
    ...{ faults, fields },
    estimate: {
      ...{ credits: Number(credits), model: use?.name ?? null },
      cost: cost === null ? null : Number(cost),
      revenue: worth === null ? null : Number(credits) * worth,
    },
  };
}

function faultsIn(definition: MadeDefinition, locale: Locale): Fault[] {
  return [...faultsOf(definition, locale), ...addressFaults(definition, locale)];
}

/** In the reader's words. @throws Refusal invalid_request */
function requireFits(c: Context<ApiEnv>, definition: MadeDefinition): void {
  const faults = faultsIn(definition, localeOf(c));
  if (faults.length > 0)
    throw invalid(faults.map(({ path, message }) => ({ path: `definition.${path}`, message })));
}
