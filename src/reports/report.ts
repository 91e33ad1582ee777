import { and, eq } from "drizzle-orm";
import { db } from "#platform/db";
import { type Id, newId } from "#platform/id";
import { limit } from "#platform/rate-limit";
import { Refusal } from "#platform/refusal";
import { contentReports } from "#schema";
import { isOver, type Owner, viewRun } from "#tools";

/** A customer says that a result should not be: once for each run, and slowly. */

export const reportReasons = contentReports.reason.enumValues;
export type ReportReason = (typeof reportReasons)[number];
export type Report = typeof contentReports.$inferSelect;

const perHour = { name: "report", points: 10, seconds: 60 * 60 };

/**
 * Reports a run's result. Who reported it before gets what they said then.
 * @throws Refusal not_found for another's run, nothing_to_report, rate_limited
 */
export async function reportResult(
  { owner, userId }: { owner: Owner; userId: Id<"user"> },
  runId: string,
  { reason, words }: { reason: ReportReason; words: string | null },
): Promise<{ report: Report; repeated: boolean }> {
  const run = await viewRun(owner, runId);
  const earlier = await findReport(run.id, userId);
  if (earlier) return { report: earlier, repeated: true };
  // What is still being made cannot be taken away yet.
  if (!isOver(run) || run.purgedAt || (run.outputs.length === 0 && run.text === null))
    throw new Refusal("nothing_to_report");
  await limit(perHour, userId);
  const [report] = await db()
    .insert(contentReports)
    .values({ id: newId("report"), runId: run.id, userId, reason, words })
    .onConflictDoNothing()
    .returning();
  if (report) return { report, repeated: false };
  // The same click twice at the same moment.
  const first = await findReport(run.id, userId);
  if (!first) throw new Refusal("not_found");
  return { report: first, repeated: true };
}

/** What somebody said of a run; null when they have not. */
export async function findReport(runId: string, userId: Id<"user">): Promise<Report | null> {
  const [row] = await db()
    .select()
    .from(contentReports)
    .where(and(eq(contentReports.runId, runId), eq(contentReports.userId, userId)));
  return row ?? null;
}
