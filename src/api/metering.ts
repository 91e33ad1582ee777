import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { noteCharge } from "#credits";
import { isSuspendedAccount } from "#identity";
import { capture, charge, hold, isKnownKey, type Outcome, release, submit } from "#ledger";
import { announce } from "#platform/changes";
import { db } from "#platform/db";
import type { Id } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { accountHeader, accountOfKey, needsKey, requireKeyHolder } from "./caller";
import { problems } from "./problem";
import { type ApiEnv, newRouter } from "./router";
import { bodyOf, creditsJson, creditsSchema, idempotencyKeySchema, json, timeSchema } from "./schemas";

/** Charging and holding customers' credits, for tools that are hosted elsewhere: by service key. */

const scope = "charges.write";
const tags = ["Metering"];
const maxCreditsAtOnce = 1_000_000_000;

const headers = z.object({ "Idempotency-Key": idempotencyKeySchema, "Toolmint-Account": accountHeader });

const why = {
  tool: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, "lower-case letters, digits, dots, dashes; at most 64")
    .openapi({ description: "Your tool, as the customer's history names it.", example: "upscaler" }),
  reference: z
    .string()
    .regex(/^[\x21-\x7e]{1,128}$/, "1 to 128 visible ASCII characters")
    .optional()
    .openapi({ description: "Your id of what was charged.", example: "job-1042" }),
};
const lifetime = z
  .int()
  .min(1)
  .max(24 * 3600)
  .openapi({ description: "Seconds from now until it is given back by itself.", example: 600 });

const chargeBody = z
  .strictObject({ credits: z.int().min(1).max(maxCreditsAtOnce), ...why })
  .openapi("ChargeRequest");
const holdBody = z
  .strictObject({
    credits: z.int().min(1).max(maxCreditsAtOnce).openapi({ description: "The most it can come to." }),
    ...why,
    expiresInSeconds: lifetime.default(600),
  })
  .openapi("HoldRequest");
const captureBody = z
  .strictObject({
    credits: z.int().min(0).max(maxCreditsAtOnce).openapi({
      description: "What was used, from 0 up to the whole hold; the rest goes back.",
    }),
  })
  .openapi("CaptureRequest");
const extendBody = z.strictObject({ expiresInSeconds: lifetime }).openapi("ExtendRequest");

const settled = {
  account: z.string().openapi({ description: "Whose credits." }),
  credits: creditsSchema.openapi({ description: "How many moved." }),
  available: creditsSchema.openapi({ description: "The balance right after it." }),
  held: creditsSchema,
  repeated: z.boolean().openapi({
    description: "True when this key was known: nothing happened now, this is what happened then.",
  }),
};
const chargeSchema = z.object(settled).openapi("Charge");
const heldSchema = z
  .object({ holdId: z.string(), ...settled, expiresAt: timeSchema.nullable() })
  .openapi("MeteredHold");

const conflicts = ["idempotency_conflict", "busy"] as const;
const whoCodes = ["malformed_request", "key_invalid", "forbidden", "scope_missing", "not_found"] as const;
const params = z.object({
  id: z
    .string()
    .regex(/^hold_[0-9a-z]{26}$/, "a hold's id")
    .openapi({ description: "A hold this key placed." }),
});

const chargeRoute = createRoute({
  method: "post",
  path: "/charges",
  tags,
  summary: "Charge a customer",
  description:
    "Takes whole credits at once, or none. For what costs less than a credit, or is known only afterwards, place a hold and capture once.",
  ...needsKey(scope),
  request: { headers, body: bodyOf(chargeBody) },
  responses: {
    200: { description: "What this key did before.", content: json(chargeSchema) },
    201: { description: "It is charged.", content: json(chargeSchema) },
    ...problems(...whoCodes, "suspended", "insufficient_credits", ...conflicts, "invalid_request"),
  },
});

const holdRoute = createRoute({
  method: "post",
  path: "/holds",
  tags,
  summary: "Hold a customer's credits",
  description:
    "Reserves the most that something can cost, before it begins. It ends captured, released or expired.",
  ...needsKey(scope),
  request: { headers, body: bodyOf(holdBody) },
  responses: {
    200: { description: "What this key did before.", content: json(heldSchema) },
    201: { description: "They are held.", content: json(heldSchema) },
    ...problems(...whoCodes, "suspended", "insufficient_credits", ...conflicts, "invalid_request"),
  },
});

const captureRoute = createRoute({
  method: "post",
  path: "/holds/{id}/capture",
  tags,
  summary: "Charge what was used of a hold",
  description: "Once; the rest goes back to the lots it came from.",
  ...needsKey(scope),
  request: { params, headers, body: bodyOf(captureBody) },
  responses: {
    200: { description: "It is charged, and the hold closed.", content: json(heldSchema) },
    ...problems(...whoCodes, "hold_closed", "hold_exceeded", ...conflicts, "invalid_request"),
  },
});

