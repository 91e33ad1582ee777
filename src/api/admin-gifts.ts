import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import {
  type GiftLimits,
  type GiftRest,
  type GiftView,
  giveGift,
  listGifts,
  previewGift,
  requireGift,
  undoGift,
} from "#credits";
import { segmentOf } from "#insight";
import { config } from "#platform/config";
import { type Id, isId } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { actRoute } from "./act-route";
import { reasonSchema } from "./admin-staff";
import { requireUser } from "./caller";
import { customerFilter, segmentSchema, wordsOf } from "./customer-filter";
import { invalid, problems } from "./problem";
import { type ApiEnv, newRouter } from "./router";
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

/** Credits given to everybody of a segment at once, and taken back as far as they are unspent. */

const right = "credits.gift";

const wanted = {
  credits: z.int().min(1).max(1_000_000_000).openapi({ description: "For each person.", example: 50 }),
  filter: segmentSchema,
};

const previewSchema = z
  .object({
    people: z.int().openapi({
      description: "How many would get them: whose address is confirmed, and who are not suspended.",
    }),
    unconfirmed: z.int(),
    suspended: z.int(),
    total: creditsSchema.openapi({ description: "Credits in all." }),
  })
  .openapi("GiftPreview");

export type GiftPreviewJson = z.infer<typeof previewSchema>;

const giftSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    credits: creditsSchema.openapi({ description: "For each person." }),
    expiresAt: timeSchema.nullable(),
    filter: z.record(z.string(), z.string()),
    status: z
      .enum(["giving", "given", "undoing", "undone"])
      .openapi({ description: "`giving` and `undoing` while a job works on it." }),
    people: z.int().openapi({ description: "For how many people it is." }),
    given: z.int().openapi({ description: "How many of them have been given theirs." }),
    leftOut: z.int().openapi({
      description: "How many were left out: suspended or gone by their turn, or it was taken back before.",
    }),
    undone: z.int().openapi({ description: "Of how many the rest has been taken back." }),
    taken: creditsSchema.openapi({ description: "How many credits that were." }),
    createdByMail: z.string().nullable(),
    createdAt: timeSchema,
  })
  .openapi("Gift");

export type GiftJson = z.infer<typeof giftSchema>;

const oneSchema = giftSchema
  .extend({
    left: creditsSchema.openapi({ description: "Unspent now: what taking it back would take." }),
    peopleLeft: z.int().openapi({ description: "How many people have any of that." }),
    held: creditsSchema.openapi({ description: "On hold for runs: stays." }),
  })
  .openapi("GiftNow");

export type GiftNowJson = z.infer<typeof oneSchema>;

const reading = ["unauthenticated", "forbidden", "not_found"] as const;
const giving = [
  ...reading,
  ...(["malformed_request", "invalid_request", "adjustment_too_large", "gift_too_large"] as const),
] as const;
const tags = ["Back office"];

const previewRoute = createRoute({
  method: "post",
  path: "/admin/gifts/preview",
  tags,
  summary: "For how many people a gift would be, and how many credits in all",
  ...needs(right),
  request: { body: bodyOf(z.strictObject(wanted)) },
  responses: {
    200: { description: "Nothing was given.", content: json(previewSchema) },
    ...problems(...giving),
  },
});

const giveRoute = createRoute({
  method: "post",
  path: "/admin/gifts",
  tags,
  summary: "Give credits to everybody of a segment",
  description:
    "The segment as it is now; a job gives them, each person once. Admins up to ADJUSTMENT_LIMIT for each and GIFT_LIMIT in all.",
  ...needs(right),
  request: {
    headers: idempotent,
    body: bodyOf(
      z.strictObject({
        ...wanted,
        name: z.string().trim().min(1).max(80).openapi({ description: "For staff." }),
        expiresAt: timeSchema.nullable().default(null).openapi({ description: "Null: never." }),
        people: z.int().min(1).openapi({
          description: "How many the preview said. If there are more by now, nothing is given.",
        }),
        reason: reasonSchema,
      }),
    ),
  },
  responses: {
    200: { description: "What this key began before.", content: json(oneSchema) },
    201: { description: "It has begun.", content: json(oneSchema) },
    ...problems(...giving, "segment_changed", "idempotency_conflict"),
  },
});

