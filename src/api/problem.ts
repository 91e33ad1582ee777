import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { DatabaseError } from "pg";
import type { Locale } from "#i18n/locale";
import { config } from "#platform/config";
import { isDatabaseAway } from "#platform/database-away";
import { sentencesIn } from "#platform/field-words";
import { log } from "#platform/log";
import {
  type Facts,
  type FieldError,
  fault,
  type ProblemCode,
  Refusal,
  type RefusalCode,
  refusals,
} from "#platform/refusal";
import { localeOf } from "./asker";
import type { ApiEnv } from "./router";

/** Every error leaves the API as RFC 9457 problem JSON with a code that does not change. */
export const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    requestId: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .openapi("Problem", {
    description: "An error. `code` is for programs, `title` for people who write them; facts stand beside.",
    example: {
      type: "urn:toolmint:problem:not_found",
      title: "Not found",
      status: 404,
      code: "not_found",
      requestId: "req_01kaqtwsvf3h5m8w9z0x1c2v3b",
    },
  });

/** The refusals a route may answer with, grouped by status for its OpenAPI description. */
export function problems(...codes: readonly RefusalCode[]) {
  const byStatus = new Map<number, string[]>();
  for (const code of new Set([...codes, "rate_limited"] as const)) {
    const { status, title } = refusals[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), `\`${code}\`: ${title}.`]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, lines]) => [
      status,
      {
        description: lines.join(" "),
        content: { "application/problem+json": { schema: problemSchema } },
      },
    ]),
  );
}

/** A field error's refusal, for routes that check what a schema cannot. */
export function invalid(errors: readonly FieldError[]): Refusal {
  return new Refusal("invalid_request", { errors });
}

/** Writes a problem. Facts stand at its top level and never replace its own members. */
export function sendProblem(
  c: Context<ApiEnv>,
  code: ProblemCode,
  facts: Facts = {},
  headers: Record<string, string> = {},
): Response {
  const { status, title } = code === fault.code ? fault : refusals[code];
  const requestId = c.get("requestId");
  const body = { ...facts, type: `urn:toolmint:problem:${code}`, title, status, code, requestId };
  return c.body(JSON.stringify(body), status as ContentfulStatusCode, {
    "Content-Type": "application/problem+json",
    "Cache-Control": "no-store",
    ...headers,
  });
}

const statusCodes: Record<number, RefusalCode> = {
  400: "malformed_request",
  404: "not_found",
  405: "method_not_allowed",
  413: "payload_too_large",
  415: "unsupported_media_type",
};

/** Turns what a handler threw into a problem; a fault's message goes to the log only. */
export function onError(error: Error, c: Context<ApiEnv>): Response {
  if (error instanceof Refusal) {
    return sendProblem(c, error.code, inWords(factsOf(error), localeOf(c)), waitHeaders(error));
  }
  const code = error instanceof HTTPException ? statusCodes[error.status] : unstorable(error);
  if (code) return sendProblem(c, code);
  if (isDatabaseAway(error)) {
    log().warn({ err: error, requestId: c.get("requestId"), path: c.req.path }, "the database is away");
    const busy = new Refusal("busy", { outcome: "unknown" });
    return sendProblem(c, busy.code, busy.facts, waitHeaders(busy));
  }
  log().error({ err: error, requestId: c.get("requestId"), path: c.req.path }, "a request failed");
  return sendProblem(c, fault.code);
}

/** What a JSON string or a URL can say and PostgreSQL cannot store: NUL, half a character, the year 0. */
const unstorableCodes = new Set(["22021", "22P05", "22P02", "22008"]);

function unstorable({ cause }: Error): RefusalCode | undefined {
  return cause instanceof DatabaseError && unstorableCodes.has(cause.code ?? "")
    ? "malformed_request"
    : undefined;
}

/** What is wrong with fields, in the caller's language. */
function inWords(facts: Facts, locale: Locale): Facts {
  const { errors } = facts;
  return Array.isArray(errors) ? { ...facts, errors: sentencesIn(errors, locale) } : facts;
}

/** 402 says how many are missing, whose limit it is, and where that is changed. */
function factsOf({ code, facts }: Refusal): Facts {
  if (code !== "insufficient_credits") return facts;
  const { need, have, limitOf = "account" } = facts;
  const short = typeof need === "number" && typeof have === "number" ? need - have : null;
  const topUpUrl = `${config().baseUrl}/${limitOf === "key" ? "keys" : "pricing"}`;
  return { ...facts, limitOf, short, topUpUrl };
}

/** When to come again: counted limits say it, and whoever is busy now is rarely busy for long. */
function waitHeaders({ code, facts }: Refusal): Record<string, string> {
  const { retryAfterSeconds, limit, remaining } = facts;
  if (typeof retryAfterSeconds !== "number") return code === "busy" ? { "Retry-After": "1" } : {};
  if (code !== "rate_limited") return { "Retry-After": `${retryAfterSeconds}` };
  return {
    "Retry-After": `${retryAfterSeconds}`,
    "RateLimit-Limit": `${limit ?? 0}`,
    "RateLimit-Remaining": `${remaining ?? 0}`,
    "RateLimit-Reset": `${retryAfterSeconds}`,
  };
}
