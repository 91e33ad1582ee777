import type { Context, MiddlewareHandler, Next } from "hono";
import { bodyLimit } from "hono/body-limit";
import { routePath } from "hono/route";
import { newId } from "#platform/id";
import { ownOrigins, strictTransport } from "#platform/origins";
import { Refusal } from "#platform/refusal";
import { nameRoute } from "#platform/response-times";
import { isStorable } from "#platform/storable";
import { isMultipart } from "./multipart";
import type { ApiEnv } from "./router";

/** What every request passes before its route: an id, headers, the origin rule and a size limit. */

const bodyBytes = 1024 * 1024;
/** Where API keys are taken, and `Authorization` decides alone. */
const keyed = "/api/v1/";
const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/** Gives the request an id that its answer and its log lines carry. */
export const requestId: MiddlewareHandler<ApiEnv> = async (c, next) => {
  c.set("requestId", newId("request"));
  await next();
  const incoming = c.env?.incoming;
  // By its definition, of which there are only so many, for response times.
  if (incoming) nameRoute(incoming, routePath(c, -1));
};

/** Headers of an answer that no page embeds, unless its route has set its own. */
export const answerHeaders: MiddlewareHandler<ApiEnv> = (c, next) => {
  const hsts = strictTransport();
  return withHeaders(c, next, {
    "X-Request-Id": c.get("requestId"),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    ...(hsts && { "Strict-Transport-Security": hsts }),
  });
};

/** Headers that the route may set otherwise. */
async function withHeaders(
  c: Context<ApiEnv>,
  next: Next,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const outgoing = c.env?.outgoing;
  const entries = Object.entries(headers);
  // What Node is told now it adds to the answer, whoever makes it; Hono would make a Response for each anew.
  for (const [name, value] of outgoing ? entries : []) outgoing?.setHeader(name, value);
  await next();
  for (const [name, value] of outgoing ? [] : entries) if (!c.res.headers.has(name)) c.header(name, value);
}

/**
 * Pages of other sites may call the API with a key, and only so: no cookie of ours goes with such a request,
 * for credentials are not allowed.
 */
export const crossOrigin: MiddlewareHandler<ApiEnv> = async (c, next) => {
  if (!c.req.path.startsWith(keyed)) return next();
  if (c.req.method === "OPTIONS") {
    const asked = (c.req.header("access-control-request-headers") ?? "").toLowerCase().split(",");
    if (!asked.some((name) => name.trim() === "authorization")) return next();
    return c.body(null, 204, {
      "Access-Control-Allow-Origin": "*",
      "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE",
      "Access-Control-Allow-Headers":
        "Authorization, Content-Type, Idempotency-Key, Last-Event-ID, Toolmint-Account",
      "Access-Control-Max-Age": "600",
    });
  }
  if (c.req.header("authorization") === undefined) return next();
  await withHeaders(c, next, {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers":
      "X-Request-Id, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset",
  });
};

/**
 * A cookie travels with any request a browser makes, so an unsafe one must also say that it comes from
 * our pages. Without a cookie there is nothing to abuse; nor with a key, beside which cookies are ignored.
 */
export const originRule: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const byKey = c.req.header("authorization") !== undefined && c.req.path.startsWith(keyed);
  // What counts visits, and asks for consent, is our pages' own, with a cookie or without.
  const guarded = c.req.header("cookie") !== undefined || c.req.path.startsWith("/api/visits");
  if (!safeMethods.has(c.req.method) && guarded && !byKey) {
    const origin = c.req.header("origin");
    const ours = origin ? ownOrigins().includes(origin) : c.req.header("sec-fetch-site") === "same-origin";
    if (!ours) throw new Refusal("bad_origin");
  }
  await next();
};

const tooLarge = () => {
  throw new Refusal("payload_too_large", { maxBytes: bodyBytes });
};
const limit = bodyLimit({ maxSize: bodyBytes, onError: tooLarge });

/** 1 MB for every body but an upload's form, which is bounded while it is read. */
export const bodySize: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const isForm = isMultipart(c.req.header("content-type"));
  if (c.req.method === "POST" && c.req.path === "/api/v1/uploads" && isForm) return next();
  const length = c.req.header("content-length");
  // Nearly all say how long they are; looking at the body itself would make a whole Request of it.
  const says = length !== undefined && c.req.header("transfer-encoding") === undefined;
  if (!says) return limit(c, next);
  if (Number(length) > bodyBytes) tooLarge();
  await next();
};

const utf8 = new TextDecoder("utf-8", { fatal: true });
/** An escape that may stand for NUL, or for half a character. */
const doubtful = /\\u(0000|d[89a-f])/i;

/**
 * Refuses a URL and JSON whose text could not be kept as it came: what is not UTF-8, holds NUL or half a
 * character. Otherwise decoders and drivers would put other characters in their place, or the database would
 * refuse when an answer has begun.
 */
export const soundText: MiddlewareHandler<ApiEnv> = async (c, next) => {
  if (c.req.url.includes("%")) requireSoundUrl(c.req.url);
  if (!safeMethods.has(c.req.method) && isJson.test(c.req.header("content-type") ?? "")) {
    const text = decode(await c.req.arrayBuffer());
    if (doubtful.test(text)) requireStorable(text);
    // Decoded already: `c.req.json()` need not do it again.
    Object.assign(c.req.bodyCache, { text: Promise.resolve(text) });
  }
  await next();
};

const isJson = /^\s*application\/([\w.-]+\+)?json\s*(;|$)/i;

function requireSoundUrl(url: string): void {
  let sound = false;
  try {
    sound = !decodeURIComponent(url).includes("\0");
  } catch {
    // Not UTF-8, or a percent sign that begins nothing.
  }
  if (!sound) throw new Refusal("malformed_request");
}

function decode(bytes: ArrayBuffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Refusal("malformed_request");
  }
}

function requireStorable(text: string): void {
  try {
    JSON.parse(text, (key, value) => {
      if (!isStorable(key) || (typeof value === "string" && !isStorable(value))) throw new Error();
      return value;
    });
  } catch {
    throw new Refusal("malformed_request");
  }
}
