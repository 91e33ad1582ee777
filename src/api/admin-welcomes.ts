import { createRoute, z } from "@hono/zod-openapi";
import {
  changeWelcomeRules,
  decideWelcome,
  listWelcomes,
  readWelcomeRules,
  type WaitingWelcome,
  welcomeSignals,
  welcomeStates,
} from "#identity";
import { Refusal } from "#platform/refusal";
import { reasonSchema } from "./admin-staff";
import { problems } from "./problem";
import { newRouter } from "./router";
import { bodyOf, json, pageOf, pageQuery, readTimeCursor, timeSchema, writeTimeCursor } from "./schemas";
import { actorOf, needs, userIdOf } from "./staff";

/** Welcome credits that wait for a look: who, why, and what becomes of them. */

const tags = ["Back office"];
const stateSchema = z.enum(welcomeStates);

const welcomeSchema = z
  .object({
    id: z.string().openapi({ description: "The user's." }),
    email: z.string(),
    name: z.string(),
    signals: z.array(z.enum(welcomeSignals)).openapi({ description: "Why it waits." }),
    domain: z.string().nullable().openapi({ description: "Null for a public mail provider's." }),
    welcome: stateSchema,
    judgedAt: timeSchema,
    decidedAt: timeSchema.nullable(),
    sameNetwork: z.int().openapi({ description: "Others who signed up from the same address." }),
    others: z
      .array(z.object({ id: z.string(), email: z.string(), welcome: stateSchema.nullable() }))
      .openapi({ description: "The first of them." }),
  })
  .openapi("Welcome");
const count = (most: number) => z.int().min(1).max(most);
const rulesSchema = z
  .object({
    perNetwork: count(100_000).openapi({ description: "A day, from one address." }),
    perDomain: count(100_000).openapi({ description: "A day, from one mail domain." }),
    disposable: z.boolean().openapi({ description: "Whether throw-away addresses wait." }),
    hourLeast: count(1_000_000).openapi({ description: "Fewer in an hour are no rush." }),
    hourFactor: count(1_000).openapi({ description: "A rush is so many times the usual." }),
    version: z.int().min(0).openapi({ description: "Counts the changes: send back the one that you read." }),
  })
  .openapi("WelcomeRules");
const decidedSchema = z.object({
  decided: z.int(),
  skipped: z.int().openapi({ description: "Decided before, or did not wait." }),
});

export type WelcomeJson = z.infer<typeof welcomeSchema>;
export type WelcomeRulesJson = z.infer<typeof rulesSchema>;

const reading = ["unauthenticated", "forbidden", "not_found"] as const;
const writing = [...reading, "malformed_request", "invalid_request"] as const;
const read = needs("welcomes.read");
const decide = needs("welcomes.decide");

const listRoute = createRoute({
  ...{ method: "get", path: "/admin/welcomes", tags, summary: "Welcomes that wait", ...read },
  description: "Waiting ones oldest first; those that staff decided newest first.",
  request: { query: z.object({ state: stateSchema.default("waiting"), ...pageQuery }) },
  responses: {
    200: { description: "A page of them.", content: json(pageOf(welcomeSchema)) },
    ...problems(...reading, "invalid_request"),
  },
});
const decideRoute = createRoute({
  ...{ method: "post", path: "/admin/welcomes/decide", tags, summary: "Give or refuse welcomes", ...decide },
  description:
    "Each by itself and once: repeated, or decided by somebody else at this moment, it is skipped.",
  request: {
    body: bodyOf(
      z.strictObject({
        users: z.array(z.string().max(64)).min(1).max(100),
        decision: z.enum(["given", "refused"]),
        reason: reasonSchema,
      }),
    ),
  },
  responses: {
    200: { description: "What was decided.", content: json(decidedSchema) },
    ...problems(...writing),
  },
});
const rulesRoute = createRoute({
  ...{ method: "get", path: "/admin/welcomes/rules", tags, summary: "What makes welcomes wait", ...read },
  responses: { 200: { description: "The rules.", content: json(rulesSchema) }, ...problems(...reading) },
});
const changeRoute = createRoute({
  ...{ method: "put", path: "/admin/welcomes/rules", tags, summary: "Change them", ...decide },
  request: { body: bodyOf(z.strictObject({ ...rulesSchema.shape, reason: reasonSchema })) },
  responses: {
    200: { description: "The rules as they are now.", content: json(rulesSchema) },
    ...problems(...writing, "draft_stale"),
  },
});

export const welcomesOffice = newRouter()
  .openapi(listRoute, async (c) => {
    const { cursor, limit, state } = c.req.valid("query");
    const after = readTimeCursor(cursor, /^\d{1,15} usr_[0-9a-z]{26}$/);
    const { welcomes, next } = await listWelcomes({ state, limit, after });
    return c.json({ data: welcomes.map(welcomeJson), nextCursor: writeTimeCursor(next) }, 200);
  })
  .openapi(decideRoute, async (c) => {
    const { users, decision, reason } = c.req.valid("json");
    const by = actorOf(c);
    let decided = 0;
    const ids = [...new Set(users.map(userIdOf))];
    for (const id of ids) {
      try {
        await decideWelcome(id, decision, { by, reason });
        decided += 1;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    }
    return c.json({ decided, skipped: ids.length - decided }, 200);
  })
  .openapi(rulesRoute, async (c) => c.json(await readWelcomeRules(), 200))
  .openapi(changeRoute, async (c) => {
    const { reason, ...wish } = c.req.valid("json");
    await changeWelcomeRules(wish, { by: actorOf(c), reason });
    return c.json(await readWelcomeRules(), 200);
  });

function welcomeJson({ judgedAt, decidedAt, ...welcome }: WaitingWelcome): WelcomeJson {
  return {
    ...welcome,
    ...{ judgedAt: judgedAt.toISOString(), decidedAt: decidedAt?.toISOString() ?? null },
  };
}
