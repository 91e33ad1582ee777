import { createRoute, z } from "@hono/zod-openapi";
import { previewRetry, retryPayment } from "#billing";
import { sendConfirmation } from "#identity";
import { actRoute } from "./act-route";
import { customerOf } from "./admin-plan-acts";
import { reasonSchema } from "./admin-staff";
import { amountSchema } from "./billing-schemas";
import { problems } from "./problem";
import { newRouter } from "./router";
import { bodyOf, idempotent, idParam, json } from "./schemas";
import { needs, requestOf, userIdOf } from "./staff";
import { outcomeJson, stripeAnswer } from "./stripe-outcome";

/** What is tried once more: the payment of an open invoice, and the letter that asks to confirm an address. */

const right = "payments.retry";

const previewSchema = z
  .object({
    amountCents: amountSchema,
    currency: z.string(),
    card: z
      .object({ brand: z.string(), last4: z.string(), expMonth: z.int(), expYear: z.int() })
      .nullable()
      .openapi({ description: "What is charged; null: there is none, and it will be refused." }),
    payUrl: z.string().nullable().openapi({ description: "Where the customer can pay it themselves." }),
  })
  .openapi("RetryPreview");

export type RetryPreviewJson = z.infer<typeof previewSchema>;

const tags = ["Back office"];
const params = idParam("A user's id.").extend({
  invoice: z.string().max(64).openapi({ description: "Stripe's id of the invoice." }),
});
const whoCodes = ["unauthenticated", "forbidden", "not_found", "malformed_request"] as const;
const payCodes = ["invoice_not_open", "payments_off"] as const;

const previewRoute = createRoute({
  method: "get",
  path: "/admin/customers/{id}/invoices/{invoice}/retry",
  tags,
  summary: "What another try to collect an invoice would charge",
  ...needs(right),
  request: { params },
  responses: {
    200: { description: "Nothing was charged.", content: json(previewSchema) },
    ...problems(...whoCodes, ...payCodes),
  },
});

const retryRoute = actRoute({
  ...{ path: "/admin/customers/{id}/invoices/{invoice}/retry", right, params, fields: {} },
  words: {
    summary: "Charge an open invoice once more",
    description: "With the customer's card. An invoice is paid once, however often it is tried.",
  },
  answer: stripeAnswer,
  codes: [...whoCodes, ...payCodes, "invalid_request", "payments_unreachable", "idempotency_conflict"],
});

const confirmRoute = createRoute({
  method: "post",
  path: "/admin/customers/{id}/confirmation",
  tags,
  summary: "Send a customer another link to confirm their address",
  description: "Counted against the limits of that address.",
  ...needs("customers.confirm"),
  request: {
    params: idParam("A user's id."),
    headers: idempotent,
    body: bodyOf(z.strictObject({ reason: reasonSchema })),
  },
  responses: {
    202: { description: "It is sent, now or by the same key before." },
    ...problems(...whoCodes, "mail_verified", "invalid_request", "idempotency_conflict"),
  },
});

export const retriesOffice = newRouter()
  .openapi(previewRoute, async (c) => {
    const { id, invoice } = c.req.valid("param");
    const { accountId } = await customerOf(id);
    return c.json(await previewRetry(accountId, invoice), 200);
  })
  .openapi(retryRoute, async (c) => {
    const { id, invoice } = c.req.valid("param");
    const request = requestOf(c, c.req.valid("json"));
    return c.json(outcomeJson(await retryPayment(await customerOf(id), invoice, request)), 200);
  })
  .openapi(confirmRoute, async (c) => {
    await sendConfirmation(userIdOf(c.req.valid("param").id), requestOf(c, c.req.valid("json")));
    return c.body(null, 202);
  });
