import { createRoute, z } from "@hono/zod-openapi";
import {
  countJobs,
  discardJob,
  type JobView,
  jobStates,
  listJobs,
  listSchedules,
  losses,
  retryJob,
} from "#insight";
import { reasonSchema } from "./admin-staff";
import { problems } from "./problem";
import { newRouter } from "./router";
import { idParam, pageQuery, readCursor, timeSchema, writeCursor } from "./schemas";
import { actorOf, needs } from "./staff";

/** Jobs: which wait, run and were given up; and what happens by the clock. */

const jobSchema = z
  .object({
    id: z.string(),
    task: z.string().openapi({ example: "billing.event" }),
    state: z.enum(jobStates).openapi({ description: "`failed`: given up after its last try." }),
    attempts: z.int(),
    maxAttempts: z.int(),
    error: z.string().nullable(),
    key: z.string().nullable(),
    createdAt: timeSchema,
    nextAt: timeSchema.nullable().openapi({ description: "When it is tried next." }),
    runningSince: timeSchema.nullable(),
    loss: z.enum(losses).openapi({
      description: "What becomes of its work if it is discarded; `needed`: it cannot be.",
    }),
  })
  .openapi("Job");

export type JobJson = z.infer<typeof jobSchema>;

const countsSchema = z.object({ failed: z.int(), retrying: z.int(), queued: z.int(), running: z.int() });
const jobsSchema = z
  .object({ data: z.array(jobSchema), nextCursor: z.string().nullable(), counts: countsSchema })
  .openapi("JobPage");

export type JobsJson = z.infer<typeof jobsSchema>;

const schedulesSchema = z
  .object({
    data: z.array(
      z.object({
        task: z.string(),
        pattern: z.string().openapi({ description: "As in a crontab; times are UTC." }),
        lastAt: timeSchema.nullable(),
        nextAt: timeSchema.nullable(),
      }),
    ),
    nextCursor: z.null(),
  })
  .openapi("Schedules");

export type SchedulesJson = z.infer<typeof schedulesSchema>;

const tags = ["Back office"];

const listRoute = createRoute({
  method: "get",
  path: "/admin/jobs",
  tags,
  summary: "Jobs",
  description: "Newest first. What was done is no longer there.",
  ...needs("operations.read"),
  request: {
    query: z.object({
      state: z.enum(jobStates).optional(),
      task: z.string().max(100).optional().openapi({ description: "What the task's name begins with." }),
      ...pageQuery,
    }),
  },
  responses: {
    200: { description: "A page of jobs.", content: { "application/json": { schema: jobsSchema } } },
    ...problems("unauthenticated", "forbidden", "not_found", "invalid_request"),
  },
});

const schedulesRoute = createRoute({
  method: "get",
  path: "/admin/schedules",
  tags,
  summary: "What happens by the clock",
  ...needs("operations.read"),
  responses: {
    200: { description: "All of it.", content: { "application/json": { schema: schedulesSchema } } },
    ...problems("unauthenticated", "forbidden", "not_found"),
  },
});

const retryRoute = createRoute({
  method: "post",
  path: "/admin/jobs/{id}/retry",
  tags,
  summary: "Try a job again",
  description: "At once, with all its tries before it.",
  ...needs("operations.change"),
  request: { params: idParam("The job's id.") },
  responses: {
    202: { description: "It waits for the worker.", content: { "application/json": { schema: jobSchema } } },
    ...problems("unauthenticated", "forbidden", "not_found", "job_running"),
  },
});

const discardRoute = createRoute({
  method: "post",
  path: "/admin/jobs/{id}/discard",
  tags,
  summary: "Discard a job",
  description: "Only one whose work is made up for by another, or is no more than a letter: see `loss`.",
  ...needs("operations.change"),
  request: {
    params: idParam("The job's id."),
    body: {
      required: true,
      content: { "application/json": { schema: z.object({ reason: reasonSchema }) } },
    },
  },
  responses: {
    204: { description: "It is gone." },
    ...problems(
      ...(["unauthenticated", "forbidden", "not_found", "malformed_request", "invalid_request"] as const),
      ...(["job_running", "job_needed"] as const),
    ),
  },
});

export const jobsOffice = newRouter()
  .openapi(listRoute, async (c) => {
    const { cursor, limit, ...filter } = c.req.valid("query");
    const before = readCursor(cursor, /^\d{1,18}$/);
    const [{ jobs, next }, counts] = await Promise.all([listJobs(filter, { limit, before }), countJobs()]);
    return c.json({ data: jobs.map(jobJson), nextCursor: writeCursor(next), counts }, 200);
  })
  .openapi(schedulesRoute, async (c) => {
    const data = (await listSchedules()).map(({ lastAt, nextAt, ...schedule }) => ({
      ...schedule,
      ...{ lastAt: iso(lastAt), nextAt: iso(nextAt) },
    }));
    return c.json({ data, nextCursor: null }, 200);
  })
  .openapi(retryRoute, async (c) => c.json(jobJson(await retryJob(c.req.valid("param").id, actorOf(c))), 202))
  .openapi(discardRoute, async (c) => {
    await discardJob(c.req.valid("param").id, { by: actorOf(c), ...c.req.valid("json") });
    return c.body(null, 204);
  });

function jobJson({ createdAt, nextAt, runningSince, ...job }: JobView): JobJson {
  return {
    ...job,
    ...{ createdAt: createdAt.toISOString(), nextAt: iso(nextAt), runningSince: iso(runningSince) },
  };
}

function iso(time: Date | null): string | null {
  return time?.toISOString() ?? null;
}
