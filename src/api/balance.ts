import { createRoute, z } from "@hono/zod-openapi";
import { type Balance, type Hold, listHolds, readBalance } from "#ledger";
import { db } from "#platform/db";
import { accountCodes, accountRequest, requireAccount } from "./caller";
import { problems } from "./problem";
import { newRouter } from "./router";
import {
  creditsJson,
  creditsSchema,
  pageOf,
  pageQuery,
  readCursor,
  timeSchema,
  writeCursor,
} from "./schemas";

export const sources = ["signup", "plan", "pack", "top-up", "promo", "referral", "adjustment"] as const;

export const lotSchema = z
  .object({
    grantId: z.string(),
    source: z.enum(sources).openapi({ description: "Where its credits came from." }),
    credits: creditsSchema.openapi({ description: "How many were granted." }),
    remaining: creditsSchema.openapi({ description: "How many of them can be spent." }),
    held: creditsSchema.openapi({ description: "How many of them open holds reserve." }),
    expiresAt: timeSchema.nullable().openapi({ description: "Null: never." }),
    createdAt: timeSchema,
  })
  .openapi("Lot");

const balanceSchema = z
  .object({
    available: creditsSchema.openapi({ description: "What can be spent now." }),
    held: creditsSchema.openapi({ description: "What runs that are going reserve." }),
    total: creditsSchema.openapi({ description: "Both together: the sum of all entries." }),
    nextExpiry: z.object({ at: timeSchema, credits: creditsSchema }).nullable(),
    lots: z.array(lotSchema).openapi({ description: "In the order they are spent: earliest expiry first." }),
  })
  .openapi("Balance");

export const referenceSchema = z
  .object({ type: z.enum(["run", "user", "invoice", "subscription", "admin", "charge"]), id: z.string() })
  .nullable()
  .openapi({ description: "What it was for." });

/** A hold that was captured is entries, and one that was released nothing: what is left to tell of. */
const shownHolds = ["open", "expired"] as const;
type ShownHold = (typeof shownHolds)[number];

const holdSchema = z
  .object({
    holdId: z.string(),
    credits: creditsSchema,
    cause: z.string().openapi({ description: "Why: `tool:` and the tool's slug for a run." }),
    reference: referenceSchema,
    status: z.enum(shownHolds).openapi({ description: "Expired: nothing was charged, all was given back." }),
    createdAt: timeSchema,
    expiresAt: timeSchema.openapi({ description: "When it is given back unless it is extended." }),
    endedAt: timeSchema.nullable().openapi({ description: "When it was given back; null while it is open." }),
  })
  .openapi("Hold");

const holdPage = pageOf(holdSchema).openapi("HoldPage");

export type BalanceJson = z.infer<typeof balanceSchema>;
export type HoldJson = z.infer<typeof holdSchema>;

/** A balance as its owner sees it. */
export function balanceJson({ available, held, total, nextExpiry, lots }: Balance): BalanceJson {
  return {
    available: creditsJson(available),
    held: creditsJson(held),
    total: creditsJson(total),
    nextExpiry: nextExpiry && {
      at: nextExpiry.at.toISOString(),
      credits: creditsJson(nextExpiry.credits),
    },
    lots: lots.map((lot) => ({
      grantId: lot.grantId,
      source: lot.source,
      credits: creditsJson(lot.credits),
      remaining: creditsJson(lot.remaining),
      held: creditsJson(lot.held),
      expiresAt: lot.expiresAt?.toISOString() ?? null,
      createdAt: lot.createdAt.toISOString(),
    })),
  };
}

function holdJson(status: ShownHold, hold: Hold): HoldJson {
  const { holdId, credits, cause, reference, createdAt, expiresAt, endedAt } = hold;
  return {
    ...{ holdId, cause, reference, status },
    credits: creditsJson(credits),
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  };
}

const readRoute = createRoute({
  method: "get",
  path: "/balance",
  tags: ["Credits"],
  summary: "Your balance",
  description:
    "What can be spent, what runs hold, and the lots both are in. What is past its expiry is left out.",
  request: accountRequest,
  responses: {
    200: { description: "The balance.", content: { "application/json": { schema: balanceSchema } } },
    ...problems(...accountCodes),
  },
});

const holdsRoute = createRoute({
  method: "get",
  path: "/holds",
  tags: ["Credits"],
  summary: "Your holds",
  description:
    "Credits reserved for what is going, newest first. A hold ends charged or returned; `status=expired` lists those that reached their deadline and were given back.",
  request: {
    ...accountRequest,
    query: z.object({ ...pageQuery, status: z.enum(shownHolds).default("open") }),
  },
  responses: {
    200: { description: "A page of holds.", content: { "application/json": { schema: holdPage } } },
    ...problems(...accountCodes),
  },
});

export const balance = newRouter()
  .openapi(readRoute, async (c) => {
    const accountId = await requireAccount(c, "credits.read");
    return c.json(balanceJson(await readBalance(db(), accountId)), 200);
  })
  .openapi(holdsRoute, async (c) => {
    const accountId = await requireAccount(c, "credits.read");
    const { cursor, limit, status } = c.req.valid("query");
    const before = readCursor(cursor, /^hold_[0-9a-z]+$/);
    const holds = await listHolds(db(), accountId, {
      status,
      limit: limit + 1,
      ...(before && { before: `hold_${before.slice("hold_".length)}` as const }),
    });
    const page = holds.slice(0, limit);
    const next = holds.length > limit ? (page.at(-1)?.holdId ?? null) : null;
    return c.json({ data: page.map((hold) => holdJson(status, hold)), nextCursor: writeCursor(next) }, 200);
  });
