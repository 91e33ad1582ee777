import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import {
  type ApiKey,
  type Asked,
  changeKey,
  createKey,
  type KeyKind,
  listKeys,
  requireKey,
  revokeKey,
  rotateKey,
  type Session,
  scopes,
} from "#identity";
import { requireUser } from "./caller";
import { problems } from "./problem";
import { type ApiEnv, newRouter } from "./router";
import { bodyOf, creditsJson, creditsSchema, idempotent, idParam, json, timeSchema } from "./schemas";
import { actorOf, requireRight } from "./staff";

/** API keys, made and ended by people: a key cannot make another. */

const kinds = ["own", "service"] as const;
const maxCap = 1_000_000_000_000;
const maxGraceSeconds = 7 * 24 * 3600;

const keySchema = z
  .object({
    id: z.string(),
    kind: z.enum(kinds).openapi({
      description: "`own` acts for its maker's account; `service` names a customer with each request.",
    }),
    name: z.string(),
    scopes: z.array(z.enum(scopes)),
    hint: z.string().openapi({
      description: "Prefix (`tm_live_`, of a development site `tm_test_`) and last four of the secret.",
      example: "tm_live_…k3f9",
    }),
    endingSecrets: z
      .array(z.object({ hint: z.string(), endsAt: timeSchema }))
      .openapi({ description: "Secrets that were replaced and still work for a while." }),
    cap: creditsSchema
      .nullable()
      .openapi({ description: "What it may spend at most, ever; null: no limit." }),
    used: z
      .object({ spent: creditsSchema, held: creditsSchema })
      .nullable()
      .openapi({ description: "What counts against the cap: charged, and on hold now. Null without one." }),
    spentLast30Days: creditsSchema,
    expiresAt: timeSchema.nullable(),
    revokedAt: timeSchema.nullable(),
    lastUsedAt: timeSchema.nullable().openapi({ description: "To within half a minute." }),
    createdAt: timeSchema,
  })
  .openapi("ApiKey");

export type KeyJson = z.infer<typeof keySchema>;

const secretSchema = z
  .object({
    key: keySchema,
    secret: z.string().openapi({
      description:
        "Said this once, for only its hash is kept; said again to the same request with the same Idempotency-Key within 24 hours.",
    }),
  })
  .openapi("ApiKeySecret");

const nameSchema = z.string().trim().min(1).max(64).openapi({ example: "Upscaler in production" });
const capSchema = z.int().min(1).max(maxCap).nullable();
const newKeySchema = z
  .strictObject({
    kind: z.enum(kinds).default("own"),
    name: nameSchema,
    scopes: z.array(z.enum(scopes)).min(1).max(scopes.length),
    cap: capSchema.default(null),
    expiresAt: timeSchema.nullable().default(null),
  })
  .openapi("NewApiKey");
const changeSchema = z
  .strictObject({ name: nameSchema.optional(), cap: capSchema.optional() })
  .openapi("ApiKeyChange");
const rotationSchema = z
  .strictObject({
    graceSeconds: z
      .int()
      .min(0)
      .max(maxGraceSeconds)
      .openapi({ description: "How long the secret before this one still works.", example: 86_400 }),
  })
  .openapi("ApiKeyRotation");

const tags = ["API keys"];
const whoCodes = ["unauthenticated", "forbidden", "not_found"] as const;
const bodyCodes = ["malformed_request", "invalid_request"] as const;
const secretCodes = ["idempotency_conflict", "secret_told", "key_revoked"] as const;
const params = idParam("A key's id.");

const listRoute = createRoute({
  method: "get",
  path: "/keys",
  tags,
  summary: "API keys",
  description: "Your own, or the site's service keys, newest first. Revoked ones stay for the record.",
  request: { query: z.object({ kind: z.enum(kinds).default("own") }) },
  responses: {
    200: {
      description: "All of them.",
      content: json(z.object({ data: z.array(keySchema), nextCursor: z.null() })),
    },
    ...problems(...whoCodes, "invalid_request"),
  },
});

const createKeyRoute = createRoute({
  method: "post",
  path: "/keys",
  tags,
  summary: "Make an API key",
  description: "Service keys are for owners and admins.",
  request: { headers: idempotent, body: bodyOf(newKeySchema) },
  responses: {
    200: {
      description: "The key that this request made before, and its secret.",
      content: json(secretSchema),
    },
    201: { description: "The key, and its secret.", content: json(secretSchema) },
    ...problems(...whoCodes, ...secretCodes, ...bodyCodes),
  },
});

