import { createRoute, z } from "@hono/zod-openapi";
import { lastReconciliations, type Reconciliation, requestReconciliation } from "#insight";
import { problems } from "./problem";
import { newRouter } from "./router";
import { timeSchema } from "./schemas";
import { actorOf, needs } from "./staff";

/** The proof of the ledger, for its page: asking for one and following it. */

const reconciliationSchema = z
  .object({
    id: z.string(),
    status: z.enum(["waiting", "done", "failed"]),
    requestedBy: z.string().nullable().openapi({ description: "Null: the nightly one, or the terminal." }),
    createdAt: timeSchema,
    asOf: timeSchema.nullable().openapi({ description: "The moment whose books were read." }),
    endedAt: timeSchema.nullable(),
    accounts: z.int().nullable(),
    entries: z.int().nullable(),
    findingCount: z.int().nullable().openapi({ description: "0 is the proof." }),
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
    error: z.string().nullable(),
  })
  .openapi("Reconciliation");

export type ReconciliationJson = z.infer<typeof reconciliationSchema>;

const lastSchema = z
  .object({
    latest: reconciliationSchema.nullable(),
    done: reconciliationSchema.nullable().openapi({ description: "The newest that came to its end." }),
  })
  .openapi("LastReconciliations");

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

export const ledgerOffice = newRouter()
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
  return {
    ...row,
    createdAt: row.createdAt.toISOString(),
    asOf: row.asOf?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}
