import type { Context, MiddlewareHandler } from "hono";
import { readSession, readVisitor, type Session, signVisitor } from "#identity";
import { addressOf } from "#platform/address";
import { config } from "#platform/config";
import { Refusal } from "#platform/refusal";
import type { Owner } from "#tools";
import type { ApiEnv } from "./router";

/** Who is asking: somebody signed in, a visitor who tries a tool, or nobody. */

/** Reads the session, or else the visitor's cookie, once for the whole request. */
export const identify: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const headers = c.req.raw.headers;
  const session = await readSession(headers);
  c.set("session", session);
  c.set("visitorId", config().TRY_IT ? readVisitor(headers) : null);
  await next();
};

/** @throws Refusal unauthenticated when nobody is signed in. */
export function requireUser(c: Context<ApiEnv>): Session {
  const session = c.get("session");
  if (!session) throw new Refusal("unauthenticated");
  return session;
}

/**
 * Whose things the request is about.
 * @throws Refusal unauthenticated for somebody who is neither signed in nor a known visitor.
 */
export function requireOwner(c: Context<ApiEnv>): Owner {
  const session = c.get("session");
  if (session) return { accountId: session.accountId };
  const visitorId = c.get("visitorId");
  if (visitorId) return { visitorId };
  throw new Refusal("unauthenticated");
}

/**
 * The same for routes that a visitor may begin with: somebody new gets a visitor's cookie.
 * @throws Refusal unauthenticated when the site lets nobody try without an account.
 */
export function welcomeOwner(c: Context<ApiEnv>): Owner {
  if (c.get("session") || c.get("visitorId") || !config().TRY_IT) return requireOwner(c);
  const { id, setCookie } = signVisitor();
  c.set("visitorId", id);
  c.header("Set-Cookie", setCookie, { append: true });
  return { visitorId: id };
}

/** The client's address, for rate limits. */
export function addressOfCaller(c: Context<ApiEnv>): string {
  // Without node-server (tests, other hosts) there is no environment at all.
  const incoming = c.env?.incoming;
  return addressOf(incoming?.socket, c.req.header("x-forwarded-for"));
}
