import { createRoute, z } from "@hono/zod-openapi";
import {
  beginCheckout,
  cancelSubscription,
  changePlan,
  changeTopUp,
  listInvoices,
  openPortal,
  previewChange,
  readCheckout,
  readOverview,
  resumeSubscription,
} from "#billing";
import { changeJson, checkoutJson, invoiceJson, overviewJson, previewJson } from "./billing-json";
import {
  billingSchema,
  checkoutBody,
  checkoutSchema,
  invoicePage,
  planChangeBody,
  planChangePreviewSchema,
  planChangeSchema,
  portalBody,
  redirectSchema,
  topUpBody,
} from "./billing-schemas";
import { requireUser } from "./caller";
import { problems } from "./problem";
import { newRouter } from "./router";
import { bodyOf, idempotent, json, pageQuery, readTimeCursor, writeTimeCursor } from "./schemas";

/** Plans, payments and top-ups: for the person who pays, signed in; an API key buys nothing. */

const tags = ["Billing"];
const whoCodes = ["unauthenticated", "forbidden"] as const;
const bodyCodes = ["malformed_request", "invalid_request"] as const;
const stripeCodes = ["payments_off", "payments_unreachable"] as const;
const changeCodes = [
  "not_subscribed",
  "plan_unchanged",
  "change_pending",
  "price_changed",
  "payment_failed",
  "card_missing",
] as const;

const overviewRoute = createRoute({
  method: "get",
  path: "/billing",
  tags,
  summary: "Your plan, what it costs, and what happens next",
  responses: { 200: { description: "All of it.", content: json(billingSchema) }, ...problems(...whoCodes) },
});

const invoicesRoute = createRoute({
  method: "get",
  path: "/billing/invoices",
  tags,
  summary: "Invoices",
  description: "Newest first, with the credits each has granted.",
  request: { query: z.object(pageQuery) },
  responses: {
    200: { description: "A page.", content: json(invoicePage) },
    ...problems(...whoCodes, "invalid_request"),
  },
});

const readCheckoutRoute = createRoute({
  method: "get",
  path: "/billing/checkout/{sessionId}",
  tags,
  summary: "What has become of a purchase",
  description: "Ask again every second while it is `open` or `confirming`. Asking adds nothing.",
  request: { params: z.object({ sessionId: z.string().max(200) }) },
  responses: {
    200: { description: "Its state.", content: json(checkoutSchema) },
    ...problems(...whoCodes, "not_found"),
  },
});

const checkoutRoute = createRoute({
  method: "post",
  path: "/billing/checkout",
  tags,
  summary: "Buy a plan or a pack",
  request: { headers: idempotent, body: bodyOf(checkoutBody) },
  responses: {
    201: { description: "Stripe's page to pay on.", content: json(redirectSchema) },
    ...problems(
      ...whoCodes,
      ...(["already_subscribed", "currency_fixed", "account_flagged"] as const),
      "idempotency_conflict",
      ...stripeCodes,
      ...bodyCodes,
    ),
  },
});

const portalRoute = createRoute({
  method: "post",
  path: "/billing/portal",
  tags,
  summary: "Change the card",
  description: "Gives the address of Stripe's portal.",
  request: { body: bodyOf(portalBody) },
  responses: {
    201: { description: "Stripe's page.", content: json(redirectSchema) },
    ...problems(...whoCodes, ...stripeCodes, ...bodyCodes),
  },
});

const previewRoute = createRoute({
  method: "post",
  path: "/billing/plan-change/preview",
  tags,
  summary: "What a change of plan costs and brings",
  request: { body: bodyOf(planChangeBody) },
  responses: {
    200: { description: "Nothing is changed.", content: json(planChangePreviewSchema) },
    ...problems(...whoCodes, ...changeCodes, ...stripeCodes, ...bodyCodes),
  },
});