const readRoute = createRoute({
  method: "get",
  path: "/keys/{id}",
  tags,
  summary: "An API key",
  request: { params },
  responses: {
    200: { description: "The key.", content: json(keySchema) },
    ...problems(...whoCodes),
  },
});

const changeRoute = createRoute({
  method: "patch",
  path: "/keys/{id}",
  tags,
  summary: "Change a key's name or cap",
  request: { params, body: bodyOf(changeSchema) },
  responses: {
    200: { description: "The key, changed. What was left out stays.", content: json(keySchema) },
    ...problems(...whoCodes, "key_revoked", ...bodyCodes),
  },
});

const rotateRoute = createRoute({
  method: "post",
  path: "/keys/{id}/rotate",
  tags,
  summary: "Give a key a new secret",
  description: "The key stays the same: its id, scopes, cap and history.",
  request: { params, headers: idempotent, body: bodyOf(rotationSchema) },
  responses: {
    200: { description: "The key, and its new secret.", content: json(secretSchema) },
    ...problems(...whoCodes, ...secretCodes, ...bodyCodes),
  },
});

const revokeRoute = createRoute({
  method: "delete",
  path: "/keys/{id}",
  tags,
  summary: "Revoke a key",
  description: "It stops working within 5 seconds, everywhere, for good.",
  request: { params },
  responses: {
    204: { description: "It is revoked." },
    ...problems(...whoCodes),
  },
});

export const keys = newRouter()
  .openapi(listRoute, async (c) => {
    const { kind } = c.req.valid("query");
    const data = (await listKeys(requireMaker(c, kind), kind)).map(keyJson);
    return c.json({ data, nextCursor: null }, 200);
  })
  .openapi(createKeyRoute, async (c) => {
    const { expiresAt, cap, ...key } = c.req.valid("json");
    const session = requireMaker(c, key.kind);
    const wanted = {
      ...key,
      scopes: [...new Set(key.scopes)],
      cap: bigCap(cap),
      expiresAt: timeOf(expiresAt),
    };
    const made = await createKey(session, wanted, askedOf(c, c.req.valid("header")));
    return c.json({ key: keyJson(made.key), secret: made.secret }, made.repeated ? 200 : 201);
  })
  .openapi(readRoute, async (c) =>
    c.json(keyJson(await requireKey(requireUser(c), c.req.valid("param").id)), 200),
  )
  .openapi(changeRoute, async (c) => {
    const { name, cap } = c.req.valid("json");
    const change = { name, cap: cap === undefined ? undefined : bigCap(cap) };
    return c.json(keyJson(await changeKey(requireUser(c), c.req.valid("param").id, change, actorOf(c))), 200);
  })
  .openapi(rotateRoute, async (c) => {
    const { id } = c.req.valid("param");
    const { graceSeconds } = c.req.valid("json");
    const made = await rotateKey(requireUser(c), id, graceSeconds, askedOf(c, c.req.valid("header")));
    return c.json({ key: keyJson(made.key), secret: made.secret }, 200);
  })
  .openapi(revokeRoute, async (c) => {
    await revokeKey(requireUser(c), c.req.valid("param").id, actorOf(c));
    return c.body(null, 204);
  });

/** Who may make keys of this kind. Customers find no service keys; staff without the right hear so. */
function requireMaker(c: Context<ApiEnv>, kind: KeyKind): Session {
  return kind === "service" ? requireRight(c, "keys.service") : requireUser(c);
}

function askedOf(c: Context<ApiEnv>, headers: z.infer<typeof idempotent>): Asked {
  return { by: actorOf(c), idempotencyKey: headers["Idempotency-Key"] };
}

function bigCap(cap: number | null): bigint | null {
  return cap === null ? null : BigInt(cap);
}

function timeOf(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}

export function keyJson(key: ApiKey): KeyJson {
  const { id, kind, name, scopes, hint, cap, used } = key;
  return {
    ...{ id, kind, name, scopes, hint },
    endingSecrets: key.endingSecrets.map(({ hint, endsAt }) => ({ hint, endsAt: endsAt.toISOString() })),
    cap: cap === null ? null : creditsJson(cap),
    used: used && { spent: creditsJson(used.spent), held: creditsJson(used.held) },
    spentLast30Days: creditsJson(key.spentLast30Days),
    expiresAt: key.expiresAt?.toISOString() ?? null,
    revokedAt: key.revokedAt?.toISOString() ?? null,
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
    createdAt: key.createdAt.toISOString(),
  };
}
