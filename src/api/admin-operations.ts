import { createRoute, z } from "@hono/zod-openapi";
import { dependencyNames, listRefused, readHealth, readStored } from "#insight";
import { requireUser } from "./caller";
import { problems } from "./problem";
import { newRouter } from "./router";
import { pageOf, pageQuery, readTimeCursor, timeSchema, writeTimeCursor } from "./schemas";
import { needs } from "./staff";

/** What is stored, whom rate limits turned away, and whether what the site depends on works. */

const filesSchema = z
  .object({
    kinds: z.array(
      z.object({
        what: z.enum(["upload", "result"]),
        mediaType: z.string(),
        files: z.int(),
        bytes: z.number(),
      }),
    ),
    owners: z
      .array(
        z.object({
          customerId: z.string().nullable(),
          customerMail: z.string().nullable(),
          files: z.int(),
          bytes: z.number(),
        }),
      )
      .openapi({ description: "Those with the most; without a customer: all visitors together." }),
    expiring: z
      .array(z.object({ day: z.string(), files: z.int(), bytes: z.number() }))
      .openapi({ description: "What is deleted when, by the days of your time zone." }),
  })
  .openapi("StoredFiles");

export type StoredFilesJson = z.infer<typeof filesSchema>;

const refusedSchema = z
  .object({
    limit: z.string().openapi({ example: "api:start" }),
    hour: timeSchema,
    refusals: z.int(),
  })
  .openapi("RefusedHour");

export type RefusedHourJson = z.infer<typeof refusedSchema>;

const dependencySchema = z
  .object({
    name: z.enum(dependencyNames),
    state: z.enum(["works", "off", "fails"]),
    latencyMs: z.int(),
    facts: z
      .record(z.string(), z.union([z.string(), z.number()]))
      .nullable()
      .openapi({ description: "What it told of itself, by name." }),
    lastError: z
      .object({ at: timeSchema, message: z.string() })
      .nullable()
      .openapi({ description: "Of the process that answers." }),
  })
  .openapi("Dependency");

export type DependencyJson = z.infer<typeof dependencySchema>;

const tags = ["Back office"];
const refused = problems("unauthenticated", "forbidden", "not_found");

const filesRoute = createRoute({
  method: "get",
  path: "/admin/files",
  tags,
  summary: "What is stored",
  ...needs("operations.read"),
  responses: {
    200: {
      description: "Files by kind, customer and day.",
      content: { "application/json": { schema: filesSchema } },
    },
    ...refused,
  },
});

const limitsRoute = createRoute({
  method: "get",
  path: "/admin/limits",
  tags,
  summary: "Whom rate limits turned away",
  description: "How often each limit did in each hour, newest first; of the last 90 days.",
  ...needs("operations.read"),
  request: {
    query: z.object({
      name: z.string().max(100).optional().openapi({ description: "A limit's name.", example: "api:start" }),
      ...pageQuery,
    }),
  },
  responses: {
    200: {
      description: "A page of hours.",
      content: { "application/json": { schema: pageOf(refusedSchema).openapi("RefusedHourPage") } },
    },
    ...problems("unauthenticated", "forbidden", "not_found", "invalid_request"),
  },
});

const healthRoute = createRoute({
  method: "get",
  path: "/admin/health",
  tags,
  summary: "Whether what the site depends on works",
  description: "Each is tested by using it, for at most ten seconds, as `ops doctor` does.",
  ...needs("operations.read"),
  responses: {
    200: {
      description: "All of them.",
      content: {
        "application/json": { schema: z.object({ data: z.array(dependencySchema), nextCursor: z.null() }) },
      },
    },
    ...refused,
  },
});

export const operationsOffice = newRouter()
  .openapi(filesRoute, async (c) => c.json(await readStored(requireUser(c).user.timeZone), 200))
  .openapi(limitsRoute, async (c) => {
    const { cursor, limit, name } = c.req.valid("query");
    const before = readTimeCursor(cursor, /^\d{1,15} [\w:.-]{1,100}$/);
    const { hours, next } = await listRefused({ limit: name }, { limit, before });
    const data = hours.map(({ hour, ...row }) => ({ ...row, hour: hour.toISOString() }));
    return c.json({ data, nextCursor: writeTimeCursor(next) }, 200);
  })
  .openapi(healthRoute, async (c) => {
    const data = (await readHealth()).map(({ lastError, ...dependency }) => ({
      ...dependency,
      lastError: lastError && { ...lastError, at: lastError.at.toISOString() },
    }));
    return c.json({ data, nextCursor: null }, 200);
  });
