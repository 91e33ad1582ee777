import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { previewRefund, type RefundPreview, type RefundWish, refundInvoice } from "#billing";
import { accountOf } from "#identity";
import { findCustomer } from "#insight";
import { config } from "#platform/config";
import type { Id } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { reasonSchema } from "./admin-staff";
import { problems } from "./problem";
import { type ApiEnv, newRouter } from "./router";
import { creditsJson, creditsSchema, idempotent } from "./schemas";
import { needs, requestOf, requireRight, userIdOf } from "./staff";

/** Paying an invoice back, with what that takes back in credits said before. */

const right = "payments.refund";
const centsSchema = z.int().openapi({ description: "In the currency's minor unit." });
const amountCents = z.int().min(1).max(1_000_000_000).nullable().default(null).openapi({
  description: "In the currency's minor unit; null: all that is left, or all that you may.",
});

const previewSchema = z
  .object({
    currency: z.string(),
    totalCents: centsSchema,
    refundedCents: centsSchema.openapi({ description: "Paid back before, or on its way." }),
    amountCents: centsSchema,
    limitCents: centsSchema.nullable().openapi({
      description: "The most you may still pay back of it; null: all that is left.",
    }),
    granted: creditsSchema.openapi({
      description: "Credits of this invoice that were not taken back before.",
    }),
    takesBack: creditsSchema.openapi({ description: "Unspent credits that go." }),
    spent: creditsSchema.openapi({
      description: "Credits that should go and are spent, or held by runs: they stay spent.",
    }),
  })
  .openapi("RefundPreview");

const refundSchema = z
  .object({
    id: z.string(),
    status: z.enum(["asked", "done", "refused"]).openapi({
      description:
        "`asked`: Stripe has not answered, and is asked again by itself. `refused`: nothing was paid back.",
    }),
    amountCents: centsSchema,
    currency: z.string(),
    error: z.string().nullable().openapi({ description: "Stripe's code." }),
  })
  .openapi("Refund");

export type RefundPreviewJson = z.infer<typeof previewSchema>;
export type RefundJson = z.infer<typeof refundSchema>;

const tags = ["Back office"];
const params = z.object({
  id: z.string().max(64).openapi({ description: "A user's id." }),
  invoice: z.string().max(64).openapi({ description: "Stripe's id of the invoice." }),
});
const codes = [
  ...["unauthenticated", "forbidden", "not_found", "malformed_request", "invalid_request"],
  ...["not_refundable", "refund_too_large", "payments_off", "payments_unreachable"],
] as const;

const previewRoute = createRoute({
  method: "post",
  path: "/admin/customers/{id}/invoices/{invoice}/refunds/preview",
  tags,
  summary: "What a refund would come to",
  ...needs(right),
  request: {
    params,
    body: { required: true, content: { "application/json": { schema: z.strictObject({ amountCents }) } } },
  },
  responses: {
    200: { description: "Nothing was changed.", content: { "application/json": { schema: previewSchema } } },
    ...problems(...codes),
  },
});

const refundRoute = createRoute({
  method: "post",
  path: "/admin/customers/{id}/invoices/{invoice}/refunds",
  tags,
  summary: "Pay an invoice back",
  description:
    "Whole or in part; admins up to REFUND_LIMIT of one invoice. The same share of its credits is taken back as of the money, as far as they are unspent.",
  ...needs(right),
  request: {
    params,
    headers: idempotent,
    body: {
      required: true,
      content: { "application/json": { schema: z.strictObject({ amountCents, reason: reasonSchema }) } },
    },
  },
  responses: {
    200: {
      description: "What this key did before.",
      content: { "application/json": { schema: refundSchema } },
    },
    201: { description: "The refund.", content: { "application/json": { schema: refundSchema } } },
    ...problems(...codes, "idempotency_conflict"),
  },
});

export const refundsOffice = newRouter()
  .openapi(previewRoute, async (c) => {
    const wish = await wishOf(c, c.req.valid("param"), c.req.valid("json").amountCents);
    return c.json(previewJson(await previewRefund(wish)), 200);
  })
  .openapi(refundRoute, async (c) => {
    const body = c.req.valid("json");
    const wish = await wishOf(c, c.req.valid("param"), body.amountCents);
    const { refund, repeated } = await refundInvoice(wish, requestOf(c, body));
    const { id, status, amountCents, currency, error } = refund;
    return c.json({ id, status, amountCents, currency, error }, repeated ? 200 : 201);
  });

async function wishOf(
  c: Context<ApiEnv>,
  { id, invoice }: z.infer<typeof params>,
  amountCents: number | null,
): Promise<RefundWish> {
  const { user } = requireRight(c, right);
  const limit = user.role === "owner" ? null : config().REFUND_LIMIT;
  return { accountId: await accountOfCustomer(id), invoiceId: invoice, amountCents, limit };
}

/** @throws Refusal not_found for nobody */
export async function accountOfCustomer(id: string): Promise<Id<"account">> {
  const customer = await findCustomer(userIdOf(id));
  if (!customer) throw new Refusal("not_found");
  return customer.accountId ?? accountOf(customer.id);
}

function previewJson({ granted, takesBack, spent, ...money }: RefundPreview): RefundPreviewJson {
  return {
    ...money,
    granted: creditsJson(granted),
    takesBack: creditsJson(takesBack),
    spent: creditsJson(spent),
  };
}
