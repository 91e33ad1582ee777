import type { IncomingMessage, ServerResponse } from "node:http";
import { singleton } from "./singleton";

/**
 * How long answers take, counted in memory by route: a request costs a look-up and three additions. Whoever
 * keeps them (#insight) takes what has gathered every few seconds.
 */

/** Upper bounds of the buckets in ms; what takes longer than the last has a bucket of its own. */
export const bucketBoundsMs = [
  1, 2, 5, 10, 20, 30, 50, 75, 100, 150, 200, 300, 500, 1000, 2000, 5000, 10_000,
] as const;

export type ResponseKey = {
  /** As it is defined: /api/v1/runs/:id, /tools/[slug]. */
  route: string;
  method: string;
  /** The first figure of the status: 2 to 5. */
  statusClass: number;
};

/** So many answers of one key; `buckets` has one place more than there are bounds. */
export type Responses = ResponseKey & { requests: number; sumMs: number; buckets: number[] };

/** Nobody fills the memory with names: what comes beyond counts as (other). */
const most = 400;
const name = Symbol("route");

type Named = IncomingMessage & { [name]?: string };
type Gathered = { now: Map<string, Responses>; before: Map<string, Responses> };

const gathered = singleton<Gathered>("response-times");

/** Says by which definition a request is answered; told by whoever routes it. */
export function nameRoute(request: IncomingMessage, route: string): void {
  const named: Named = request;
  named[name] = route;
}

/** Measures an answer from now until its last byte is out. Streams, which last as long as somebody looks, are left out. */
export function measureResponse(request: IncomingMessage, response: ServerResponse): void {
  const begun = performance.now();
  const { url = "/" } = request;
  // Not `once`, which wraps: it is emitted only once.
  response.on("close", () => {
    const type = response.getHeader("content-type");
    if (typeof type === "string" && type.startsWith("text/event-stream")) return;
    const route = routeOf(request, url, response.statusCode);
    if (route) recordResponse(route, request.method ?? "GET", response.statusCode, performance.now() - begun);
  });
}

/** Counts one answer. */
export function recordResponse(route: string, method: string, status: number, ms: number): void {
  const { now } = gathered.once(empty);
  const statusClass = Math.min(5, Math.max(2, Math.floor(status / 100)));
  let key = `${statusClass} ${method} ${route}`;
  let known = now.get(key);
  if (!known) {
    if (now.size >= most) key = `${statusClass} ${method} (other)`;
    known = now.get(key) ?? {
      ...{ route: key.slice(key.indexOf(" ", 2) + 1), method, statusClass, requests: 0, sumMs: 0 },
      buckets: Array.from({ length: bucketBoundsMs.length + 1 }, () => 0),
    };
    now.set(key, known);
  }
  known.requests += 1;
  known.sumMs += ms;
  let bucket = 0;
  while (bucket < bucketBoundsMs.length && ms > (bucketBoundsMs[bucket] ?? 0)) bucket += 1;
  known.buckets[bucket] = (known.buckets[bucket] ?? 0) + 1;
}

/** What has gathered since the last time, to be kept. */
export function takeResponses(): Responses[] {
  const state = gathered.once(empty);
  const taken = [...state.now.values()];
  for (const one of taken) add(state.before, one);
  state.now = new Map();
  return taken;
}

/** All since the process began. */
export function allResponses(): Responses[] {
  const { now, before } = gathered.once(empty);
  const all = new Map<string, Responses>();
  for (const one of [...before.values(), ...now.values()]) add(all, one);
  return [...all.values()];
}

function empty(): Gathered {
  return { now: new Map(), before: new Map() };
}

function add(to: Map<string, Responses>, one: Responses): void {
  const key = `${one.statusClass} ${one.method} ${one.route}`;
  const sum = to.get(key);
  if (!sum && to.size < most) to.set(key, { ...one, buckets: [...one.buckets] });
  if (!sum) return;
  sum.requests += one.requests;
  sum.sumMs += one.sumMs;
  for (const [index, count] of one.buckets.entries()) sum.buckets[index] = (sum.buckets[index] ?? 0) + count;
}

const id = /^[a-z]{3,5}_[0-9a-z]{26}$|^\d+$|^[\w-]{20,}$/;

/**
 * The name to count by, of which there are only so many whatever is asked for; null for what is no answer of
 * ours to speak of. The API names its routes; pages are known by their path, unless nothing is there.
 */
function routeOf(request: Named, url: string, status: number): string | null {
  const named = request[name];
  if (named !== undefined && !named.endsWith("*")) return named;
  const [path = "/"] = url.split("?", 1);
  if (named !== undefined) {
    if (named.startsWith("/api/auth/") && status !== 404) return path;
    return "/api/(not found)";
  }
  if (path.startsWith("/api") || path.startsWith("/_next/") || /\.\w+$/.test(path)) return null;
  if (status === 404) return "(not found)";
  if (status >= 300 && status < 400) return "(redirect)";
  const parts = path.split("/").filter(Boolean);
  if (parts[0] === "zh") parts.shift();
  if (parts[0] === "tools" && parts.length === 2) return "/tools/[slug]";
  return `/${parts.map((part) => (id.test(part) ? "[id]" : part)).join("/")}`;
}
