import { createRoute, z } from "@hono/zod-openapi";
import { type Id, isId } from "#platform/id";
import { Refusal } from "#platform/refusal";
import {
  decideReport,
  listReports,
  lookAtResult,
  type OfficeReport,
  reportReasons,
  reportStates,
  requireReported,
} from "#reports";
import { openOutput } from "#tools";
import { reasonSchema } from "./admin-staff";
import { sendFile } from "./download";
import { problems } from "./problem";
import { newRouter } from "./router";
import { bodyOf, idParam, json, pageOf, pageQuery, readCursor, timeSchema, writeCursor } from "./schemas";
import { actorOf, needs } from "./staff";

/** What customers reported: the queue, a deliberate look at the result, and the decision. */

const tags = ["Back office"];

const reportSchema = z
  .object({
    id: z.string(),
    runId: z.string(),
    tool: z.string(),
    reason: z.enum(reportReasons),
    words: z.string().nullable().openapi({ description: "The reporter's own." }),
    customerId: z.string(),
    customerMail: z.string(),
    status: z.enum(reportStates),
    hasResult: z.boolean().openapi({ description: "The result is still there." }),
    createdAt: timeSchema,
    decidedAt: timeSchema.nullable(),
  })
  .openapi("OfficeReport");
const resultSchema = z
  .object({
    text: z.string().nullable().openapi({ description: "What was streamed." }),
    outputs: z.array(
      z.object({
        position: z.int(),
        name: z.string(),
        mediaType: z.string(),
        bytes: z.int(),
        text: z.string().nullable().openapi({ description: "Of a small text." }),
        url: z.string().openapi({ description: "Opens for an hour after the look." }),
      }),
    ),
  })
  .openapi("ReportedResult");

export type OfficeReportJson = z.infer<typeof reportSchema>;
export type ReportedResultJson = z.infer<typeof resultSchema>;

const params = idParam("A report's id.");
const reading = ["unauthenticated", "forbidden", "not_found"] as const;
const read = needs("reports.read");

const listRoute = createRoute({
  ...{ method: "get", path: "/admin/reports", tags, summary: "Reported results", ...read },
  description: "Open ones oldest first, decided ones newest first; without the results.",
  request: { query: z.object({ status: z.enum(reportStates).default("open"), ...pageQuery }) },
  responses: {
    200: { description: "A page of them.", content: json(pageOf(reportSchema)) },
    ...problems(...reading, "invalid_request"),
  },
});
const lookRoute = createRoute({
  ...{
    method: "post",
    path: "/admin/reports/{id}/look",
    tags,
    summary: "Look at a reported result",
    ...read,
  },
  description: "It is the customer's: that you looked stands in the audit log.",
  request: { params },
  responses: {
    200: { description: "The result.", content: json(resultSchema) },
    ...problems(...reading, "malformed_request"),
  },
});
const fileRoute = createRoute({
  ...{ method: "get", path: "/admin/reports/{id}/outputs/{position}", tags, ...read },
  summary: "A file of a reported result",
  request: {
    params: params.extend({
      position: z
        .string()
        .regex(/^\d{1,5}$/, "a whole number")
        .transform(Number),
    }),
    query: z.object({ inline: z.literal("1").optional() }),
  },
  responses: {
    200: {
      description: "The bytes, as an attachment; raster images in place with `inline=1`.",
      content: { "application/octet-stream": { schema: z.string().openapi({ format: "binary" }) } },
    },
    ...problems(...reading, "report_not_looked", "invalid_request"),
  },
});
const decideRoute = createRoute({
  ...{ method: "post", path: "/admin/reports/{id}/decide", tags, summary: "Decide a report" },
  ...needs("reports.decide"),
  description:
    "`dismissed` leaves the result. `removed` deletes its files and text for good, and closes whatever else is open about the same run.",
  request: {
    params,
    body: bodyOf(z.strictObject({ decision: z.enum(["dismissed", "removed"]), reason: reasonSchema })),
  },
  responses: {
    204: { description: "It is decided." },
    ...problems(...reading, "report_decided", "malformed_request", "invalid_request"),
  },
});

export const reportsOffice = newRouter()
  .openapi(listRoute, async (c) => {
    const { cursor, limit, status } = c.req.valid("query");
    const after = readCursor(cursor, /^rpt_[0-9a-z]{26}$/);
    const { reports, next } = await listReports({ status, limit, after });
    return c.json({ data: reports.map(reportJson), nextCursor: writeCursor(next) }, 200);
  })
  .openapi(lookRoute, async (c) => {
    const id = reportOf(c.req.valid("param").id);
    const { text, outputs } = await lookAtResult(id, actorOf(c));
    const shown = outputs.map(({ position, name, mediaType, bytes, text }) => ({
      ...{ position, name, mediaType, bytes, text },
      url: `/api/v1/admin/reports/${id}/outputs/${position}`,
    }));
    return c.json({ text, outputs: shown }, 200);
  })
  .openapi(fileRoute, async (c) => {
    const { id, position } = c.req.valid("param");
    const output = await requireReported(reportOf(id), position, actorOf(c));
    return sendFile(c, { ...output, open: () => openOutput(output) }, c.req.valid("query").inline === "1");
  })
  .openapi(decideRoute, async (c) => {
    const { decision, reason } = c.req.valid("json");
    await decideReport(reportOf(c.req.valid("param").id), decision, { by: actorOf(c), reason });
    return c.body(null, 204);
  });

function reportOf(id: string): Id<"report"> {
  if (!isId("report", id)) throw new Refusal("not_found");
  return id;
}

function reportJson({
  userId,
  createdAt,
  decidedAt,
  decidedBy: _,
  ...report
}: OfficeReport): OfficeReportJson {
  return {
    ...report,
    customerId: userId,
    createdAt: createdAt.toISOString(),
    decidedAt: decidedAt?.toISOString() ?? null,
  };
}
