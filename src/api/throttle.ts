import type { Context, MiddlewareHandler } from "hono";
import { networkOf } from "#platform/address";
import { config } from "#platform/config";
import { type Allowance, type Limit, limit, limitHere } from "#platform/rate-limit";
import { addressOfCaller } from "./caller";
import type { ApiEnv } from "./router";

/** How often anybody may do what, per minute; whoever is not signed in is known by the address. */

const perMinute = (name: string, points: number): Limit => ({ name: `api:${name}`, points, seconds: 60 });

const rules: readonly { method: string; path: RegExp; rule: Limit }[] = [
  {
    method: "POST",
    path: /^\/api\/v1\/(tools\/[^/]+\/runs|runs\/[^/]+\/continuations)$/,
    rule: perMinute("start", 60),
  },
  {
    method: "POST",
    // Asked while somebody types.
    path: /^\/api\/v1\/((tools\/[^/]+|runs\/[^/]+\/continuations|admin\/tools\/[^/]+\/trials)\/quote|admin\/tools\/check)$/,
    rule: perMinute("quote", 300),
  },
  { method: "POST", path: /^\/api\/v1\/uploads$/, rule: perMinute("upload", 60) },
  { method: "GET", path: /\.csv$/, rule: perMinute("export", 20) },
  { method: "GET", path: /^\/api\/v1\/events$/, rule: perMinute("events", 60) },
  { method: "GET", path: /./, rule: perMinute("read", 1_200) },
  { method: "", path: /./, rule: perMinute("write", 120) },
];

/** Counts the request against its route's limit and says in headers what is left. */
export const throttle: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const method = c.req.method === "HEAD" ? "GET" : c.req.method;
  const match = rules.find(
    (entry) => (!entry.method || entry.method === method) && entry.path.test(c.req.path),
  );
  const holder = c.get("keyHolder");
  if (holder?.kind === "service") allow(c, await limitHere(serviceRule, holder.apiKeyId));
  else if (match && holder) allow(c, await limitHere(match.rule, holder.apiKeyId));
  else if (match) await count(c, match.rule, c.get("session")?.user.id ?? networkOf(addressOfCaller(c)));
  await next();
};

/** What stands beside /api/v1 asks nobody who they are. */
const openRules: readonly { path: RegExp; rule: Limit }[] = [
  { path: /^\/api\/healthz$/, rule: perMinute("health", 600) },
  { path: /^\/api\/auth\/jwks$/, rule: perMinute("jwks", 300) },
  { path: /^\/api\/visits/, rule: perMinute("visits", 120) },
  { path: /^\/api\/auth\//, rule: perMinute("auth", 300) },
  // Stripe sends from a few addresses, and in bursts; what is not signed costs a hash.
  { path: /^\/api\/webhooks\//, rule: perMinute("webhooks", 60_000) },
  // The operator's own servers of tools: a few addresses, for all that customers run.
  { path: /^\/api\/tool-(callbacks|files)\//, rule: perMinute("tool-servers", 6_000) },
  { path: /./, rule: perMinute("open", 300) },
];

/**
 * Counts requests beside /api/v1 for their network, in each process alone, so that what is cheap stays cheap.
 * Routes that look at a password or send mail have limits of their own besides. A development site, which is
 * one machine with its tests, may do a hundred times as much.
 */
export const throttleOpen: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const match = c.req.path.startsWith("/api/v1/")
    ? null
    : openRules.find(({ path }) => path.test(c.req.path));
  if (!match) return next();
  const points = match.rule.points * (config().production ? 1 : 100);
  const allowance = await limitHere({ ...match.rule, points }, networkOf(addressOfCaller(c)));
  await next();
  // An answer that speaks of a narrower limit keeps its own.
  if (!c.res.headers.has("RateLimit-Limit")) allow(c, allowance);
};

/**
 * API keys are counted in each process, for the metering path asks the database nothing but the ledger. A
 * service key is the operator's own: its limit stops a program that has gone wild, no customer.
 */
const serviceRule = perMinute("service", 600_000);

/**
 * Counts one use and writes the RateLimit headers.
 * @throws Refusal rate_limited
 */
async function count(c: Context<ApiEnv>, rule: Limit, key: string): Promise<void> {
  allow(c, await limit(rule, key));
}

function allow(c: Context<ApiEnv>, { limit: most, remaining, resetSeconds }: Allowance): void {
  const { outgoing } = c.env ?? {};
  const set = (name: string, value: string) =>
    outgoing ? outgoing.setHeader(name, value) : c.header(name, value);
  set("RateLimit-Limit", `${most}`);
  set("RateLimit-Remaining", `${remaining}`);
  set("RateLimit-Reset", `${resetSeconds}`);
}

const day = 24 * 60 * 60;
/** A few a day for each address: cookies are easily thrown away. */
const visitorRules = {
  uploads: { name: "api:visitor-uploads", points: 20, seconds: day },
  runs: { name: "api:visitor-runs", points: 8, seconds: day },
} as const satisfies Record<string, Limit>;

/**
 * Counts what somebody without an account takes from the site.
 * @throws Refusal rate_limited
 */
export async function countVisitor(c: Context<ApiEnv>, what: keyof typeof visitorRules): Promise<void> {
  await count(c, visitorRules[what], networkOf(addressOfCaller(c)));
}
