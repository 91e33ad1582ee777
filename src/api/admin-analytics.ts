import { createRoute, z } from "@hono/zod-openapi";
import { readCohorts, readMetric, readScope } from "#analytics";
import { grains, isMetric, metricNames } from "#analytics/catalogue";
import { isDay } from "#format";
import { Refusal } from "#platform/refusal";
import { invalid, problems } from "./problem";
import { newRouter } from "./router";
import { timeSchema } from "./schemas";
import { needs } from "./staff";

/** The figures of the back office, a metric at a time, from roll-ups. */

const day = z.string().refine(isDay, "a day, YYYY-MM-DD").openapi({ example: "2026-11-26" });
const value = z.string().min(1).max(64).optional();

const rangeQuery = z.object({
  from: day,
  to: day,
  grain: z.enum(grains).default("day"),
  compare: z.enum(["yes", "no"]).default("no").openapi({ description: "Also as many periods before." }),
  plan: value,
  currency: value,
  country: value.openapi({ description: "ISO 3166-1, two letters; `unknown`." }),
  tool: value,
});

const values = z.record(z.string(), z.number().nullable());

const figures = {
  first: day,
  last: day,
  points: z.array(
    z.object({
      period: day,
      incomplete: z.boolean(),
      values,
      cases: z.number().nullable().openapi({ description: "Of a rate: how many cases are behind it." }),
    }),
  ),
  total: values.openapi({ description: "The sum, the last level, or the rate of all periods." }),
  cases: z.number().nullable(),
};

const metricSchema = z
  .object({
    ...figures,
    grain: z.enum(grains),
    timeZone: z.string(),
    today: day,
    asOf: timeSchema
      .nullable()
      .openapi({ description: "What happened before it is in. Null: nothing is yet." }),
    series: z.array(z.string()),
    previous: z.object(figures).nullable(),
  })
  .openapi("Metric");

export type MetricJson = z.infer<typeof metricSchema>;

const scopeSchema = z
  .object({
    timeZone: z.string(),
    today: day,
    plans: z.array(z.string()),
    currencies: z.array(z.string()).openapi({ description: "The one with the most customers first." }),
    countries: z.array(z.string()),
    tools: z.array(z.string()),
  })
  .openapi("AnalyticsScope");

export type AnalyticsScopeJson = z.infer<typeof scopeSchema>;

const tags = ["Back office"];

const scopeRoute = createRoute({
  method: "get",
  path: "/admin/analytics",
  tags,
  summary: "What analytics can be filtered by",
  ...needs("analytics.read"),
  responses: {
    200: { description: "Values.", content: { "application/json": { schema: scopeSchema } } },
    ...problems("unauthenticated", "forbidden", "not_found"),
  },
});

const metricRoute = createRoute({
  method: "get",
  path: "/admin/analytics/{metric}",
  tags,
  summary: "A metric",
  description:
    "By periods of days, weeks or months of the operator's zone; the range is made whole periods. docs/metrics.md defines each metric.",
  ...needs("analytics.read"),
  request: {
    params: z.object({
      metric: z
        .string()
        .max(64)
        .openapi({ description: metricNames.join(", ") }),
    }),
    query: rangeQuery,
  },
  responses: {
    200: { description: "Its figures.", content: { "application/json": { schema: metricSchema } } },
    ...problems("unauthenticated", "forbidden", "not_found", "invalid_request"),
  },
});

const cohortsSchema = z
  .object({
    grain: z.enum(["week", "month"]),
    cohorts: z.array(
      z.object({
        cohort: day.openapi({ description: "The first day of the period in which they signed up." }),
        size: z.number(),
        cells: z
          .array(z.object({ active: z.number(), incomplete: z.boolean() }))
          .openapi({ description: "From that period on to today's." }),
      }),
    ),
  })
  .openapi("Cohorts");

export type CohortsJson = z.infer<typeof cohortsSchema>;

const cohortsRoute = createRoute({
  method: "get",
  path: "/admin/analytics/cohorts",
  tags,
  summary: "Retention by cohort",
  description: "Of those who signed up in a week or month, how many started a run in each one since.",
  ...needs("analytics.read"),
  request: { query: z.object({ from: day, to: day, grain: z.enum(["week", "month"]).default("month") }) },
  responses: {
    200: { description: "Cohorts.", content: { "application/json": { schema: cohortsSchema } } },
    ...problems("unauthenticated", "forbidden", "not_found", "invalid_request"),
  },
});

/** Ten years of days: more would be a mistake. */
const mostDays = 3_660;

export const analyticsOffice = newRouter()
  .openapi(scopeRoute, async (c) => c.json(await readScope(), 200))
  .openapi(cohortsRoute, async (c) => {
    const { from, to, grain } = c.req.valid("query");
    requireRange(from, to);
    return c.json({ grain, cohorts: await readCohorts({ first: from, last: to }, grain) }, 200);
  })
  .openapi(metricRoute, async (c) => {
    const { metric } = c.req.valid("param");
    if (!isMetric(metric)) throw new Refusal("not_found");
    const { from, to, grain, compare, ...filters } = c.req.valid("query");
    requireRange(from, to);
    const reading = await readMetric(metric, {
      ...{ first: from, last: to, grain, compare: compare === "yes" },
      filters: Object.fromEntries(Object.entries(filters).filter(([, given]) => given !== undefined)),
    });
    return c.json({ ...reading, asOf: reading.asOf?.toISOString() ?? null }, 200);
  });

/** @throws Refusal invalid_request */
function requireRange(from: string, to: string): void {
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
  if (days < 0) throw invalid([{ path: "to", message: "It lies before `from`." }]);
  if (days > mostDays) throw invalid([{ path: "from", message: "That is more than ten years." }]);
}
