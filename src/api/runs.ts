import { createRoute, z } from "@hono/zod-openapi";
import { csvLine } from "#platform/csv";
import {
  cancelRun,
  eachRun,
  followText,
  listRuns,
  type Owner,
  openOutput,
  type RunFilter,
  requireOutput,
  requireRun,
  runStatuses,
  type TextPlace,
} from "#tools";
import { accountCodes, accountRequest, requireAccount, requireOwner } from "./caller";
import { sendCsv } from "./csv";
import { sendFile } from "./download";
import { invalid, problems } from "./problem";
import { newRouter } from "./router";
import { runJson, runSchema, viewJson } from "./run-json";
import { idParam, pageOf, pageQuery, readCursor, timeSchema, writeCursor } from "./schemas";
import { sendEvents } from "./sse";

const filterQuery = {
  tool: z.string().max(64).optional().openapi({ description: "A tool's slug." }),
  status: z
    .string()
    .max(100)
    .optional()
    .openapi({ description: "One status or several, with commas between.", example: "queued,running" }),
  from: timeSchema.optional().openapi({ description: "Begun at this time or later." }),
  to: timeSchema.optional().openapi({ description: "Begun before this time." }),
};
const filterSchema = z.object(filterQuery);
const params = idParam("A run's id.");
const tags = ["Runs"];
const run = { "application/json": { schema: runSchema } };

function runFilter({ tool, status, from, to }: z.infer<typeof filterSchema>): RunFilter {
  const statuses = status?.split(",").map((word) => {
    const known = runStatuses.find((one) => one === word.trim());
    if (!known) throw invalid([{ path: "status", message: `Not a status: ${word}` }]);
    return known;
  });
  return { tool, statuses, from: from ? new Date(from) : undefined, to: to ? new Date(to) : undefined };
}

const listRoute = createRoute({
  method: "get",
  path: "/runs",
  tags,
  summary: "Your runs",
  description: "Newest first.",
  request: { ...accountRequest, query: z.object({ ...filterQuery, ...pageQuery }) },
  responses: {
    200: {
      description: "A page of runs.",
      content: { "application/json": { schema: pageOf(runSchema).openapi("RunPage") } },
    },
    ...problems(...accountCodes),
  },
});

const csvRoute = createRoute({
  method: "get",
  path: "/runs.csv",
  tags,
  summary: "Your runs as CSV",
  description: "All runs of the filter, newest first.",
  request: { ...accountRequest, query: filterSchema },
  responses: {
    200: { description: "CSV, UTF-8.", content: { "text/csv": { schema: z.string() } } },
    ...problems(...accountCodes),
  },
});

const readRoute = createRoute({
  method: "get",
  path: "/runs/{id}",
  tags,
  summary: "A run",
  request: { ...accountRequest, params },
  responses: {
    200: { description: "The run.", content: run },
    ...problems(...accountCodes),
  },
});

const cancelRoute = createRoute({
  method: "post",
  path: "/runs/{id}/cancel",
  tags,
  summary: "Cancel a run",
  description:
    "A waiting run ends at once, a running one within about a second. Nothing is charged, but for what a streaming tool had already delivered. Cancelling twice is cancelling once.",
  request: { ...accountRequest, params },
  responses: {
    200: { description: "The run; `running` until its worker has stopped.", content: run },
    ...problems(...accountCodes, "run_over"),
  },
});

const outputRoute = createRoute({
  method: "get",
  path: "/runs/{id}/outputs/{position}",
  tags,
  summary: "A run's result",
  request: {
    ...accountRequest,
    params: z.object({
      id: z.string().max(64),
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
    ...problems(...accountCodes),
  },
});

const textRoute = createRoute({
  method: "get",
  path: "/runs/{id}/text",
  tags,
  summary: "A run's text as it grows",
  description:
    "Server-sent events: `text` {text}; `reset` when what was sent before is void, because another attempt begins or the run ends without a result; `end` {status}. Sends what is stored after `Last-Event-ID`, then what comes.",
  request: { ...accountRequest, params },
  responses: {
    200: { description: "A stream.", content: { "text/event-stream": { schema: z.string() } } },
    ...problems(...accountCodes),
  },
});

export const runs = newRouter()
  .openapi(listRoute, async (c) => {
    const owner = await requireOwner(c, "runs.read");
    const { cursor, limit, ...query } = c.req.valid("query");
    const before = readCursor(cursor, /^run_[0-9a-z]{26}$/);
    const page = await listRuns(owner, { ...runFilter(query), limit, before });
    return c.json({ data: page.runs.map(runJson), nextCursor: writeCursor(page.nextBefore) }, 200);
  })
  .openapi(csvRoute, async (c) => {
    const accountId = await requireAccount(c, "runs.read");
    return sendCsv(c, "runs.csv", runLines({ accountId }, runFilter(c.req.valid("query"))));
  })
  .openapi(readRoute, async (c) =>
    c.json(await viewJson(await requireOwner(c, "runs.read"), c.req.valid("param").id), 200),
  )
  .openapi(cancelRoute, async (c) => {
    const owner = await requireOwner(c, "tools.run");
    const { id } = await cancelRun(owner, c.req.valid("param").id);
    return c.json(await viewJson(owner, id), 200);
  })
  .openapi(outputRoute, async (c) => {
    const { id, position } = c.req.valid("param");
    const output = await requireOutput(await requireOwner(c, "runs.read"), id, position);
    return sendFile(c, { ...output, open: () => openOutput(output) }, c.req.valid("query").inline === "1");
  })
  .openapi(textRoute, async (c) => {
    const owner = await requireOwner(c, "runs.read");
    const { id } = await requireRun(owner, c.req.valid("param").id);
    const after = placeOf(c.req.header("last-event-id"));
    return sendEvents(c, owner, async (send, signal) => {
      for await (const event of followText(owner, id, { after, signal })) {
        if (event.type === "text") send("text", { text: event.text }, `${event.attempt}:${event.position}`);
        else if (event.type === "reset") send("reset", {});
        else send("end", { status: event.status });
      }
    });
  });

/** Where a reader was when its stream ended. What is no id of ours is of no attempt: it begins anew. */
function placeOf(eventId: string | undefined): TextPlace | null {
  if (!eventId) return null;
  const [, attempt = -1, position = -1] = /^(\d{1,9}):(\d{1,9})$/.exec(eventId) ?? [];
  return { attempt: Number(attempt), position: Number(position) };
}

const columns = ["id", "time", "tool", "status", "held", "charged", "returned", "seconds", "error"];

async function* runLines(owner: Owner, filter: RunFilter): AsyncGenerator<string> {
  yield csvLine(columns);
  for await (const row of eachRun(owner, filter)) {
    const { startedAt, endedAt } = row;
    const seconds = startedAt && endedAt ? (endedAt.getTime() - startedAt.getTime()) / 1000 : null;
    yield csvLine([
      row.id,
      row.createdAt.toISOString(),
      row.tool,
      row.status,
      `${row.held}`,
      `${row.charged}`,
      `${endedAt ? row.held - row.charged : 0n}`,
      seconds === null ? "" : seconds.toFixed(1),
      row.errorCode ?? "",
    ]);
  }
}
