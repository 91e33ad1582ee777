import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { type Adjustment, adjustCredits, previewAdjustment } from "#credits";
import { config } from "#platform/config";
import { reasonSchema } from "./admin-staff";
import { invalid, problems } from "./problem";
import { type ApiEnv, newRouter } from "./router";
import { creditsJson, creditsSchema, idempotent, idParam, timeSchema } from "./schemas";
import { actorOf, needs, requireRight, userIdOf } from "./staff";

/** Giving and taking a customer's credits, with a look at what it would come to before. */

const right = "credits.adjust";
const maxCredits = 1_000_000_000;

const wanted = {
  credits: z
    .int()
    .min(-maxCredits)
    .max(maxCredits)
    .refine((credits) => credits !== 0, "not 0")
    .openapi({ description: "To give, or below 0 to take.", example: 100 }),
  expiresAt: timeSchema.nullable().default(null).openapi({
    description: "Of what is given; null: never.",
  }),
  source: z.enum(["adjustment", "promo"]).default("adjustment").openapi({
    description: "`promo` is a gift, `adjustment` makes something good.",
  }),
};

const adjustedSchema = z
  .object({
    asked: creditsSchema.openapi({ description: "Signed." }),
    moved: creditsSchema.openapi({
      description: "Signed. Taking stops at 0 and at what runs hold, so it may be less than was asked.",
    }),
    before: creditsSchema.openapi({ description: "What could be spent before." }),
    after: creditsSchema,
  })
  .openapi("Adjustment");

export type AdjustmentJson = z.infer<typeof adjustedSchema>;

const adjusted = { "application/json": { schema: adjustedSchema } };
const tags = ["Back office"];
const params = idParam("A user's id.");
const codes = [
  ...["unauthenticated", "forbidden", "not_found", "malformed_request", "invalid_request"],
  "adjustment_too_large",
] as const;

const previewRoute = createRoute({
  method: "post",
  path: "/admin/customers/{id}/adjustments/preview",
  tags,
  summary: "What an adjustment would come to",
  ...needs(right),
  request: {
    params,
    body: { required: true, content: { "application/json": { schema: z.strictObject(wanted) } } },
  },
  responses: { 200: { description: "Nothing was changed.", content: adjusted }, ...problems(...codes) },
});

const adjustRoute = createRoute({
  method: "post",
  path: "/admin/customers/{id}/adjustments",
  tags,
  summary: "Give or take a customer's credits",
  description: "Admins up to ADJUSTMENT_LIMIT at once. The reason stands in the audit log.",
  ...needs(right),
  request: {
    params,
    headers: idempotent,
    body: {
      required: true,
      content: { "application/json": { schema: z.strictObject({ ...wanted, reason: reasonSchema }) } },
    },
  },
  responses: {
    200: { description: "What this key did before.", content: adjusted },
    201: { description: "It is done.", content: adjusted },
    ...problems(...codes, "idempotency_conflict"),
  },
});

export const adjustmentsOffice = newRouter()
  .openapi(previewRoute, async (c) => {
    const adjustment = adjustmentOf(c.req.valid("param").id, c.req.valid("json"));
    return c.json(adjustedJson(adjustment, await previewAdjustment(adjustment, limitOf(c))), 200);
  })
  .openapi(adjustRoute, async (c) => {
    const { reason, ...rest } = c.req.valid("json");
    const adjustment = adjustmentOf(c.req.valid("param").id, rest);
    const key = c.req.valid("header")["Idempotency-Key"];
    const done = await adjustCredits(adjustment, { by: actorOf(c), reason, limit: limitOf(c), key });
    return c.json(adjustedJson(adjustment, done), done.repeated ? 200 : 201);
  });

/** How many credits whoever asks may move at once; null: any number. */
function limitOf(c: Context<ApiEnv>): bigint | null {
  const { user } = requireRight(c, right);
  return user.role === "owner" ? null : BigInt(config().ADJUSTMENT_LIMIT);
}

type Wanted = { credits: number; expiresAt: string | null; source: "adjustment" | "promo" };

function adjustmentOf(id: string, { credits, expiresAt, source }: Wanted): Adjustment {
  const userId = userIdOf(id);
  const at = expiresAt === null ? null : new Date(expiresAt);
  if (at && at.getTime() <= Date.now()) throw invalid([{ path: "expiresAt", message: "a time to come" }]);
  return { userId, credits: BigInt(credits), expiresAt: at, source };
}

function adjustedJson(
  { credits }: Adjustment,
  { moved, before, after }: { moved: bigint; before: bigint; after: bigint },
): AdjustmentJson {
  return {
    asked: creditsJson(credits),
    moved: creditsJson(moved),
    before: creditsJson(before),
    after: creditsJson(after),
  };
}
