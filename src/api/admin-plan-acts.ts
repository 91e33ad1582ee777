import { createRoute, z } from "@hono/zod-openapi";
import {
  type ActOn,
  changePlanOf,
  endPlanOf,
  type PlanStanding,
  previewChange,
  readPlanStanding,
  resumePlanOf,
} from "#billing";
import { subscriptionStatuses } from "#billing/access";
import type { Right } from "#identity";
import { Refusal } from "#platform/refusal";
import { actRoute } from "./act-route";
import { accountOfCustomer } from "./admin-refunds";
import { previewJson } from "./billing-json";
import {
  amountSchema,
  currencySchema,
  intervalSchema,
  planChangeBody,
  planChangePreviewSchema,
  planIdSchema,
} from "./billing-schemas";
import { problems } from "./problem";
import { newRouter } from "./router";
import { bodyOf, idParam, json, timeSchema } from "./schemas";
import { needs, requestOf, userIdOf } from "./staff";
import { outcomeJson, stripeAnswer } from "./stripe-outcome";

/** Changing, ending and resuming a customer's plan. */

const right: Right = "subscriptions.change";
const soldSchema = planIdSchema.exclude(["free"]);

const standingSchema = z
  .object({
    planId: soldSchema,
    interval: intervalSchema,
    status: z.enum(subscriptionStatuses),
    amountCents: amountSchema,
    currency: currencySchema,
    periodEnd: timeSchema.openapi({ description: "Until when it is paid, or would be." }),
    trial: z.boolean(),
    endsAtOnce: z.boolean().openapi({
      description: "Nothing is paid for: it ends at once, however it is ended.",
    }),
    pending: z
      .object({
        kind: z.enum(["downgrade", "upgrade_unpaid", "cancel"]),
        planId: planIdSchema,
        at: timeSchema.nullable(),
      })
      .nullable(),
    owedCents: amountSchema.nullable().openapi({ description: "Of the oldest invoice that is due." }),
    autoTopUp: z.boolean(),
    plans: z
      .array(z.object({ planId: soldSchema, interval: intervalSchema, amountCents: amountSchema }))
      .openapi({ description: "What it can be changed to." }),
  })
  .openapi("PlanStanding");

export type PlanStandingJson = z.infer<typeof standingSchema>;

const tags = ["Back office"];
const params = idParam("A user's id.");
const readCodes = ["unauthenticated", "forbidden", "not_found"] as const;
const codes = [
  ...readCodes,
  ...["malformed_request", "invalid_request", "not_subscribed", "payments_off", "payments_unreachable"],
] as const;

const changeCodes = ["plan_unchanged", "change_pending", "price_changed", "not_for_sale"] as const;

const readRoute = createRoute({
  method: "get",
  path: "/admin/customers/{id}/subscription",
  tags,
  summary: "Where a customer's plan stands, and what it can be changed to",
  ...needs("customers.read"),
  request: { params },
  responses: {
    200: { description: "Now.", content: json(standingSchema) },
    ...problems(...readCodes, "not_subscribed"),
  },
});

const previewRoute = createRoute({
  method: "post",
  path: "/admin/customers/{id}/subscription/preview",
  tags,
  summary: "What a change of a customer's plan costs and brings",
  ...needs(right),
  request: {
    params,
    body: bodyOf(planChangeBody),
  },
  responses: {
    200: {
      description: "Nothing was changed.",
      content: json(planChangePreviewSchema),
    },
    ...problems(...codes, ...changeCodes, "card_missing"),
  },
});

const acting = {
  ...{ right, params, answer: stripeAnswer },
  codes: [...codes, ...changeCodes, "idempotency_conflict"],
} as const;

const changeRoute = actRoute({
  ...acting,
  path: "/admin/customers/{id}/subscription/change",
  fields: planChangeBody.shape,
  words: {
    summary: "Change a customer's plan",
    description:
      "An upgrade is charged to their card at once and holds when it is paid; anything else holds from the period's end.",
  },
});
const endRoute = actRoute({
  ...acting,
  path: "/admin/customers/{id}/subscription/end",
  fields: {
    when: z.enum(["period_end", "now"]).openapi({ description: "Nothing is paid back, either way." }),
  },
  words: { summary: "End a customer's plan", description: "At the end of what was paid, or at once." },
});
const resumeRoute = actRoute({
  ...acting,
  path: "/admin/customers/{id}/subscription/resume",
  fields: {},
  words: {
    summary: "Resume a customer's plan",
    description: "Takes back its end, or a change that has not happened yet.",
  },
});

export const planActsOffice = newRouter()
  .openapi(readRoute, async (c) => {
    const { accountId } = await customerOf(c.req.valid("param").id);
    const standing = await readPlanStanding(accountId);
    if (!standing) throw new Refusal("not_subscribed");
    return c.json(standingJson(standing), 200);
  })
  .openapi(previewRoute, async (c) => {
    const { accountId } = await customerOf(c.req.valid("param").id);
    return c.json(previewJson(await previewChange(accountId, c.req.valid("json"))), 200);
  })
  .openapi(changeRoute, async (c) => {
    const { reason, ...wanted } = c.req.valid("json");
    const on = await customerOf(c.req.valid("param").id);
    return c.json(outcomeJson(await changePlanOf(on, wanted, requestOf(c, { reason }))), 200);
  })
  .openapi(endRoute, async (c) => {
    const { when, reason } = c.req.valid("json");
    const on = await customerOf(c.req.valid("param").id);
    return c.json(outcomeJson(await endPlanOf(on, when, requestOf(c, { reason }))), 200);
  })
  .openapi(resumeRoute, async (c) => {
    const on = await customerOf(c.req.valid("param").id);
    return c.json(outcomeJson(await resumePlanOf(on, requestOf(c, c.req.valid("json")))), 200);
  });

/** @throws Refusal not_found for nobody */
export async function customerOf(id: string): Promise<ActOn> {
  return { userId: userIdOf(id), accountId: await accountOfCustomer(id) };
}

function standingJson({ periodEnd, pending, ...standing }: PlanStanding): PlanStandingJson {
  return standingSchema.parse({
    ...standing,
    periodEnd: periodEnd.toISOString(),
    pending: pending && { ...pending, at: pending.at?.toISOString() ?? null },
  });
}
