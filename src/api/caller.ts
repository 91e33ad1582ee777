import { z } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import {
  accountByName,
  findKeyHolder,
  type KeyHolder,
  readSession,
  readVisitor,
  type Scope,
  type Session,
  signVisitor,
} from "#identity";
import { addressOf, networkOf } from "#platform/address";
import { config } from "#platform/config";
import { type Id, isId } from "#platform/id";
import { limitHere } from "#platform/rate-limit";
import { Refusal } from "#platform/refusal";
import type { Owner } from "#tools";
import { invalid } from "./problem";
import type { ApiEnv } from "./router";

/** Who is asking: somebody signed in, an API key, a visitor who tries a tool, or nobody. */

/** Wrong keys from one network, per minute and process; no key can be guessed, but each costs a look-up. */
const wrongKeys = { name: "api:wrong-keys", points: 120, seconds: 60 };

/**
 * Reads an API key, or the session, or else the visitor's cookie, once for the whole request. A request that
 * brings `Authorization` is judged by it alone: its cookies are not looked at.
 * @throws Refusal key_invalid
 */
export const identify: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const authorization = c.req.header("authorization");
  if (authorization !== undefined) {
    c.set("keyHolder", await readKey(c, authorization));
    c.set("session", null);
    c.set("visitorId", null);
  } else {
    const headers = c.req.raw.headers;
    c.set("keyHolder", null);
    const session = await readSession(headers);
    c.set("session", session);
    // What the browser of somebody who views as a customer tried before is not the customer's.
    c.set("visitorId", config().TRY_IT && !session?.viewing ? readVisitor(headers) : null);
  }
  await next();
};

async function readKey(c: Context<ApiEnv>, authorization: string): Promise<KeyHolder> {
  const secret = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  const holder = secret ? await findKeyHolder(secret) : null;
  if (holder) return holder;
  await limitHere(wrongKeys, networkOf(addressOfCaller(c)));
  throw new Refusal("key_invalid");
}

/** @throws Refusal unauthenticated when nobody is signed in, forbidden for an API key. */
export function requireUser(c: Context<ApiEnv>): Session {
  const session = c.get("session");
  if (session) return session;
  throw new Refusal(c.get("keyHolder") ? "forbidden" : "unauthenticated");
}

export const accountHeader = z
  .string()
  .max(200)
  .optional()
  .openapi({ description: "The customer a service key acts for: `acct_…`, or your external id." });

/** Part of the definition of a route that a session or a key may ask: whose account it is about … */
export const accountRequest = { headers: z.object({ "Toolmint-Account": accountHeader }) };

/** … and what is answered when that is not settled. */
export const accountCodes = [
  "unauthenticated",
  "key_invalid",
  "scope_missing",
  "not_found",
  "invalid_request",
] as const;

/**
 * Whose credits the request is about: the account of whoever is signed in, or the one an API key with this
 * scope acts for.
 * @throws Refusal unauthenticated, scope_missing, not_found, invalid_request
 */
export async function requireAccount(c: Context<ApiEnv>, scope: Scope): Promise<Id<"account">> {
  const holder = c.get("keyHolder");
  return holder ? accountOfKey(c, holder, scope) : requireUser(c).accountId;
}

/**
 * Whose things the request is about.
 * @throws Refusal unauthenticated for somebody who is neither signed in nor a known visitor; as above for keys
 */
export async function requireOwner(c: Context<ApiEnv>, scope: Scope): Promise<Owner> {
  const holder = c.get("keyHolder");
  if (holder) return { accountId: await accountOfKey(c, holder, scope) };
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
export async function welcomeOwner(c: Context<ApiEnv>, scope: Scope): Promise<Owner> {
  const known = c.get("keyHolder") ?? c.get("session") ?? c.get("visitorId");
  if (known || !config().TRY_IT) return requireOwner(c, scope);
  const { id, setCookie } = signVisitor();
  c.set("visitorId", id);
  c.header("Set-Cookie", setCookie, { append: true });
  return { visitorId: id };
}

/** For routes that only an API key may ask. @throws Refusal unauthenticated, forbidden, scope_missing */
export function requireKeyHolder(c: Context<ApiEnv>, scope: Scope): KeyHolder {
  const holder = c.get("keyHolder");
  if (!holder) throw new Refusal(c.get("session") ? "forbidden" : "unauthenticated");
  if (!holder.scopes.includes(scope)) throw new Refusal("scope_missing", { scope });
  return holder;
}

/** Part of a route's definition: checks the key before the request's fields, and describes that it needs one. */
export function needsKey(scope: Scope) {
  const middleware: MiddlewareHandler<ApiEnv> = async (c, next) => {
    requireKeyHolder(c, scope);
    await next();
  };
  return { middleware, security: [{ apiKey: [scope] }] };
}

/**
 * The account a key acts for. A customer's key acts for theirs alone; every other is not there for it.
 * @param forLedger it is only told to the ledger, which knows itself whether there is such an account
 */
export async function accountOfKey(
  c: Context<ApiEnv>,
  holder: KeyHolder,
  scope: Scope,
  { forLedger = false } = {},
): Promise<Id<"account">> {
  if (!holder.scopes.includes(scope)) throw new Refusal("scope_missing", { scope });
  const name = c.req.header("toolmint-account");
  if (holder.kind === "own") {
    if (name !== undefined && name !== holder.accountId) throw new Refusal("not_found");
    return holder.accountId;
  }
  if (!name) {
    const message = "Name the customer: acct_…, or your external id.";
    throw invalid([{ path: "Toolmint-Account", message }]);
  }
  if (forLedger && isId("account", name)) return name;
  return accountByName(name);
}

/** The client's address, for rate limits. */
export function addressOfCaller(c: Context<ApiEnv>): string {
  // Without node-server (tests, other hosts) there is no environment at all.
  const incoming = c.env?.incoming;
  return addressOf(incoming?.socket, c.req.header("x-forwarded-for"));
}
