import { createRoute, z } from "@hono/zod-openapi";
import { redeemCode } from "#credits";
import { networkOf } from "#platform/address";
import { announce } from "#platform/changes";
import { limit } from "#platform/rate-limit";
import { Refusal } from "#platform/refusal";
import { addressOfCaller, requireUser } from "./caller";
import { problems } from "./problem";
import { newRouter } from "./router";
import { creditsJson, creditsSchema, idempotent, timeSchema } from "./schemas";
import { actorOf } from "./staff";

/** Redeeming codes. Right or wrong, tries are counted: nobody finds a code by guessing. */

const perPerson = { name: "codes:person", points: 20, seconds: 3600 };
const perNetwork = { name: "codes:network", points: 100, seconds: 3600 };

const redemptionSchema = z
  .object({
    credits: creditsSchema.openapi({ description: "How many it gave." }),
    expiresAt: timeSchema.nullable().openapi({ description: "When they expire; null: never." }),
  })
  .openapi("Redemption");

export type RedemptionJson = z.infer<typeof redemptionSchema>;

const redemption = { "application/json": { schema: redemptionSchema } };

const route = createRoute({
  method: "post",
  path: "/redemptions",
  tags: ["Credits"],
  summary: "Redeem a code",
  description: "Each person a code once. Case, dashes and spaces do not matter.",
  request: {
    headers: idempotent,
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.strictObject({
            code: z.string().trim().min(1).max(64).openapi({ example: "7KQF-2M9X-A4RT-0WZE" }),
          }),
        },
      },
    },
  },
  responses: {
    200: { description: "What this key did before.", content: redemption },
    201: { description: "The credits are there.", content: redemption },
    ...problems(
      ...([
        "unauthenticated",
        "forbidden",
        "mail_unverified",
        "malformed_request",
        "invalid_request",
      ] as const),
      ...([
        "code_unknown",
        "code_expired",
        "code_used_up",
        "code_redeemed",
        "code_once",
        "idempotency_conflict",
      ] as const),
    ),
  },
});

export const redemptions = newRouter().openapi(route, async (c) => {
  const { user, accountId } = requireUser(c);
  if (!user.emailVerified) throw new Refusal("mail_unverified");
  await limit(perPerson, user.id);
  await limit(perNetwork, networkOf(addressOfCaller(c)));
  const key = c.req.valid("header")["Idempotency-Key"];
  const redeemed = await redeemCode({ accountId, by: actorOf(c) }, c.req.valid("json").code, key);
  if (!redeemed.repeated) announce({ owner: accountId, balance: true });
  const { credits, expiresAt, repeated } = redeemed;
  const json = { credits: creditsJson(credits), expiresAt: expiresAt?.toISOString() ?? null };
  return c.json(json, repeated ? 200 : 201);
});
