import { createRoute, z } from "@hono/zod-openapi";
import { listOfficeRuns } from "#insight";
import { runStatuses } from "#tools";
import { problems } from "./problem";
import { newRouter } from "./router";
import { creditsJson, pageOf, pageQuery, readCursor, timeSchema, writeCursor } from "./schemas";
import { needs } from "./staff";

/** Every customer's runs, for whoever looks for what fails. */

const runSchema = z
  .object({
    id: z.string(),
    tool: z.string(),
    status: z.enum(runStatuses),
    errorCode: z.string().nullable(),
    customerId: z.string().nullable().openapi({ description: "Null for a visitor's." }),
    customerMail: z.string().nullable(),
    charged: z.int(),
    createdAt: timeSchema,
    seconds: z.number().nullable().openapi({ description: "From its start to its end." }),
  })
  .openapi("OfficeRun");

export type OfficeRunJson = z.infer<typeof runSchema>;

const listRoute = createRoute({
  method: "get",
  path: "/admin/runs",
  tags: ["Back office"],
  summary: "Runs",
  description: "Every customer's, newest first, without what went in and came out.",
  ...needs("customers.read"),
  request: {
    query: z.object({
      status: z.enum(runStatuses).optional(),
      tool: z.string().max(100).optional(),
      from: timeSchema.optional(),
      to: timeSchema.optional().openapi({ description: "Before this time." }),
      ...pageQuery,
    }),
  },
  responses: {
    200: {
      description: "A page of runs.",
      content: { "application/json": { schema: pageOf(runSchema).openapi("OfficeRunPage") } },
    },
    ...problems("unauthenticated", "forbidden", "not_found", "invalid_request"),
  },
});

export const runsOffice = newRouter().openapi(listRoute, async (c) => {
  const { cursor, limit, from, to, ...filter } = c.req.valid("query");
  const before = readCursor(cursor, /^run_[0-9a-z]{26}$/);
  const { runs, next } = await listOfficeRuns(
    { ...filter, from: from ? new Date(from) : undefined, to: to ? new Date(to) : undefined },
    { limit, before },
  );
  const data = runs.map(({ charged, createdAt, ...run }) => ({
    ...run,
    ...{ charged: creditsJson(charged), createdAt: createdAt.toISOString() },
  }));
  return c.json({ data, nextCursor: writeCursor(next) }, 200);
});
