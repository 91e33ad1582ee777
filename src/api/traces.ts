import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { findPayment, type Payment } from "#billing";
import { findLotPayment } from "#insight";
import { type AccountId, type Trace, traceEntry, traceLot } from "#ledger";
import { db } from "#platform/db";
import { isId } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { type Run, requireRun, runStatuses } from "#tools";
import { lotSchema, sources } from "./balance";
import { accountCodes, accountRequest, requireAccount } from "./caller";
import { entryJson, entrySchema } from "./entries";
import { problems } from "./problem";
import { type ApiEnv, newRouter } from "./router";
import { creditsJson, creditsSchema, idParam, timeSchema } from "./schemas";

/** Why an entry is what it is: from the payment to the lot, the hold, the run and what was returned. */

const paymentSchema = z
  .object({
    id: z.string(),
    number: z.string().nullable(),
    status: z.enum(["draft", "open", "paid", "uncollectible", "void"]),
    currency: z.string(),
    totalCents: z.int(),
    refundedCents: z.int().openapi({ description: "What was paid back, or is disputed." }),
    paidAt: timeSchema.nullable(),
    pdfUrl: z.string().nullable(),
  })
  .openapi("Payment");

const traceSchema = z
  .object({
    entry: entrySchema,
    lot: lotSchema.openapi({ description: "The lot as it is now." }),
    issued: entrySchema.openapi({ description: "The entry by which the lot came." }),
    payment: z
      .object({ currency: z.string(), amount: z.int().openapi({ description: "In its smallest unit." }) })
      .nullable()
      .openapi({
        description: "What was paid for the lot, without tax. Null: nobody paid for it, or an API key asks.",
      }),
    invoice: paymentSchema
      .nullable()
      .openapi({ description: "The invoice by which the lot came. Null for API keys, as all of billing." }),
    hold: z
      .object({
        holdId: z.string(),
        status: z.enum(["open", "captured", "released", "expired"]),
        credits: creditsSchema.openapi({ description: "How many were reserved." }),
        captured: creditsSchema.openapi({ description: "How many of them were charged." }),
        returned: creditsSchema.openapi({ description: "How many went back to their lots." }),
        createdAt: timeSchema,
        endedAt: timeSchema.nullable(),
        lots: z.array(z.object({ grantId: z.string(), source: z.enum(sources), credits: creditsSchema })),
      })
      .nullable()
      .openapi({ description: "Null: nothing was reserved beforehand." }),
    run: z
      .object({
        id: z.string(),
        tool: z.string(),
        status: z.enum(runStatuses),
        createdAt: timeSchema,
        endedAt: timeSchema.nullable(),
      })
      .nullable(),
  })
  .openapi("Trace");

export type TraceJson = z.infer<typeof traceSchema>;

const answer = {
  200: { description: "The trace.", content: { "application/json": { schema: traceSchema } } },
  ...problems(...accountCodes),
};

const entryRoute = createRoute({
  method: "get",
  path: "/entries/{seq}/trace",
  tags: ["Credits"],
  summary: "Where an entry’s credits came from and went",
  request: {
    ...accountRequest,
    params: z.object({
      seq: z
        .string()
        .regex(/^[1-9]\d{0,15}$/, "an entry's number")
        .openapi({ description: "The entry's `seq`." }),
    }),
  },
  responses: answer,
});

const lotRoute = createRoute({
  method: "get",
  path: "/lots/{id}/trace",
  tags: ["Credits"],
  summary: "Where a lot came from",
  description: "The trace of the entry by which it came.",
  request: { ...accountRequest, params: idParam("The lot's `grantId`.") },
  responses: answer,
});

export const traces = newRouter()
  .openapi(entryRoute, async (c) => {
    const accountId = await requireAccount(c, "credits.read");
    const found = await traceEntry(db(), accountId, BigInt(c.req.valid("param").seq));
    return c.json(await traceJson(c, accountId, found), 200);
  })
  .openapi(lotRoute, async (c) => {
    const accountId = await requireAccount(c, "credits.read");
    const { id } = c.req.valid("param");
    const found = isId("grant", id) ? await traceLot(db(), accountId, id) : null;
    return c.json(await traceJson(c, accountId, found), 200);
  });

async function traceJson(c: Context<ApiEnv>, accountId: AccountId, found: Trace | null): Promise<TraceJson> {
  if (!found) throw new Refusal("not_found");
  const { entry, lot, issued, hold } = found;
  // Keys read credits; what was paid is billing's, which is closed to them.
  const byKey = Boolean(c.get("keyHolder"));
  const [payment, invoice, run] = await Promise.all([
    byKey ? null : findLotPayment(db(), accountId, lot.grantId),
    issued.reference?.type === "invoice" && !byKey ? findPayment(accountId, issued.reference.id) : null,
    entry.reference?.type === "run" ? findOwnRun(accountId, entry.reference.id) : null,
  ]);
  return {
    entry: entryJson(entry),
    issued: entryJson(issued),
    lot: {
      ...{ grantId: lot.grantId, source: lot.source },
      credits: creditsJson(lot.credits),
      remaining: creditsJson(lot.remaining),
      held: creditsJson(lot.held),
      expiresAt: lot.expiresAt?.toISOString() ?? null,
      createdAt: lot.createdAt.toISOString(),
    },
    payment: payment && { currency: payment.currency, amount: Number(payment.amount) },
    invoice: invoice && paymentJson(invoice),
    hold: hold && holdJson(hold),
    run: run && {
      ...{ id: run.id, tool: run.tool, status: run.status },
      createdAt: run.createdAt.toISOString(),
      endedAt: run.endedAt?.toISOString() ?? null,
    },
  };
}

function paymentJson({ paidAt, ...payment }: Payment): NonNullable<TraceJson["invoice"]> {
  return { ...payment, paidAt: paidAt?.toISOString() ?? null };
}

function holdJson(hold: NonNullable<Trace["hold"]>): TraceJson["hold"] {
  const { holdId, status, credits, captured, createdAt, endedAt, lots } = hold;
  return {
    ...{ holdId, status },
    credits: creditsJson(credits),
    captured: creditsJson(captured),
    returned: status === "open" ? 0 : creditsJson(credits - captured),
    createdAt: createdAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    lots: lots.map((lot) => ({ ...lot, credits: creditsJson(lot.credits) })),
  };
}

/** Null for a run that is not there: an integrator names runs of his own. */
async function findOwnRun(accountId: AccountId, id: string): Promise<Run | null> {
  try {
    return await requireRun({ accountId }, id);
  } catch (error) {
    if (error instanceof Refusal && error.code === "not_found") return null;
    throw error;
  }
}