const changeRoute = createRoute({
  method: "post",
  path: "/billing/plan-change",
  tags,
  summary: "Change the plan",
  description:
    "An upgrade is charged at once and takes effect when it is paid; anything else at the period's end.",
  request: { headers: idempotent, body: bodyOf(planChangeBody) },
  responses: {
    200: { description: "What it came to.", content: json(planChangeSchema) },
    ...problems(...whoCodes, ...changeCodes, ...stripeCodes, ...bodyCodes),
  },
});

const cancelRoute = createRoute({
  method: "post",
  path: "/billing/cancel",
  tags,
  summary: "Cancel at the period's end",
  responses: {
    200: { description: "The plan stays until then.", content: json(billingSchema) },
    ...problems(...whoCodes, "not_subscribed", ...stripeCodes),
  },
});

const resumeRoute = createRoute({
  method: "post",
  path: "/billing/resume",
  tags,
  summary: "Take back a cancellation or a change to come",
  responses: {
    200: { description: "It goes on as before.", content: json(billingSchema) },
    ...problems(...whoCodes, "not_subscribed", ...stripeCodes),
  },
});

const topUpRoute = createRoute({
  method: "patch",
  path: "/billing/top-up",
  tags,
  summary: "Auto top-up",
  description: "Off until it is turned on, and never without a monthly limit.",
  request: { body: bodyOf(topUpBody) },
  responses: {
    200: { description: "As it is now.", content: json(billingSchema) },
    ...problems(...whoCodes, ...stripeCodes, ...bodyCodes),
  },
});

const cursorForm = /^\d{1,15} [\w-]{1,100}$/;

export const billing = newRouter()
  .openapi(overviewRoute, async (c) =>
    c.json(overviewJson(await readOverview(requireUser(c).accountId)), 200),
  )
  .openapi(invoicesRoute, async (c) => {
    const { accountId } = requireUser(c);
    const { cursor, limit } = c.req.valid("query");
    const before = readTimeCursor(cursor, cursorForm);
    const { invoices, next } = await listInvoices(accountId, { before, limit });
    return c.json({ data: invoices.map(invoiceJson), nextCursor: writeTimeCursor(next) }, 200);
  })
  .openapi(readCheckoutRoute, async (c) => {
    const { accountId } = requireUser(c);
    return c.json(checkoutJson(await readCheckout(accountId, c.req.valid("param").sessionId)), 200);
  })
  .openapi(checkoutRoute, async (c) => {
    const { accountId } = requireUser(c);
    const key = c.req.valid("header")["Idempotency-Key"];
    return c.json({ url: await beginCheckout(accountId, c.req.valid("json"), key) }, 201);
  })
  .openapi(portalRoute, async (c) => {
    const { accountId } = requireUser(c);
    return c.json({ url: await openPortal(accountId, c.req.valid("json").returnTo) }, 201);
  })
  .openapi(previewRoute, async (c) => {
    const preview = await previewChange(requireUser(c).accountId, c.req.valid("json"));
    return c.json(previewJson(preview), 200);
  })
  .openapi(changeRoute, async (c) => {
    const { accountId } = requireUser(c);
    const key = c.req.valid("header")["Idempotency-Key"];
    const outcome = await changePlan(accountId, c.req.valid("json"), key);
    return c.json(changeJson(outcome, await readOverview(accountId)), 200);
  })
  .openapi(cancelRoute, async (c) => {
    const { accountId } = requireUser(c);
    await cancelSubscription(accountId);
    return c.json(overviewJson(await readOverview(accountId)), 200);
  })
  .openapi(resumeRoute, async (c) => {
    const { accountId } = requireUser(c);
    await resumeSubscription(accountId);
    return c.json(overviewJson(await readOverview(accountId)), 200);
  })
  .openapi(topUpRoute, async (c) => {
    const { accountId } = requireUser(c);
    await changeTopUp(accountId, c.req.valid("json"));
    return c.json(overviewJson(await readOverview(accountId)), 200);
  });
