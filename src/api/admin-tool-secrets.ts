import { createRoute, z } from "@hono/zod-openapi";
import { Refusal } from "#platform/refusal";
import { makeSecret, readSecret, readToolSettings } from "#tools";
import { problems } from "./problem";
import { newRouter } from "./router";
import { bodyOf, json, timeSchema } from "./schemas";
import { actorOf, needs } from "./staff";

/** The secret that the site shares with a tool's own server (docs/http-tools.md). */

const tags = ["Back office"];
const params = z.object({ slug: z.string().max(64).openapi({ description: "The tool's name in URLs." }) });
const codes = ["unauthenticated", "forbidden", "not_found"] as const;

const secretSchema = z
  .object({
    hint: z.string().openapi({ description: "Its last characters." }),
    createdAt: timeSchema,
    previousUntil: timeSchema.nullable().openapi({ description: "The one before it is good until then." }),
    lost: z.boolean().openapi({ description: "AUTH_SECRET has changed: make it anew." }),
  })
  .openapi("ToolSecret");

export type ToolSecretJson = z.infer<typeof secretSchema>;

const readRoute = createRoute({
  method: "get",
  path: "/admin/tools/{slug}/secret",
  tags,
  summary: "What is known of a tool's secret",
  ...needs("tools.read"),
  request: { params },
  responses: {
    200: {
      description: "Null while there is none.",
      content: json(z.object({ secret: secretSchema.nullable() })),
    },
    ...problems(...codes),
  },
});

const makeRoute = createRoute({
  method: "post",
  path: "/admin/tools/{slug}/secret",
  tags,
  summary: "Make a tool's secret, or a new one",
  description:
    "It is told once. The one before it stays good for a day, unless it has come into wrong hands.",
  ...needs("tools.change"),
  request: {
    params,
    body: bodyOf(
      z.strictObject({
        seen: timeSchema
          .nullable()
          .openapi({ description: "When the one you have seen was made; null: none." }),
        keepPrevious: z.boolean().default(true),
      }),
    ),
  },
  responses: {
    201: { description: "The secret.", content: json(z.object({ secret: z.string() })) },
    ...problems(...codes, "malformed_request", "invalid_request", "tool_changed"),
  },
});

export const toolSecretsOffice = newRouter()
  .openapi(readRoute, async (c) => {
    const { slug } = c.req.valid("param");
    await requireTool(slug);
    const secret = await readSecret(slug);
    if (!secret) return c.json({ secret: null }, 200);
    const { hint, createdAt, previousUntil, lost } = secret;
    const times = {
      createdAt: createdAt.toISOString(),
      previousUntil: previousUntil?.toISOString() ?? null,
    };
    return c.json({ secret: { hint, ...times, lost } }, 200);
  })
  .openapi(makeRoute, async (c) => {
    const { slug } = c.req.valid("param");
    await requireTool(slug);
    const { seen, keepPrevious } = c.req.valid("json");
    const wish = { seen: seen === null ? null : new Date(seen), keepPrevious };
    return c.json({ secret: await makeSecret(slug, wish, actorOf(c)) }, 201);
  });

/** @throws Refusal not_found for what no server does, in its draft or as customers have it */
async function requireTool(slug: string): Promise<void> {
  const { made } = await readToolSettings(slug);
  const kinds = [made?.draft?.work.kind, made?.published?.work.kind];
  if (!kinds.includes("http")) throw new Refusal("not_found");
}