const listRoute = createRoute({
  method: "get",
  path: "/admin/gifts",
  tags,
  summary: "Gifts to segments",
  description: "The newest first.",
  ...needs(right),
  request: { query: z.object(pageQuery) },
  responses: {
    200: { description: "A page of them.", content: json(pageOf(giftSchema).openapi("GiftPage")) },
    ...problems(...reading, "invalid_request"),
  },
});

const oneRoute = createRoute({
  method: "get",
  path: "/admin/gifts/{id}",
  tags,
  summary: "A gift, with what is left of it",
  ...needs(right),
  request: { params: idParam("A gift's id.") },
  responses: { 200: { description: "As it stands now.", content: json(oneSchema) }, ...problems(...reading) },
});

const undoRoute = actRoute({
  path: "/admin/gifts/{id}/undo",
  right,
  params: idParam("A gift's id."),
  fields: {},
  words: {
    summary: "Take back what is unspent of a gift",
    description:
      "A job takes it. What is spent, on hold or expired stays; who had not been given any gets none.",
  },
  answer: { description: "It has begun, or was taken back before.", schema: oneSchema },
  codes: [...reading, "malformed_request", "invalid_request", "idempotency_conflict"],
});

export const giftsOffice = newRouter()
  .openapi(previewRoute, async (c) => {
    const { credits, filter } = c.req.valid("json");
    const segment = await segmentOf(customerFilter(filter));
    const preview = await previewGift({ credits: BigInt(credits) }, segment, giftLimitsOf(c));
    return c.json({ ...preview, total: creditsJson(preview.total) }, 200);
  })
  .openapi(giveRoute, async (c) => {
    const { name, credits, expiresAt, filter, people, reason } = c.req.valid("json");
    const gift = {
      name,
      credits: BigInt(credits),
      expiresAt: endOf(expiresAt),
      filter: wordsOf(filter),
      people,
    };
    const segment = await segmentOf(customerFilter(filter));
    const request = { ...requestOf(c, { reason }), limits: giftLimitsOf(c) };
    const { id, repeated } = await giveGift(gift, segment, request);
    return c.json(giftNowJson(await requireGift(id)), repeated ? 200 : 201);
  })
  .openapi(listRoute, async (c) => {
    const { cursor, limit } = c.req.valid("query");
    const before = readTimeCursor(cursor, /^\d{1,15} gift_[0-9a-z]{26}$/);
    const { gifts, next } = await listGifts({ limit, before });
    return c.json({ data: gifts.map(giftJson), nextCursor: writeTimeCursor(next) }, 200);
  })
  .openapi(oneRoute, async (c) =>
    c.json(giftNowJson(await requireGift(giftOf(c.req.valid("param").id))), 200),
  )
  .openapi(undoRoute, async (c) => {
    const { id } = await undoGift(giftOf(c.req.valid("param").id), requestOf(c, c.req.valid("json")));
    return c.json(giftNowJson(await requireGift(id)), 200);
  });

/** How many credits whoever asks may give to many; null: any number. */
export function giftLimitsOf(c: Context<ApiEnv>): GiftLimits {
  const { user } = requireUser(c);
  if (user.role === "owner") return null;
  const { ADJUSTMENT_LIMIT, GIFT_LIMIT } = config();
  return { each: BigInt(ADJUSTMENT_LIMIT), total: BigInt(GIFT_LIMIT) };
}

function giftOf(id: string): Id<"gift"> {
  if (!isId("gift", id)) throw new Refusal("not_found");
  return id;
}

function endOf(expiresAt: string | null): Date | null {
  const at = expiresAt === null ? null : new Date(expiresAt);
  if (at && at.getTime() <= Date.now()) throw invalid([{ path: "expiresAt", message: "a time to come" }]);
  return at;
}

function giftJson(gift: GiftView): GiftJson {
  const { id, name, filter, people, given, leftOut, undone, createdByMail, undoneAt, takenAt, givenAt } =
    gift;
  return {
    ...{ id, name, filter, people, given, leftOut, undone, createdByMail },
    status: undoneAt ? (takenAt ? "undone" : "undoing") : givenAt ? "given" : "giving",
    credits: creditsJson(gift.credits),
    taken: creditsJson(gift.taken),
    expiresAt: gift.expiresAt?.toISOString() ?? null,
    createdAt: gift.createdAt.toISOString(),
  };
}

function giftNowJson(gift: GiftView & GiftRest): GiftNowJson {
  const { left, held, peopleLeft } = gift;
  return { ...giftJson(gift), left: creditsJson(left), held: creditsJson(held), peopleLeft };
}
