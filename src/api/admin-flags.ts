import { createRoute, z } from "@hono/zod-openapi";
import { planIds } from "#billing/catalogue";
import { deleteFlag, type FlagView, listFlags, saveFlag } from "#flags";
import { actRoute } from "./act-route";
import { reasonSchema } from "./admin-staff";
import { problems } from "./problem";
import { newRouter } from "./router";
import { bodyOf, idempotent, json, timeSchema } from "./schemas";
import { needs, requestOf } from "./staff";

/** Feature flags: whom a feature is on for, changed by staff and asked for by integrators. */

const right = "flags.change";

const keySchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,49}$/, "2 to 50 small letters, digits and dashes")
  .openapi({ description: "How code asks for it.", example: "new-editor" });
const params = z.object({ key: keySchema });

const fields = {
  text: z.string().trim().max(200).openapi({ description: "What it is, for staff." }),
  state: z.enum(["off", "on", "rules"]),
  plans: z.array(z.enum(planIds)).max(planIds.length).default([]).openapi({
    description: "By rules: for these plans; none is every plan.",
  }),
  percent: z.int().min(0).max(100).default(100).openapi({
    description: "By rules: of the accounts of these plans, this percentage, the same ones each time.",
  }),
};

const flagSchema = z
  .object({
    key: z.string(),
    text: z.string(),
    state: z.enum(["off", "on", "rules"]),
    plans: z.array(z.string()),
    percent: z.int(),
    people: z.array(z.string()).openapi({ description: "Mail addresses of those it is always on for." }),
    updatedAt: timeSchema,
  })
  .openapi("Flag");

export type FlagJson = z.infer<typeof flagSchema>;

const reading = ["unauthenticated", "forbidden", "not_found"] as const;
const writing = [...reading, "malformed_request", "invalid_request", "idempotency_conflict"] as const;
const tags = ["Back office"];

const listRoute = createRoute({
  method: "get",
  path: "/admin/flags",
  tags,
  summary: "Feature flags",
  ...needs(right),
  responses: {
    200: {
      description: "All of them, by their keys.",
      content: json(z.object({ data: z.array(flagSchema), nextCursor: z.null() })),
    },
    ...problems(...reading),
  },
});

const saveRoute = createRoute({
  method: "put",
  path: "/admin/flags/{key}",
  tags,
  summary: "Make a flag, or change it",
  description: "It counts at once in every process.",
  ...needs(right),
  request: {
    params,
    headers: idempotent,
    body: bodyOf(
      z.strictObject({
        ...fields,
        people: z.array(z.string().trim().min(3).max(320)).max(200).default([]).openapi({
          description: "By rules: always on for them; ids or mail addresses.",
        }),
        reason: reasonSchema,
      }),
    ),
  },
  responses: { 200: { description: "As it is now.", content: json(flagSchema) }, ...problems(...writing) },
});

const deleteRoute = actRoute({
  path: "/admin/flags/{key}/delete",
  right,
  params,
  fields: {},
  words: { summary: "Delete a flag", description: "It is off for everybody." },
  answer: { description: "It is gone.", schema: z.object({ key: z.string() }) },
  codes: writing,
});

export const flagsOffice = newRouter()
  .openapi(listRoute, async (c) => c.json({ data: (await listFlags()).map(flagJson), nextCursor: null }, 200))
  .openapi(saveRoute, async (c) => {
    const { reason, ...wanted } = c.req.valid("json");
    const saved = await saveFlag(c.req.valid("param").key, wanted, requestOf(c, { reason }));
    return c.json(flagJson(saved), 200);
  })
  .openapi(deleteRoute, async (c) => {
    const { key } = c.req.valid("param");
    await deleteFlag(key, requestOf(c, c.req.valid("json")));
    return c.json({ key }, 200);
  });

function flagJson({ updatedAt, ...flag }: FlagView): FlagJson {
  return { ...flag, updatedAt: updatedAt.toISOString() };
}
