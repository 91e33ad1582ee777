import { createRoute, z } from "@hono/zod-openapi";
import {
  lastReconciliations,
  listReconciliations,
  moneySchema,
  type Reconciliation,
  type ReconciliationSummary,
  requestReconciliation,
} from "#insight";
import { problems } from "./problem";
import { newRouter } from "./router";
import { pageOf, pageQuery, readCursor, timeSchema, writeCursor } from "./schemas";
import { actorOf, needs } from "./staff";

/** The proof of the ledger and the money view of the same moment, for their page. */

const facts = {
  id: z.string(),
  status: z.enum(["waiting", "done", "failed"]),
  requestedBy: z.string().nullable().openapi({ description: "Null: the nightly one, or the terminal." }),
  createdAt: timeSchema,
  asOf: timeSchema.nullable().openapi({ description: "The moment whose books were read." }),
  endedAt: timeSchema.nullable(),
  accounts: z.int().nullable(),
  entries: z.int().nullable(),
  findingCount: z.int().nullable().openapi({ description: "0 is the proof." }),
  error: z.string().nullable(),
};

const reconciliationSchema = z
  .object({
    ...facts,
    findings: z
      .array(
        z.object({
          invariant: z.string(),
          accountId: z.string().nullable(),
          subject: z.string().nullable(),
          found: z.number(),
          expected: z.number(),
        }),
      )
      .openapi({ description: "The first thousand." }),
  })
  .openapi("Reconciliation");

export type ReconciliationJson = z.infer<typeof reconciliationSchema>;

const lastSchema = z
  .object({
    latest: reconciliationSchema.nullable(),
    done: reconciliationSchema.nullable().openapi({ description: "The newest that came to its end." }),
  })
  .openapi("LastReconciliations");

const summarySchema = z
  .object({ ...facts, requestedByMail: z.string().nullable() })
  .openapi("ReconciliationSummary");

export type ReconciliationSummaryJson = z.infer<typeof summarySchema>;

const moneyViewSchema = moneySchema
  .extend({
    asOf: timeSchema.nullable().openapi({ description: "Null: the ledger was never proved yet." }),
  })
  .openapi("MoneyView");

export type MoneyViewJson = z.infer<typeof moneyViewSchema>;

const tags = ["Back office"];

const lastRoute = createRoute({
  method: "get",
  path: "/admin/reconciliations/last",
  tags,
  summary: "The last proof of the ledger",
  ...needs("ledger.read"),
  responses: {
    200: { description: "The last ones.", content: { "application/json": { schema: lastSchema } } },
    ...problems("unauthenticated", "forbidden", "not_found"),
  },
});

const requestRoute = createRoute({
  method: "post",
  path: "/admin/reconciliations",
  tags,
  summary: "Prove the ledger",
  description: "By a job that reads every row in one snapshot. While one waits, it is the answer.",
  ...needs("ledger.reconcile"),
  responses: {
    202: {
      description: "It will be done.",
      content: { "application/json": { schema: reconciliationSchema } },
    },
    ...problems("unauthenticated", "forbidden", "not_found"),
  },
});

const listRoute = createRoute({
  method: "get",
  path: "/admin/reconciliations",
  tags,
  summary: "Proofs of the ledger",
  description: "Newest first, without their findings.",
  ...needs("ledger.read"),
  request: { query: z.object(pageQuery) },
  responses: {
    200: {
      description: "A page of them.",
      content: { "application/json": { schema: pageOf(summarySchema).openapi("ReconciliationPage") } },
    },
    ...problems("unauthenticated", "forbidden", "not_found", "invalid_request"),
  },
});

const moneyRoute = createRoute({
  method: "get",
  path: "/admin/money",
  tags,
  summary: "The money view",
  description:
    "What was sold and given, what became of it and what is owed: of the moment of the last proof. Months are those of UTC.",
  ...needs("ledger.read"),
  responses: {
    200: { description: "The money view.", content: { "application/json": { schema: moneyViewSchema } } },
    ...problems("unauthenticated", "forbidden", "not_found"),
  },
});

export const ledgerOffice = newRouter()
  .openapi(listRoute, async (c) => {
    const { cursor, limit } = c.req.valid("query");
    const before = readCursor(cursor, /^rec_[0-9a-z]{26}$/);
    const { reconciliations, next } = await listReconciliations({ limit, before });
    return c.json({ data: reconciliations.map(withTimes), nextCursor: writeCursor(next) }, 200);
  })
  .openapi(moneyRoute, async (c) => {
    const { done } = await lastReconciliations();
    const { moved = [], owed = [], revenue = [] } = done?.money ?? {};
    return c.json({ asOf: done?.asOf?.toISOString() ?? null, moved, owed, revenue }, 200);
  })
  .openapi(lastRoute, async (c) => {
    const { latest, done } = await lastReconciliations();
    return c.json(
      { latest: latest && reconciliationJson(latest), done: done && reconciliationJson(done) },
      200,
    );
  })
  .openapi(requestRoute, async (c) =>
    c.json(reconciliationJson(await requestReconciliation(actorOf(c))), 202),
  );

function reconciliationJson({ money: _, ...row }: Reconciliation): ReconciliationJson {
  return withTimes(row);
}

function withTimes<T extends Omit<ReconciliationSummary, "requestedByMail">>(row: T) {
  return {
    ...row,
    createdAt: row.createdAt.toISOString(),
    asOf: row.asOf?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}
