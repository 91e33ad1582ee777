import { createRoute, z } from "@hono/zod-openapi";
import { endPromotion, listPromotions, makePromotion, type NewPromotion, type Promotion } from "#billing";
import { mayRole } from "#identity";
import { actRoute } from "./act-route";
import { reasonSchema } from "./admin-staff";
import { currencySchema, packIdSchema, planIdSchema } from "./billing-schemas";
import { invalid, problems } from "./problem";
import { newRouter } from "./router";
import { bodyOf, idempotent, json, pageOf, pageQuery, readCursor, timeSchema, writeCursor } from "./schemas";
import { needs, requestOf, requireRight } from "./staff";

/** Promotion codes: money off at checkout. Stripe keeps them, and counts how often they were used. */

const right = "promotions.change";

const discountSchema = z
  .union([
    z.strictObject({ percent: z.number().min(1).max(100).multipleOf(0.01) }),
    z.strictObject({
      amountCents: z.int().min(1).max(100_000_000).openapi({ description: "In the minor unit." }),
      currency: currencySchema,
    }),
  ])
  .openapi({ description: "Percent off, or an amount off in one currency." });

const durationSchema = z
  .union([z.enum(["once", "forever"]), z.strictObject({ months: z.int().min(1).max(36) })])
  .openapi({ description: "Of a plan: its first payment, so many months, or all. A pack is paid once." });

const newSchema = z.strictObject({
  code: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9-]{3,40}$/, "3 to 40 letters of A-Z, digits and dashes")
    .openapi({ description: "What customers type, in any case.", example: "SPRING25" }),
  discount: discountSchema,
  duration: durationSchema.default("once"),
  planIds: z
    .array(planIdSchema.exclude(["free"]))
    .max(3)
    .default([])
    .openapi({
      description: "With `packIds` what it is for; both empty: everything.",
    }),
  packIds: z.array(packIdSchema).max(20).default([]),
  maxUses: z.int().min(1).max(1_000_000).nullable().default(null),
  firstPurchaseOnly: z.boolean().default(false).openapi({ description: "For whoever has never paid." }),
  expiresAt: timeSchema.nullable().default(null),
  reason: reasonSchema,
});

const promotionSchema = z
  .object({
    id: z.string().openapi({ description: "Stripe's." }),
    code: z.string(),
    discount: z.union([
      z.object({ percent: z.number() }),
      z.object({ amountCents: z.int(), currency: z.string() }),
    ]),
    duration: z.union([z.enum(["once", "forever"]), z.object({ months: z.int() })]),
    planIds: z.array(z.string()),
    packIds: z.array(z.string()),
    maxUses: z.int().nullable(),
    firstPurchaseOnly: z.boolean(),
    expiresAt: timeSchema.nullable(),
    used: z.int().openapi({ description: "How often, as Stripe counts." }),
    active: z.boolean(),
    createdAt: timeSchema,
  })
  .openapi("PromotionCode");

export type PromotionJson = z.infer<typeof promotionSchema>;

const reading = [
  "unauthenticated",
  "forbidden",
  "not_found",
  "payments_off",
  "payments_unreachable",
] as const;
const writing = [...reading, "malformed_request", "invalid_request", "idempotency_conflict"] as const;
const tags = ["Back office"];

const listRoute = createRoute({
  method: "get",
  path: "/admin/promotions",
  tags,
  summary: "Promotion codes",
  description: "As Stripe has them, the newest first.",
  ...needs(right),
  request: { query: z.object(pageQuery) },
  responses: {
    200: {
      description: "A page of them.",
      content: json(pageOf(promotionSchema).openapi("PromotionCodePage")),
    },
    ...problems(...reading, "invalid_request"),
  },
});

const makeRoute = createRoute({
  method: "post",
  path: "/admin/promotions",
  tags,
  summary: "Make a promotion code",
  description:
    "A coupon and a promotion code at Stripe. It works at checkout at once. More than 12 months, or for ever: owners only; so is more than 90 %, or an amount, without a number of uses.",
  ...needs(right),
  request: { headers: idempotent, body: bodyOf(newSchema) },
  responses: {
    201: { description: "The code.", content: json(promotionSchema) },
    ...problems(...writing, "promotion_refused"),
  },
});

const endRoute = actRoute({
  path: "/admin/promotions/{id}/end",
  right,
  params: z.object({
    id: z
      .string()
      .regex(/^\w{1,64}$/)
      .openapi({ description: "Stripe's id." }),
  }),
  fields: {},
  words: {
    summary: "Switch a promotion code off",
    description: "Nobody begins to use it any more; whoever has it keeps what it takes off.",
  },
  answer: { description: "It is off.", schema: promotionSchema },
  codes: writing,
});

export const promotionsOffice = newRouter()
  .openapi(listRoute, async (c) => {
    const { cursor, limit } = c.req.valid("query");
    const { promotions, next } = await listPromotions({
      limit,
      after: readCursor(cursor, /^promo_\w{1,60}$/),
    });
    return c.json({ data: promotions.map(promotionJson), nextCursor: writeCursor(next) }, 200);
  })
  .openapi(makeRoute, async (c) => {
    const { reason, expiresAt, code, ...wanted } = c.req.valid("json");
    if (isEndless(wanted.duration)) requireRight(c, "promotions.endless");
    if (!mayRole(requireRight(c, right).user.role, "promotions.endless")) requireUses(wanted);
    const until = expiresAt === null ? null : new Date(expiresAt);
    if (until && until.getTime() <= Date.now()) {
      throw invalid([{ path: "expiresAt", message: "a time to come" }]);
    }
    const promotion: NewPromotion = { ...wanted, code: code.toUpperCase(), expiresAt: until };
    return c.json(promotionJson(await makePromotion(promotion, requestOf(c, { reason }))), 201);
  })
  .openapi(endRoute, async (c) => {
    const ended = await endPromotion(c.req.valid("param").id, requestOf(c, c.req.valid("json")));
    return c.json(promotionJson(ended), 200);
  });

/** An admin gives within limits; months after a year nobody would notice, so those are an owner's to give. */
function isEndless(duration: NewPromotion["duration"]): boolean {
  return typeof duration === "string" ? duration === "forever" : duration.months > 12;
}

/** Nearly all of a price off, or any amount, for whoever types it: there an admin's limit is a number of uses. */
function requireUses({ discount, maxUses }: Pick<NewPromotion, "discount" | "maxUses">): void {
  if (maxUses !== null || ("percent" in discount && discount.percent <= 90)) return;
  const message = "a number: for more than 90 %, or an amount, only owners leave it open";
  throw invalid([{ path: "maxUses", message }]);
}

function promotionJson(promotion: Promotion): PromotionJson {
  return {
    ...promotion,
    expiresAt: promotion.expiresAt?.toISOString() ?? null,
    createdAt: promotion.createdAt.toISOString(),
  };
}
