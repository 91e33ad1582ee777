import type { Context, MiddlewareHandler } from "hono";
import { isStaff, mayRole, type Right, type Session } from "#identity";
import type { ActRequest } from "#platform/act-once";
import type { Actor } from "#platform/audit";
import { type Id, isId } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { addressOfCaller, requireUser } from "./caller";
import type { ApiEnv } from "./router";

/**
 * The walls of the back office. Whoever is not staff finds nothing there (404); staff without the right
 * hear that they lack it (403). Every route under /admin names its right with `needs`.
 */

/**
 * Who asks, if their role allows it.
 * @throws Refusal unauthenticated for nobody, staff_code_required for staff who have not entered their code,
 *   not_found for customers, forbidden for other staff
 */
export function requireRight(c: Context<ApiEnv>, right: Right): Session {
  const session = requireStaff(c);
  if (!mayRole(session.user.role, right)) throw new Refusal("forbidden", { right });
  return session;
}

/**
 * Part of an admin route's definition: checks the right before the request's fields, so that nobody else
 * learns what the route takes, and names it in the API's description.
 */
export function needs(right: Right) {
  const middleware: MiddlewareHandler<ApiEnv> = async (c, next) => {
    requireRight(c, right);
    await next();
  };
  return { middleware, "x-right": right } as const;
}

/** For all of /admin: unknown paths too are 401 for nobody and 404 for customers. */
export const staffOnly: MiddlewareHandler<ApiEnv> = async (c, next) => {
  requireStaff(c);
  await next();
};

/** Who acts, as the audit log keeps it. */
export function actorOf(c: Context<ApiEnv>): Actor {
  const { user } = requireUser(c);
  return { id: user.id, role: user.role, address: addressOfCaller(c), requestId: c.get("requestId") };
}

/** Who asks, why, and by which key. The route has checked that there is one. */
export function requestOf(c: Context<ApiEnv>, { reason }: { reason: string }): ActRequest {
  return { by: actorOf(c), reason, key: c.req.header("idempotency-key") ?? "" };
}

/** @throws Refusal not_found for what is no user's id */
export function userIdOf(id: string): Id<"user"> {
  if (!isId("user", id)) throw new Refusal("not_found");
  return id;
}

function requireStaff(c: Context<ApiEnv>): Session {
  const session = requireUser(c);
  if (session.awaitsCode) throw new Refusal("staff_code_required");
  if (!isStaff(session.user.role)) throw new Refusal("not_found");
  return session;
}
