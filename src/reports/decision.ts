import { and, asc, desc, eq, gt, sql } from "drizzle-orm";
import { type Actor, recordAct } from "#platform/audit";
import { db, type Tx } from "#platform/db";
import type { Id } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { acts, contentReports, runs, users } from "#schema";
import {
  announceRun,
  cancelContinuations,
  type Output,
  ownerOf,
  type Run,
  readOutputText,
  readRun,
  removeResult,
  requireOutput,
  viewRun,
} from "#tools";
import type { Report } from "./report";

/** What staff do with a report. The result is theirs to see only when they ask for it, and the log tells that. */

export const reportStates = contentReports.status.enumValues;
export type ReportState = (typeof reportStates)[number];

export type OfficeReport = Report & {
  tool: string;
  customerMail: string;
  /** There is still a result to look at. */
  hasResult: boolean;
};

/** A page: open ones oldest first, decided ones newest first. `after` is the id that the page before ended with. */
export async function listReports({
  status,
  limit,
  after,
}: {
  status: ReportState;
  limit: number;
  after?: string | undefined;
}): Promise<{ reports: OfficeReport[]; next: string | null }> {
  const open = status === "open";
  const beyond = open ? sql`${contentReports.id} > ${after}` : sql`${contentReports.id} < ${after}`;
  const rows = await db()
    .select({
      report: contentReports,
      tool: runs.tool,
      customerMail: users.email,
      hasResult: sql<boolean>`${runs.purgedAt} is null and exists (select from outputs o where o.run_id = ${runs.id})`,
    })
    .from(contentReports)
    .innerJoin(runs, eq(runs.id, contentReports.runId))
    .innerJoin(users, eq(users.id, contentReports.userId))
    .where(and(eq(contentReports.status, status), after === undefined ? undefined : beyond))
    .orderBy(open ? asc(contentReports.id) : desc(contentReports.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit).map(({ report, ...rest }) => ({ ...report, ...rest }));
  return { reports: page, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

export type ReportedResult = { text: string | null; outputs: (Output & { text: string | null })[] };

/** Shows what was reported, and records that it was shown. @throws Refusal not_found, also when it is gone */
export async function lookAtResult(id: Id<"report">, by: Actor): Promise<ReportedResult> {
  const { report, run } = await requireReport(id);
  const view = await viewRun(ownerOf(run), run.id);
  if (view.purgedAt || (view.outputs.length === 0 && view.text === null)) throw new Refusal("not_found");
  await db().transaction((tx) =>
    recordAct(tx, {
      ...{ by, action: "report.look", object: { type: "report", id }, customerId: report.userId },
      after: { run: run.id },
    }),
  );
  const shown = await Promise.all(
    view.outputs.map(async (output) => ({ ...output, text: await readOutputText(output) })),
  );
  return { text: view.text, outputs: shown };
}

/** For so long after looking may a result's files be opened. */
const lookMinutes = 60;

/** One file of it, for whoever has looked. @throws Refusal not_found, report_not_looked */
export async function requireReported(
  id: Id<"report">,
  position: number,
  by: Pick<Actor, "id">,
): Promise<Output> {
  const { run } = await requireReport(id);
  const looked = await db().$count(
    acts,
    and(
      ...[eq(acts.objectType, "report"), eq(acts.objectId, id), eq(acts.action, "report.look")],
      ...[sql`${acts.actorId} = ${by.id}`],
      gt(acts.createdAt, sql`now() - make_interval(mins => ${lookMinutes}::int)`),
    ),
  );
  if (looked === 0) throw new Refusal("report_not_looked");
  return requireOutput(ownerOf(run), run.id, position);
}

/**
 * Closes a report: what was reported stays, or is removed. Of two who decide at once the second is told; with a
 * removal, whatever else is open about the same run is closed as well.
 * @throws Refusal not_found, report_decided
 */
export async function decideReport(
  id: Id<"report">,
  decision: Exclude<ReportState, "open">,
  { by, reason }: { by: Actor; reason: string },
): Promise<void> {
  const { report } = await requireReport(id);
  const removed = await db().transaction(async (tx) => {
    await close(tx, report, decision, by);
    await recordAct(tx, {
      ...{ by, action: "report.decide", object: { type: "report", id }, customerId: report.userId, reason },
      ...{ before: { status: "open" }, after: { status: decision, run: report.runId } },
    });
    // Last: files that are deleted do not come back with a transaction that is rolled back.
    return decision === "removed" ? await removeResult(tx, report.runId) : null;
  });
  if (!removed) return;
  announceRun(removed);
  await cancelContinuations(report.runId);
}

async function close(
  tx: Tx,
  { id, runId }: Report,
  status: Exclude<ReportState, "open">,
  by: Actor,
): Promise<void> {
  // Of one run in one order, so that two who decide at once wait for each other.
  await tx
    .select({ id: contentReports.id })
    .from(contentReports)
    .where(eq(contentReports.runId, runId))
    .orderBy(asc(contentReports.id))
    .for("update");
  const which = status === "removed" ? eq(contentReports.runId, runId) : eq(contentReports.id, id);
  const closed = await tx
    .update(contentReports)
    .set({ status, decidedBy: by.id, decidedAt: sql`now()` })
    .where(and(which, eq(contentReports.status, "open")))
    .returning({ id: contentReports.id });
  if (!closed.some((one) => one.id === id)) throw new Refusal("report_decided");
}

async function requireReport(
  id: Id<"report">,
): Promise<{ report: Report; run: Pick<Run, "id" | "accountId" | "visitorId"> }> {
  const [found] = await db()
    .select({ report: contentReports, run: runs })
    .from(contentReports)
    .innerJoin(runs, eq(runs.id, contentReports.runId))
    .where(eq(contentReports.id, id));
  if (!found) throw new Refusal("not_found");
  return { report: found.report, run: readRun(found.run) };
}
