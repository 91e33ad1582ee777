import { createRoute, z } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { endViewing, readSession, startViewing, viewingMinutes } from "#identity";
import { Refusal } from "#platform/refusal";
import { reasonSchema } from "./admin-staff";
import { addressOfCaller, requireUser } from "./caller";
import { problems } from "./problem";
import { type ApiEnv, newRouter } from "./router";
import { idempotent, idParam, timeSchema } from "./schemas";
import { needs, requestOf, requireRight, userIdOf } from "./staff";

/** Looking at the site as a customer: beginning, ending, and the one rule that nothing is changed meanwhile. */

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);
/** What whoever looks may do all the same. */
const ways = new Set(["DELETE /api/v1/viewing", "POST /api/auth/sign-out"]);
/** What only its owner may see: where they are signed in, and a token to show who they are elsewhere. */
const secrets = new Set(["/api/v1/me/sessions", "/api/auth/token"]);

/**
 * Every request of the API passes here, better-auth's too: with the session of somebody who views as a customer,
 * only what reads goes on. A key says for itself whose it is; cookies beside it are not looked at.
 * @throws Refusal viewing
 */
export const readingOnly: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const { method, path } = c.req;
  const changes = !safeMethods.has(method);
  const byKey = c.req.header("authorization") !== undefined && path.startsWith("/api/v1/");
  if ((changes || secrets.has(path)) && c.req.header("cookie") && !byKey && !ways.has(`${method} ${path}`)) {
    const session = await readSession(c.req.raw.headers);
    if (session?.viewing) throw new Refusal("viewing");
  }
  await next();
};

const startedSchema = z.object({ endsAt: timeSchema });

const startRoute = createRoute({
  method: "post",
  path: "/admin/customers/{id}/view",
  tags: ["Back office"],
  summary: "View the site as a customer",
  description:
    "Until the time is over, you end it or sign out, your session reads as theirs, and changes nothing. Not as staff.",
  ...needs("customers.view"),
  request: {
    params: idParam("A user's id."),
    headers: idempotent,
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.strictObject({
            reason: reasonSchema,
            minutes: z.int().min(1).max(viewingMinutes).default(viewingMinutes),
          }),
        },
      },
    },
  },
  responses: {
    200: { description: "You view.", content: { "application/json": { schema: startedSchema } } },
    ...problems("unauthenticated", "forbidden", "not_found", "malformed_request", "invalid_request"),
    ...problems("idempotency_conflict"),
  },
});

const endRoute = createRoute({
  method: "delete",
  path: "/viewing",
  tags: ["Back office"],
  summary: "End viewing as a customer",
  responses: { 204: { description: "You are yourself." }, ...problems("unauthenticated") },
});

export const viewingOffice = newRouter().openapi(startRoute, async (c) => {
  const { minutes, reason } = c.req.valid("json");
  const session = requireRight(c, "customers.view");
  const userId = userIdOf(c.req.valid("param").id);
  const { endsAt } = await startViewing(session, userId, minutes, requestOf(c, { reason }));
  return c.json({ endsAt }, 200);
});

export const viewing = newRouter().openapi(endRoute, async (c) => {
  await endViewing(requireUser(c), { address: addressOfCaller(c), requestId: c.get("requestId") });
  return c.body(null, 204);
});
