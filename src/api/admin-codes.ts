import { createRoute, z } from "@hono/zod-openapi";
import { type BatchView, endBatch, listBatches, makeCodes } from "#credits";
import { type Id, isId } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { actRoute } from "./act-route";
import { giftLimitsOf } from "./admin-gifts";
import { reasonSchema } from "./admin-staff";
import { invalid, problems } from "./problem";
import { newRouter } from "./router";
import {
  bodyOf,
  creditsJson,
  creditsSchema,
  idempotent,
  idParam,
  json,
  pageOf,
  pageQuery,
  readTimeCursor,
  timeSchema,
  writeTimeCursor,
} from "./schemas";
import { needs, requestOf } from "./staff";

/** Redeem codes, made in batches. They are told once, to whoever made them. */

const right = "codes.change";

const terms = {
  name: z.string().trim().min(1).max(80).openapi({ description: "For staff.", example: "Launch" }),
  credits: z.int().min(1).max(1_000_000_000).openapi({ description: "What each use gives.", example: 50 }),
  uses: z.int().min(1).max(1_000_000).default(1).openapi({
    description: "How many people may redeem each code; one person redeems a code once.",
  }),
  oncePerPerson: z.boolean().default(false).openapi({
    description: "One person may redeem one code of the batch only.",
  }),
  lifetimeDays: z.int().min(1).max(36_500).nullable().default(null).openapi({
    description: "So many days after they were redeemed the credits expire; null: never.",
  }),
  expiresAt: timeSchema.nullable().default(null).openapi({
    description: "Until when the codes are taken; null: until somebody ends them.",
  }),
};

const batchSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    codes: z.int().openapi({ description: "How many codes there are." }),
    credits: creditsSchema,
    uses: z.int(),
    oncePerPerson: z.boolean(),
    lifetimeDays: z.int().nullable(),
    expiresAt: timeSchema.nullable(),
    endedAt: timeSchema.nullable(),
    used: z.int().openapi({ description: "How often they were redeemed, of `codes` × `uses`." }),
    createdByMail: z.string().nullable(),
    createdAt: timeSchema,
  })
  .openapi("CodeBatch");

export type CodeBatchJson = z.infer<typeof batchSchema>;

const madeSchema = z
  .object({ batch: batchSchema, codes: z.array(z.string()).openapi({ description: "Told this once." }) })
  .openapi("MadeCodes");

export type MadeCodesJson = z.infer<typeof madeSchema>;

const reading = ["unauthenticated", "forbidden", "not_found"] as const;
const tags = ["Back office"];

const makeRoute = createRoute({
  method: "post",
  path: "/admin/codes",
  tags,
  summary: "Make redeem codes",
  description:
    "Only hashes are kept: save the answer. A repeat within a day is told the same codes. Admins up to ADJUSTMENT_LIMIT credits a use and GIFT_LIMIT in all.",
  ...needs(right),
  request: {
    headers: idempotent,
    body: bodyOf(z.strictObject({ ...terms, count: z.int().min(1).max(10_000), reason: reasonSchema })),
  },
  responses: {
    200: { description: "What this key made before.", content: json(madeSchema) },
    201: { description: "The codes.", content: json(madeSchema) },
    ...problems(
      ...reading,
      ...(["malformed_request", "invalid_request", "adjustment_too_large", "gift_too_large"] as const),
      ...(["codes_told", "idempotency_conflict"] as const),
    ),
  },
});

const listRoute = createRoute({
  method: "get",
  path: "/admin/codes",
  tags,
  summary: "Batches of redeem codes",
  description: "The newest first, with how often they were redeemed.",
  ...needs(right),
  request: { query: z.object(pageQuery) },
  responses: {
    200: { description: "A page of them.", content: json(pageOf(batchSchema).openapi("CodeBatchPage")) },
    ...problems(...reading, "invalid_request"),
  },
});

const endRoute = actRoute({
  path: "/admin/codes/{id}/end",
  right,
  params: idParam("A batch's id."),
  fields: {},
  words: {
    summary: "End a batch of redeem codes",
    description: "None of them is taken any more. What was redeemed stays.",
  },
  answer: { description: "It is over.", schema: batchSchema },
  codes: [...reading, "malformed_request", "invalid_request", "idempotency_conflict"],
});

export const codesOffice = newRouter()
  .openapi(makeRoute, async (c) => {
    const { reason, credits, expiresAt, ...wanted } = c.req.valid("json");
    const until = expiresAt === null ? null : new Date(expiresAt);
    if (until && until.getTime() <= Date.now()) {
      throw invalid([{ path: "expiresAt", message: "a time to come" }]);
    }
    const request = { ...requestOf(c, { reason }), limits: giftLimitsOf(c) };
    const asked = { ...wanted, credits: BigInt(credits), expiresAt: until };
    const { batch, codes, repeated } = await makeCodes(asked, request);
    c.header("Cache-Control", "no-store");
    return c.json({ batch: batchJson(batch), codes }, repeated ? 200 : 201);
  })
  .openapi(listRoute, async (c) => {
    const { cursor, limit } = c.req.valid("query");
    const before = readTimeCursor(cursor, /^\d{1,15} batch_[0-9a-z]{26}$/);
    const { batches, next } = await listBatches({ limit, before });
    return c.json({ data: batches.map(batchJson), nextCursor: writeTimeCursor(next) }, 200);
  })
  .openapi(endRoute, async (c) => {
    const id = batchOf(c.req.valid("param").id);
    return c.json(batchJson(await endBatch(id, requestOf(c, c.req.valid("json")))), 200);
  });

function batchOf(id: string): Id<"batch"> {
  if (!isId("batch", id)) throw new Refusal("not_found");
  return id;
}

function batchJson({ createdBy: _, ...batch }: BatchView): CodeBatchJson {
  return {
    ...batch,
    credits: creditsJson(batch.credits),
    expiresAt: batch.expiresAt?.toISOString() ?? null,
    endedAt: batch.endedAt?.toISOString() ?? null,
    createdAt: batch.createdAt.toISOString(),
  };
}
