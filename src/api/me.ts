import { createRoute, z } from "@hono/zod-openapi";
import { flagsOf } from "#flags";
import {
  listSessions,
  profileSchema,
  revokeSession,
  type SignedInDevice,
  type User,
  updateProfile,
} from "#identity";
import { adoptVisitorRuns } from "#tools";
import { requireUser } from "./caller";
import { problems } from "./problem";
import { newRouter } from "./router";
import { idParam, timeSchema } from "./schemas";

const userSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    role: z.string(),
    locale: z.enum(["en", "zh"]),
    timeZone: z.string().openapi({ example: "Europe/Berlin" }),
    image: z.string().nullable(),
    createdAt: timeSchema,
  })
  .openapi("User");

const meSchema = z
  .object({
    user: userSchema,
    account: z.object({ id: z.string() }),
    flags: z.record(z.string(), z.boolean()).openapi({
      description: "Which features are on for you; one that is not there is off. For keys: `GET /flags`.",
    }),
    verified: z.boolean().openapi({ description: "Whether the mail address is confirmed; runs need it." }),
    adoptedRuns: z
      .int()
      .openapi({ description: "Runs tried without an account that became yours just now." }),
  })
  .openapi("Me");

const sessionSchema = z
  .object({
    id: z.string(),
    current: z.boolean().openapi({ description: "True for the one that asks." }),
    browser: z.string().nullable(),
    system: z.string().nullable(),
    ipAddress: z.string().nullable(),
    createdAt: timeSchema,
    lastSeenAt: timeSchema,
    expiresAt: timeSchema,
  })
  .openapi("Session");

export type MeJson = z.infer<typeof meSchema>;
export type SessionJson = z.infer<typeof sessionSchema>;

function userJson({ id, name, email, role, locale, timeZone, image, createdAt }: User): MeJson["user"] {
  return { id, name, email, role, locale, timeZone, image, createdAt: createdAt.toISOString() };
}

function sessionJson({ createdAt, lastSeenAt, expiresAt, ...device }: SignedInDevice): SessionJson {
  return {
    ...device,
    createdAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
}

const me = { "application/json": { schema: meSchema } };
const tags = ["You"];

const readRoute = createRoute({
  method: "get",
  path: "/me",
  tags,
  summary: "Who you are",
  description: "Also makes yours what this browser tried before it signed in.",
  responses: { 200: { description: "You.", content: me }, ...problems("unauthenticated") },
});

const changeRoute = createRoute({
  method: "patch",
  path: "/me",
  tags,
  summary: "Change your name, language or time zone",
  request: {
    body: { required: true, content: { "application/json": { schema: profileSchema } } },
  },
  responses: {
    200: { description: "You, changed. What was left out stays.", content: me },
    ...problems("unauthenticated", "malformed_request", "invalid_request"),
  },
});

const sessionsRoute = createRoute({
  method: "get",
  path: "/me/sessions",
  tags,
  summary: "Where you are signed in",
  responses: {
    200: {
      description: "This device first.",
      content: {
        "application/json": { schema: z.object({ data: z.array(sessionSchema), nextCursor: z.null() }) },
      },
    },
    ...problems("unauthenticated"),
  },
});

const revokeRoute = createRoute({
  method: "delete",
  path: "/me/sessions/{id}",
  tags,
  summary: "Sign a device out",
  request: { params: idParam("A session's id.") },
  responses: {
    204: { description: "It is signed out." },
    ...problems("unauthenticated", "not_found"),
  },
});

export const you = newRouter()
  .openapi(readRoute, async (c) => {
    const { user, accountId } = requireUser(c);
    const visitorId = c.get("visitorId");
    const adoptedRuns = visitorId ? await adoptVisitorRuns(visitorId, { accountId, userId: user.id }) : 0;
    const account = { id: accountId };
    const flags = await flagsOf(accountId);
    return c.json({ user: userJson(user), account, flags, verified: user.emailVerified, adoptedRuns }, 200);
  })
  .openapi(changeRoute, async (c) => {
    const session = requireUser(c);
    const user = await updateProfile(session, c.req.valid("json"));
    const account = { id: session.accountId };
    const flags = await flagsOf(session.accountId);
    return c.json(
      { user: userJson(user), account, flags, verified: user.emailVerified, adoptedRuns: 0 },
      200,
    );
  })
  .openapi(sessionsRoute, async (c) => {
    const devices = await listSessions(requireUser(c));
    return c.json({ data: devices.map(sessionJson), nextCursor: null }, 200);
  })
  .openapi(revokeRoute, async (c) => {
    await revokeSession(requireUser(c), c.req.valid("param").id);
    return c.body(null, 204);
  });
