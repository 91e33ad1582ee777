import { desc, eq, getTableColumns, sql } from "drizzle-orm";
import type { Task } from "graphile-worker";
import { z } from "zod";
import { inSnapshot, type Proof, prove } from "#ledger";
import { type Actor, recordAct } from "#platform/audit";
import { db, type Tx } from "#platform/db";
import { type Id, newId } from "#platform/id";
import { enqueue, type Tasks } from "#platform/queue";
import { reconciliations, users } from "#schema";
import { type Money, moneySchema, readMoney } from "./money";

/** The proof of the ledger, asked for by a button, every night or from the terminal, and remembered. */

const findingSchema = z.object({
  invariant: z.string(),
  accountId: z.string().nullable(),
  subject: z.string().nullable(),
  found: z.number(),
  expected: z.number(),
});

export type Reconciliation = Omit<typeof reconciliations.$inferSelect, "findings" | "money"> & {
  findings: z.infer<typeof findingSchema>[];
  money: Money | null;
};

/** The newest one, and the newest that was done. */
export async function lastReconciliations(): Promise<{
  latest: Reconciliation | null;
  done: Reconciliation | null;
}> {
  const newest = (done: boolean) =>
    db()
      .select()
      .from(reconciliations)
      .where(done ? eq(reconciliations.status, "done") : undefined)
      .orderBy(desc(reconciliations.id))
      .limit(1);
  const [[latest], [done]] = await Promise.all([newest(false), newest(true)]);
  return { latest: latest ? read(latest) : null, done: done ? read(done) : null };
}

/** One without its findings and its money view, and with the mail address of who asked. */
export type ReconciliationSummary = Omit<Reconciliation, "findings" | "money"> & {
  requestedByMail: string | null;
};

/** A page of them, newest first; `before` is the id that the page before ended with. */
export async function listReconciliations({
  limit,
  before,
}: {
  limit: number;
  before?: string | undefined;
}): Promise<{ reconciliations: ReconciliationSummary[]; next: string | null }> {
  const { findings: _findings, money: _money, ...columns } = getTableColumns(reconciliations);
  const rows = await db()
    .select({ ...columns, requestedByMail: users.email })
    .from(reconciliations)
    .leftJoin(users, eq(users.id, reconciliations.requestedBy))
    .where(before === undefined ? undefined : sql`${reconciliations.id} < ${before}`)
    .orderBy(desc(reconciliations.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  return { reconciliations: page, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

/** Asks for one by a job. While one waits, that is the answer. */
export async function requestReconciliation(by: Actor | null): Promise<Reconciliation> {
  return db().transaction(async (tx) => {
    const [made] = await tx
      .insert(reconciliations)
      .values({ id: newId("reconciliation"), requestedBy: by?.id ?? null })
      .onConflictDoNothing()
      .returning();
    if (!made) return requireWaiting(tx);
    await enqueue(tx, "insight.reconcile", { id: made.id }, { key: "insight.reconcile", maxAttempts });
    if (by) {
      await recordAct(tx, {
        by,
        action: "ledger.reconcile",
        object: { type: "reconciliation", id: made.id },
      });
    }
    return read(made);
  });
}

/** Does one now and remembers it. */
export async function reconcileNow(): Promise<Proof> {
  const proof = await readAll();
  await db()
    .insert(reconciliations)
    .values({ id: newId("reconciliation"), status: "done", ...columns(proof) });
  return proof.proof;
}

const maxAttempts = 3;

const reconcileTask: Task = async (payload, { job }) => {
  const { id } = z.object({ id: z.string() }).parse(payload);
  const mine = eq(reconciliations.id, id as Id<"reconciliation">);
  try {
    await db()
      .update(reconciliations)
      .set({ status: "done", ...columns(await readAll()) })
      .where(mine);
  } catch (error) {
    if (job.attempts >= job.max_attempts) {
      const message = error instanceof Error ? error.message : String(error);
      await db()
        .update(reconciliations)
        .set({ status: "failed", error: message.slice(0, 500), endedAt: new Date() })
        .where(mine);
    }
    throw error;
  }
};

export const reconciliationTasks: Tasks = {
  system: {
    "insight.reconcile": reconcileTask,
    "insight.reconcile-nightly": async () => void (await requestReconciliation(null)),
  },
  cron: [{ task: "insight.reconcile-nightly", match: "17 3 * * *" }],
};

type Reading = { proof: Proof; money: Money };

/** Proof and money view of the same moment, so that they agree. */
async function readAll(): Promise<Reading> {
  return inSnapshot(db(), async (tx) => ({ proof: await prove(tx), money: await readMoney(tx) }));
}

function columns({ proof, money }: Reading) {
  return {
    asOf: proof.asOf,
    endedAt: new Date(),
    accounts: proof.accounts,
    entries: proof.entries,
    findingCount: proof.count,
    findings: proof.findings.map(({ found, expected, ...finding }) => ({
      ...finding,
      found: Number(found),
      expected: Number(expected),
    })),
    money,
  };
}

async function requireWaiting(tx: Tx): Promise<Reconciliation> {
  const [waiting] = await tx.select().from(reconciliations).where(eq(reconciliations.status, "waiting"));
  if (waiting) return read(waiting);
  // It ended between the two statements: what it found is as fresh as can be.
  const [latest] = await tx.select().from(reconciliations).orderBy(desc(reconciliations.id)).limit(1);
  if (!latest) throw new Error("A reconciliation that was there is gone.");
  return read(latest);
}

function read({ findings, money, ...row }: typeof reconciliations.$inferSelect): Reconciliation {
  return {
    ...row,
    findings: findings === null ? [] : z.array(findingSchema).parse(findings),
    money: money === null ? null : moneySchema.parse(money),
  };
}
