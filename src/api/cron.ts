import { createHash, timingSafeEqual } from "node:crypto";
import { createRoute, z } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { carryDue, refillFree } from "#credits";
import { expireLots, expireOverdueHolds } from "#ledger";
import { networkOf } from "#platform/address";
import { config } from "#platform/config";
import { limitHere } from "#platform/rate-limit";
import { Refusal } from "#platform/refusal";
import { addressOfCaller } from "./caller";
import { problems } from "./problem";
import { type ApiEnv, newRouter } from "./router";

/**
 * What the worker does by its own clock, for schedulers of the operator's: for hosts that run no worker, or
 * to have it done now. Each may be called at any time, twice, or at the same time as the worker: what is done
 * is due no more. A call works for at most 25 s and says whether it came to the end.
 */

const budgetMs = 25_000;
/** Wrong secrets from one network, per minute and process. */
const wrongSecrets = { name: "api:cron-secrets", points: 20, seconds: 60 };

/** Checks the secret before anything else is looked at. */
const secretOnly: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const { CRON_SECRET } = config();
  if (!CRON_SECRET) throw new Refusal("cron_off");
  const given = /^Bearer +(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? "";
  if (!isSame(given, CRON_SECRET)) {
    await limitHere(wrongSecrets, networkOf(addressOfCaller(c)));
    throw new Refusal("cron_secret_wrong");
  }
  await next();
};

/** Takes as long for a wrong secret as for the right one, whatever their lengths. */
function isSame(given: string, secret: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}

const done = z.boolean().openapi({ description: "False: there was more than one call does; call again." });
const expirySchema = z
  .object({
    accounts: z.int().openapi({ description: "How many accounts lost expired credits." }),
    holds: z.int().openapi({ description: "How many overdue holds were given back." }),
    done,
  })
  .openapi("ExpiryPass");
const refillSchema = z
  .object({
    accounts: z.int().openapi({ description: "How many accounts on Free got their month's credits." }),
    carried: z.int().openapi({ description: "How many accounts on a paid plan kept unspent credits." }),
    done,
  })
  .openapi("RefillPass");

function cronRoute<M extends "get" | "post", T extends z.ZodType>(
  method: M,
  path: string,
  summary: string,
  schema: T,
) {
  return createRoute({
    method,
    path,
    tags: ["Schedulers"],
    summary,
    description: "By `Authorization: Bearer CRON_SECRET`. Safe to call twice and at the same time.",
    security: [{ cronSecret: [] }],
    responses: {
      200: { description: "What was done now.", content: { "application/json": { schema } } },
      ...problems("cron_off", "cron_secret_wrong"),
    },
  });
}

const router = newRouter();
router.use(secretOnly);

const expirySummary = "Book what has expired";
const refillSummary = "Fill the months that have begun, and carry over what is left";

export const cron = router
  .openapi(cronRoute("get", "/expire-credits", expirySummary, expirySchema), async (c) =>
    c.json(await expireCredits(), 200),
  )
  .openapi(cronRoute("post", "/expire-credits", expirySummary, expirySchema), async (c) =>
    c.json(await expireCredits(), 200),
  )
  .openapi(cronRoute("get", "/refill-credits", refillSummary, refillSchema), async (c) =>
    c.json(await refillCredits(), 200),
  )
  .openapi(cronRoute("post", "/refill-credits", refillSummary, refillSchema), async (c) =>
    c.json(await refillCredits(), 200),
  );

async function expireCredits(): Promise<z.infer<typeof expirySchema>> {
  const signal = AbortSignal.timeout(budgetMs);
  // Holds first: what they give back to a lot that has expired expires with it.
  const holds = await expireOverdueHolds({ signal });
  const lots = await expireLots({ signal });
  return { accounts: lots.settled, holds: holds.settled, done: holds.done && lots.done };
}

async function refillCredits(): Promise<z.infer<typeof refillSchema>> {
  const signal = AbortSignal.timeout(budgetMs);
  const months = await refillFree({ signal });
  const carried = await carryDue({ signal });
  return { accounts: months.settled, carried: carried.settled, done: months.done && carried.done };
}
