import { createRoute, z } from "@hono/zod-openapi";
import { incidentStates, listIncidents, openIncident, parts, updateIncident } from "#insight";
import { problems } from "./problem";
import { newRouter } from "./router";
import { idParam, timeSchema } from "./schemas";
import { actorOf, needs } from "./staff";

/** Incidents of the public status page, and what staff say of them. */

const words = (most: number) =>
  z.strictObject({ en: z.string().trim().min(3).max(most), zh: z.string().trim().min(2).max(most) });

const updateFields = {
  state: z.enum(incidentStates).openapi({ description: "`resolved` ends it." }),
  text: words(1000).openapi({ description: "In both languages." }),
};

const openBody = z.strictObject({
  part: z.enum(parts).nullable().openapi({ description: "Null: the site as a whole." }),
  title: words(120),
  ...updateFields,
});

const incidentSchema = z
  .object({
    id: z.string(),
    part: z.enum(parts).nullable(),
    origin: z
      .enum(["probe", "staff"])
      .openapi({ description: "`probe`: found by the site; it has no title." }),
    title: z.object({ en: z.string(), zh: z.string() }).nullable(),
    startedAt: timeSchema,
    resolvedAt: timeSchema.nullable(),
    updates: z.array(
      z.object({
        at: timeSchema,
        state: z.enum(incidentStates),
        text: z.object({ en: z.string(), zh: z.string() }),
      }),
    ),
  })
  .openapi("Incident");

export type IncidentJson = z.infer<typeof incidentSchema>;

const tags = ["Back office"];
const listed = { "application/json": { schema: z.object({ data: z.array(incidentSchema) }) } };
const codes = ["unauthenticated", "forbidden", "not_found"] as const;
const bodyCodes = ["malformed_request", "invalid_request"] as const;

const listRoute = createRoute({
  method: "get",
  path: "/admin/incidents",
  tags,
  summary: "Incidents of the last ninety days",
  description: "Open ones first, then the newest; at most a hundred.",
  ...needs("status.change"),
  responses: { 200: { description: "All of them.", content: listed }, ...problems(...codes) },
});

const openRoute = createRoute({
  method: "post",
  path: "/admin/incidents",
  tags,
  summary: "Open an incident on the status page",
  ...needs("status.change"),
  request: { body: { required: true, content: { "application/json": { schema: openBody } } } },
  responses: {
    201: {
      description: "It stands on the status page.",
      content: { "application/json": { schema: z.object({ id: z.string() }) } },
    },
    ...problems(...codes, ...bodyCodes),
  },
});

const updateRoute = createRoute({
  method: "post",
  path: "/admin/incidents/{id}/updates",
  tags,
  summary: "Say more of an incident, or end it",
  ...needs("status.change"),
  request: {
    params: idParam("An incident's id."),
    body: { required: true, content: { "application/json": { schema: z.strictObject(updateFields) } } },
  },
  responses: { 204: { description: "It is said." }, ...problems(...codes, ...bodyCodes) },
});

const shownMs = 90 * 86_400_000;

export const statusOffice = newRouter()
  .openapi(listRoute, async (c) => {
    const incidents = await listIncidents(new Date(Date.now() - shownMs));
    const data = incidents.map(({ titleEn, titleZh, updates, startedAt, resolvedAt, id, part, origin }) => ({
      ...{ id, part, origin },
      title: titleEn !== null && titleZh !== null ? { en: titleEn, zh: titleZh } : null,
      startedAt: startedAt.toISOString(),
      resolvedAt: resolvedAt?.toISOString() ?? null,
      updates: updates.map(({ createdAt, state, textEn, textZh }) => ({
        ...{ at: createdAt.toISOString(), state, text: { en: textEn, zh: textZh } },
      })),
    }));
    return c.json({ data }, 200);
  })
  .openapi(openRoute, async (c) => {
    const { part, title, ...update } = c.req.valid("json");
    return c.json({ id: await openIncident({ part, title, update }, actorOf(c)) }, 201);
  })
  .openapi(updateRoute, async (c) => {
    await updateIncident(c.req.valid("param").id, c.req.valid("json"), actorOf(c));
    return c.body(null, 204);
  });
