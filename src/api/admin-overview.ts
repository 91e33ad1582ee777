import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { mayRole, type Right } from "#identity";
import { type NamedNeed, needNames, readNeeds, readToday, type Span } from "#insight";
import { requireUser } from "./caller";
import { problems } from "./problem";
import { type ApiEnv, newRouter } from "./router";
import { timeSchema } from "./schemas";
import { needs } from "./staff";

/** What the operator sees first: what waits for a hand, and today beside a week ago. */

const unknown = z.object({ state: z.literal("unknown") }).openapi({ description: "It could not be read." });

/** Known, or not: each part by itself. */
function settled<T extends z.ZodRawShape>(shape: T) {
  return z.discriminatedUnion("state", [z.object({ state: z.literal("known"), ...shape }), unknown]);
}

const needSchema = z
  .object({
    name: z.enum(needNames),
    found: settled({
      count: z.int(),
      oldestAt: timeSchema.nullable(),
      dueAt: timeSchema
        .nullable()
        .openapi({ description: "By when one must act, where there is such a day." }),
      tools: z
        .array(
          z.object({
            slug: z.string(),
            success: z.number().openapi({ description: "Of the last 24 hours, between 0 and 1." }),
            usualSuccess: z
              .number()
              .nullable()
              .openapi({ description: "Of the week before; null with fewer than 20 runs." }),
            failed: z.int(),
          }),
        )
        .openapi({ description: "The failing ones, where tools are what it is about." }),
    }),
  })
  .openapi("Need");

export type NeedJson = z.infer<typeof needSchema>;

const spanSchema = z.object({ from: timeSchema, to: timeSchema });
const amountsSchema = z
  .array(z.object({ currency: z.string(), cents: z.number() }))
  .openapi({ description: "In each currency's smallest unit." });
const runsSchema = z.object({
  customers: z.int().openapi({ description: "Who ran something." }),
  succeeded: z.int(),
  failed: z.int(),
  p95Seconds: z.number().nullable(),
});
const apiSchema = z.object({
  p95Ms: z.number().nullable().openapi({ description: "Of answers under /api/v1, by whole hours." }),
});
const creditsSchema = z.object({
  sold: z.number(),
  used: z.number(),
  expired: z.number(),
  outstanding: z.number(),
});
const beside = <T extends z.ZodType>(figures: T) => settled({ today: figures, before: figures });

const todaySchema = z
  .object({
    today: spanSchema,
    before: spanSchema.openapi({ description: "The same weekday a week ago, up to the same hour." }),
    signUps: beside(z.int()).optional(),
    runs: beside(runsSchema).optional(),
    api: beside(apiSchema).optional(),
    queue: settled({ waiting: z.int(), oldestAt: timeSchema.nullable() }).optional(),
    recurring: settled({ today: amountsSchema }).optional(),
    moneyIn: beside(amountsSchema).optional(),
    credits: beside(creditsSchema).optional(),
  })
  .openapi("Today");

export type TodayJson = z.infer<typeof todaySchema>;

const tags = ["Back office"];
const listSchema = z.object({ data: z.array(needSchema), nextCursor: z.null() });

const needsRoute = createRoute({
  method: "get",
  path: "/admin/overview/needs",
  tags,
  summary: "What needs a hand",
  description: "Of the kinds whose list your role opens. Each is read by itself, and may fail by itself.",
  ...needs("office.enter"),
  responses: {
    200: { description: "All of them.", content: { "application/json": { schema: listSchema } } },
    ...problems("unauthenticated", "forbidden", "not_found"),
  },
});

const todayRoute = createRoute({
  method: "get",
  path: "/admin/overview/today",
  tags,
  summary: "Today beside a week ago",
  description: "Days are those of your time zone. What your role does not see is left out.",
  ...needs("office.enter"),
  responses: {
    200: { description: "The figures.", content: { "application/json": { schema: todaySchema } } },
    ...problems("unauthenticated", "forbidden", "not_found"),
  },
});

export const overviewOffice = newRouter()
  .openapi(needsRoute, async (c) => {
    const found = await readNeeds(mayOf(c));
    return c.json({ data: found.map(needJson), nextCursor: null }, 200);
  })
  .openapi(todayRoute, async (c) => {
    const { days, parts } = await readToday(requireUser(c).user.timeZone, mayOf(c));
    const { queue, ...rest } = parts;
    const waiting = queue && (queue.state === "known" ? { ...queue, oldestAt: iso(queue.oldestAt) } : queue);
    return c.json(
      {
        ...{ today: spanJson(days.today), before: spanJson(days.before), ...rest },
        ...(waiting && { queue: waiting }),
      },
      200,
    );
  });

function mayOf(c: Context<ApiEnv>): (right: Right) => boolean {
  const { role } = requireUser(c).user;
  return (right) => mayRole(role, right);
}

function needJson({ name, ...found }: NamedNeed): NeedJson {
  if (found.state === "unknown") return { name, found };
  return { name, found: { ...found, oldestAt: iso(found.oldestAt), dueAt: iso(found.dueAt) } };
}

function spanJson({ from, to }: Span) {
  return { from: from.toISOString(), to: to.toISOString() };
}

function iso(time: Date | null): string | null {
  return time?.toISOString() ?? null;
}