const releaseRoute = createRoute({
  method: "post",
  path: "/holds/{id}/release",
  tags,
  summary: "Give a hold back",
  ...needsKey(scope),
  request: { params, headers },
  responses: {
    200: { description: "It is given back, and the hold closed.", content: json(heldSchema) },
    ...problems(...whoCodes, "hold_closed", ...conflicts, "invalid_request"),
  },
});

const extendRoute = createRoute({
  method: "post",
  path: "/holds/{id}/extend",
  tags,
  summary: "Move a hold's deadline on",
  description: "Never back: a deadline that is later already stays.",
  ...needsKey(scope),
  request: { params, headers, body: bodyOf(extendBody) },
  responses: {
    200: { description: "The hold with its deadline.", content: json(heldSchema) },
    ...problems(...whoCodes, "hold_closed", ...conflicts, "invalid_request"),
  },
});

export const metering = newRouter()
  .openapi(chargeRoute, async (c) => {
    const { tool, reference, credits } = c.req.valid("json");
    const order = await spendingOf(c, c.req.valid("header")["Idempotency-Key"]);
    const outcome = await charge({ ...order, ...cause(tool, reference), credits: BigInt(credits) });
    return c.json(settledJson(outcome), statusOf(outcome));
  })
  .openapi(holdRoute, async (c) => {
    const { tool, reference, credits, expiresInSeconds } = c.req.valid("json");
    const order = await spendingOf(c, c.req.valid("header")["Idempotency-Key"]);
    const outcome = await hold({
      ...order,
      ...cause(tool, reference),
      credits: BigInt(credits),
      lifetimeSeconds: expiresInSeconds,
    });
    return c.json(heldJson(outcome), statusOf(outcome));
  })
  .openapi(captureRoute, async (c) => {
    const order = await orderOf(c, c.req.valid("header")["Idempotency-Key"]);
    const holdId = holdIdOf(c.req.valid("param").id);
    const credits = BigInt(c.req.valid("json").credits);
    return c.json(heldJson(await capture({ ...order, holdId, credits })), 200);
  })
  .openapi(releaseRoute, async (c) => {
    const order = await orderOf(c, c.req.valid("header")["Idempotency-Key"]);
    const holdId = holdIdOf(c.req.valid("param").id);
    return c.json(heldJson(await release({ ...order, holdId, cause: "released" })), 200);
  })
  .openapi(extendRoute, async (c) => {
    const order = await orderOf(c, c.req.valid("header")["Idempotency-Key"]);
    const holdId = holdIdOf(c.req.valid("param").id);
    const lifetimeSeconds = c.req.valid("json").expiresInSeconds;
    return c.json(heldJson(await submit({ verb: "extend", ...order, holdId, lifetimeSeconds })), 200);
  });

/**
 * Whose account, by which key. The prefix keeps a caller's Idempotency-Keys apart from those of runs and
 * grants; they are the account's, whichever API key sends them.
 */
async function orderOf(c: Context<ApiEnv>, idempotencyKey: string) {
  const holder = requireKeyHolder(c, scope);
  const accountId = await accountOfKey(c, holder, scope, { forLedger: true });
  return { accountId, apiKeyId: holder.apiKeyId, key: `api:${idempotencyKey}` };
}

/**
 * The same, for what spends or reserves: on a suspended customer's account nothing new, while what is held there
 * is still captured or given back.
 * @throws Refusal suspended
 */
async function spendingOf(c: Context<ApiEnv>, idempotencyKey: string) {
  const order = await orderOf(c, idempotencyKey);
  const { accountId, key } = order;
  // What was done before they were suspended is answered as it was then.
  if ((await isSuspendedAccount(accountId)) && !(await isKnownKey(db(), accountId, key))) {
    throw new Refusal("suspended");
  }
  return order;
}

function cause(tool: string, reference: string | undefined) {
  const named = reference === undefined ? {} : { reference: { type: "charge", id: reference } as const };
  return { cause: `tool:${tool}`, ...named };
}

function holdIdOf(id: string): Id<"hold"> {
  return `hold_${id.slice("hold_".length)}`;
}

function statusOf({ repeated }: Outcome): 200 | 201 {
  return repeated ? 200 : 201;
}

function settledJson(outcome: Outcome) {
  const { accountId, credits, available, held, repeated } = outcome;
  // Whoever looks at the balance sees it move.
  if (!repeated) announce({ owner: accountId, balance: true });
  void noteCharge(outcome);
  return {
    account: accountId,
    credits: creditsJson(credits),
    available: creditsJson(available),
    held: creditsJson(held),
    repeated,
  };
}

function heldJson(outcome: Outcome) {
  const { holdId, deadline } = outcome;
  if (!holdId) throw new Refusal("not_found");
  return { holdId, ...settledJson(outcome), expiresAt: deadline?.toISOString() ?? null };
}
