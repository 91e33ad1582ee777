import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { findReport, type Report, reportReasons, reportResult } from "#reports";
import { requireRun } from "#tools";
import { requireUser } from "./caller";
import { problems } from "./problem";
import { type ApiEnv, newRouter } from "./router";
import { bodyOf, idParam, json, timeSchema } from "./schemas";

/** A customer tells of a result that should not be. */

const reasonSchema = z.enum(reportReasons);
const reportSchema = z
  .object({
    reason: reasonSchema,
    words: z.string().nullable(),
    decided: z.boolean().openapi({ description: "Somebody has looked into it." }),
    createdAt: timeSchema.openapi({ description: "When it was received." }),
  })
  .openapi("Report");

export type ReportJson = z.infer<typeof reportSchema>;

const params = idParam("A run's id.");
const report = json(reportSchema);
const tags = ["Runs"];

const reportRoute = createRoute({
  ...{ method: "post", path: "/runs/{id}/report", tags, summary: "Report a result" },
  description: "Once for each run: who reports it again gets what they said the first time.",
  request: {
    params,
    body: bodyOf(
      z.strictObject({
        reason: reasonSchema,
        words: z.string().trim().max(1000).nullable().default(null),
      }),
    ),
  },
  responses: {
    201: { description: "It was received.", content: report },
    200: { description: "It was received before.", content: report },
    ...problems(
      "unauthenticated",
      "forbidden",
      "not_found",
      "nothing_to_report",
      "malformed_request",
      "invalid_request",
    ),
  },
});
const readRoute = createRoute({
  ...{ method: "get", path: "/runs/{id}/report", tags, summary: "Your report of a result" },
  request: { params },
  responses: {
    200: { description: "Null without one.", content: json(z.object({ report: reportSchema.nullable() })) },
    ...problems("unauthenticated", "forbidden", "not_found"),
  },
});

export const reports = newRouter()
  .openapi(reportRoute, async (c) => {
    const { reason, words } = c.req.valid("json");
    const said = { reason, words: words || null };
    const { report, repeated } = await reportResult(reporterOf(c), c.req.valid("param").id, said);
    return repeated ? c.json(reportJson(report), 200) : c.json(reportJson(report), 201);
  })
  .openapi(readRoute, async (c) => {
    const { owner, userId } = reporterOf(c);
    const { id } = await requireRun(owner, c.req.valid("param").id);
    const found = await findReport(id, userId);
    return c.json({ report: found && reportJson(found) }, 200);
  });

function reporterOf(c: Context<ApiEnv>) {
  const { user, accountId } = requireUser(c);
  return { owner: { accountId }, userId: user.id };
}

function reportJson({ reason, words, status, createdAt }: Report): ReportJson {
  return { reason, words, decided: status !== "open", createdAt: createdAt.toISOString() };
}
