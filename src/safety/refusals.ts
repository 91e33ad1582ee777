import { and, desc, eq, sql } from "drizzle-orm";
import { db } from "#platform/db";
import type { Id } from "#platform/id";
import { accounts, contentRefusals, missingVerdicts, runs, users } from "#schema";

/** What was refused of late, for the operator who writes the list. */

export type RefusedRun = {
  runId: string;
  tool: string;
  stage: "input" | "output";
  foundBy: "words" | "model" | "unjudged";
  found: string;
  /** Null for a visitor's. */
  customerId: Id<"user"> | null;
  customerMail: string | null;
  at: Date;
};

/** A page, newest first; `before` is what the page before ended with. */
export async function listRefusals({
  limit,
  before,
}: {
  limit: number;
  before?: string | undefined;
}): Promise<{ refusals: RefusedRun[]; next: string | null }> {
  const rows = await db()
    .select({
      runId: contentRefusals.runId,
      tool: runs.tool,
      stage: contentRefusals.stage,
      foundBy: contentRefusals.foundBy,
      found: contentRefusals.found,
      customerId: users.id,
      customerMail: users.email,
      at: contentRefusals.createdAt,
    })
    .from(contentRefusals)
    .innerJoin(runs, eq(runs.id, contentRefusals.runId))
    .leftJoin(accounts, and(eq(accounts.id, runs.accountId), eq(accounts.ownerType, "user")))
    .leftJoin(users, eq(users.id, accounts.ownerId))
    .where(before === undefined ? undefined : sql`${contentRefusals.runId} < ${before}`)
    .orderBy(desc(contentRefusals.runId))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  return { refusals: page, next: rows.length > limit ? (page.at(-1)?.runId ?? null) : null };
}

export type SafetyCounts = {
  /** Runs refused, by what was refused and what found it. */
  refused: { input: number; output: number; byWords: number; byModel: number; unjudged: number };
  /** Texts for which no model gave a verdict. */
  missing: { pass: number; refuse: number };
};

/** Of the last 30 days. */
export async function countSafety(): Promise<SafetyCounts> {
  const [refused] = await db()
    .select({
      input: sql<number>`count(*) filter (where stage = 'input')::int`,
      output: sql<number>`count(*) filter (where stage = 'output')::int`,
      byWords: sql<number>`count(*) filter (where found_by = 'words')::int`,
      byModel: sql<number>`count(*) filter (where found_by = 'model')::int`,
      unjudged: sql<number>`count(*) filter (where found_by = 'unjudged')::int`,
    })
    .from(contentRefusals)
    .where(sql`${contentRefusals.createdAt} > now() - interval '30 days'`);
  const rows = await db()
    .select({ outcome: missingVerdicts.outcome, count: sql<number>`sum(${missingVerdicts.count})::int` })
    .from(missingVerdicts)
    .where(sql`${missingVerdicts.day} > (now() at time zone 'utc')::date - 30`)
    .groupBy(missingVerdicts.outcome);
  const missing = (outcome: "pass" | "refuse") => rows.find((row) => row.outcome === outcome)?.count ?? 0;
  return {
    refused: refused ?? { input: 0, output: 0, byWords: 0, byModel: 0, unjudged: 0 },
    missing: { pass: missing("pass"), refuse: missing("refuse") },
  };
}
