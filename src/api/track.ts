import type { Context, MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import { trackUserAction, type Who } from "#insight";
import { Refusal } from "#platform/refusal";
import { addressOfCaller } from "./caller";
import type { ApiEnv } from "./router";

/** What is counted of the API's use: which features customers use, and whom credits fail. */

/** By route: what somebody has used once it has answered well. */
const features: Readonly<Record<string, string>> = {
  "POST /api/v1/keys": "key_created",
  "POST /api/v1/redemptions": "code_redeemed",
  "POST /api/v1/billing/plan-change": "plan_changed",
  "POST /api/v1/billing/cancel": "plan_cancelled",
  "POST /api/v1/billing/portal": "card_changed",
  "PATCH /api/v1/billing/top-up": "top_up_changed",
  "GET /api/v1/runs.csv": "runs_exported",
  "GET /api/v1/entries.csv": "entries_exported",
  "GET /api/v1/runs/:id/outputs/:position": "result_downloaded",
};

/** Counts a feature's use once its route has answered. */
export const countFeatures: MiddlewareHandler<ApiEnv> = async (c, next) => {
  await next();
  if (c.error instanceof Refusal && c.error.code === "insufficient_credits") countShortage(c);
  const { method } = c.req;
  // A look at the answer has a cost that the metering path does not pay.
  const path = routePath(c, -1);
  const feature = features[`${method} ${path}`];
  if (feature && c.res.status < 400) trackUserAction("feature_used", whoAsks(c), { feature });
  if (method === "POST" && path === "/api/v1/billing/checkout" && c.res.status === 201) {
    trackUserAction("checkout_begun", whoAsks(c));
  }
};

/** Who sent a request, for counting. */
export function whoAsks(c: Context<ApiEnv>): Who {
  const holder = c.get("keyHolder");
  const session = c.get("session");
  if (holder) return { accountId: holder.kind === "own" ? holder.accountId : null, byKey: true };
  return {
    userId: session?.user.id ?? null,
    accountId: session?.accountId ?? null,
    request: { headers: c.req.raw.headers, address: addressOfCaller(c) },
  };
}

/** How long an account that lacks credits is counted once, in ms: a program may ask many times a second. */
const onceMs = 3_600_000;
const most = 10_000;
const counted = new Map<string, number>();

/** Counts that credits did not suffice, once an hour for an account. */
function countShortage(c: Context<ApiEnv>): void {
  const who = whoAsks(c);
  if (!who.accountId) return;
  const now = Date.now();
  if (now - (counted.get(who.accountId) ?? 0) < onceMs) return;
  if (counted.size >= most) counted.clear();
  counted.set(who.accountId, now);
  trackUserAction("out_of_credits", who);
}
