import { createRoute, z } from "@hono/zod-openapi";
import { type ActFilter, type ActView, eachAct, listActs } from "#insight";
import { csvLine } from "#platform/csv";
import { sendCsv } from "./csv";
import { problems } from "./problem";
import { newRouter } from "./router";
import { pageOf, pageQuery, readTimeCursor, timeSchema, writeTimeCursor } from "./schemas";
import { needs } from "./staff";

/** The audit log: who did what to whose things. */

const filterQuery = {
  actor: z.string().max(320).optional().openapi({
    description: "A user's id or mail address; `terminal` for the server's shell.",
  }),
  action: z.string().max(64).optional().openapi({
    description: "An action, or the noun it begins with.",
    example: "credits.adjust",
  }),
  object: z.string().max(128).optional().openapi({
    description:
      "The id of the object, of the customer concerned, or of the request; the customer's mail address; or the network address that it came from.",
  }),
  from: timeSchema.optional(),
  to: timeSchema.optional().openapi({ description: "Before this time." }),
};
const filterSchema = z.object(filterQuery);

const detailsSchema = z
  .record(z.string(), z.unknown())
  .nullable()
  .openapi({ description: "Only what changed." });

const actSchema = z
  .object({
    id: z.string(),
    actorId: z.string().nullable().openapi({ description: "Null: the operator at a terminal." }),
    actorMail: z.string().nullable(),
    actorRole: z.string().nullable(),
    asUserId: z.string().nullable().openapi({ description: "As whom, while viewing as a customer." }),
    action: z.string(),
    objectType: z.string(),
    objectId: z.string(),
    customerId: z.string().nullable(),
    customerMail: z.string().nullable(),
    before: detailsSchema,
    after: detailsSchema,
    reason: z.string().nullable(),
    address: z.string().nullable(),
    requestId: z.string().nullable(),
    createdAt: timeSchema,
  })
  .openapi("Act");

export type ActJson = z.infer<typeof actSchema>;

const listRoute = createRoute({
  method: "get",
  path: "/admin/acts",
  tags: ["Back office"],
  summary: "The audit log",
  description: "Newest first. An act is recorded in the transaction that does it and never changes.",
  ...needs("audit.read"),
  request: { query: z.object({ ...filterQuery, ...pageQuery }) },
  responses: {
    200: {
      description: "A page of acts.",
      content: { "application/json": { schema: pageOf(actSchema).openapi("ActPage") } },
    },
    ...problems("unauthenticated", "forbidden", "not_found", "invalid_request"),
  },
});

const csvRoute = createRoute({
  method: "get",
  path: "/admin/acts.csv",
  tags: ["Back office"],
  summary: "The audit log as CSV",
  description: "All acts of the filter, newest first.",
  ...needs("audit.read"),
  request: { query: filterSchema },
  responses: {
    200: { description: "CSV, UTF-8.", content: { "text/csv": { schema: z.string() } } },
    ...problems("unauthenticated", "forbidden", "not_found", "invalid_request"),
  },
});

const cursorForm = /^\d{1,15} act_[0-9a-z]{26}$/;

export const acts = newRouter()
  .openapi(listRoute, async (c) => {
    const { cursor, limit, ...query } = c.req.valid("query");
    const before = readTimeCursor(cursor, cursorForm);
    const { acts, next } = await listActs(actFilter(query), { limit, before });
    return c.json({ data: acts.map(actJson), nextCursor: writeTimeCursor(next) }, 200);
  })
  .openapi(csvRoute, (c) => sendCsv(c, "audit-log.csv", actLines(actFilter(c.req.valid("query")))));

function actFilter({ from, to, ...rest }: z.infer<typeof filterSchema>): ActFilter {
  return { ...rest, from: from ? new Date(from) : undefined, to: to ? new Date(to) : undefined };
}

function actJson({ before, after, createdAt, ...act }: ActView): ActJson {
  return {
    ...act,
    before: detailsSchema.parse(before),
    after: detailsSchema.parse(after),
    createdAt: createdAt.toISOString(),
  };
}

const columns = [
  ...["id", "time", "actor", "actor_mail", "role", "as", "action", "object_type", "object"],
  ...["customer", "customer_mail", "before", "after", "reason", "address", "request"],
];

async function* actLines(filter: ActFilter): AsyncGenerator<string> {
  yield csvLine(columns);
  for await (const act of eachAct(filter)) {
    yield csvLine([
      act.id,
      act.createdAt.toISOString(),
      act.actorId ?? "terminal",
      act.actorMail ?? "",
      act.actorRole ?? "",
      act.asUserId ?? "",
      act.action,
      act.objectType,
      act.objectId,
      act.customerId ?? "",
      act.customerMail ?? "",
      act.before === null ? "" : JSON.stringify(act.before),
      act.after === null ? "" : JSON.stringify(act.after),
      act.reason ?? "",
      act.address ?? "",
      act.requestId ?? "",
    ]);
  }
}
