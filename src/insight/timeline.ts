import { desc, eq } from "drizzle-orm";
import { type Entry, listEntries } from "#ledger";
import { db } from "#platform/db";
import { sessions } from "#schema";
import { listRuns, type Run } from "#tools";
import { type ActView, listActs } from "./acts";
import type { Customer } from "./customers";

/** One line of time for a customer: credits, runs, sign-ins and what staff did. */
export type Happening = { at: Date } & (
  | { what: "entry"; entry: Entry }
  | { what: "run"; run: Run }
  | { what: "act"; act: ActView }
  | { what: "signIn"; address: string | null }
  | { what: "signUp" }
);

/**
 * What happened before a time, the latest first: about as many as asked for, and all of one moment together,
 * so that the next page can begin before it.
 */
export async function readTimeline(
  { id, accountId, createdAt }: Customer,
  { limit, before }: { limit: number; before?: Date | undefined },
): Promise<{ happenings: Happening[]; next: Date | null }> {
  const until = before && { to: before };
  const [entries, runs, acts, signIns] = await Promise.all([
    accountId ? listEntries(db(), accountId, { limit, ...until }) : { entries: [] },
    accountId ? listRuns({ accountId }, { limit, ...until }) : { runs: [] },
    listActs({ object: id, ...until }, { limit }),
    db().select().from(sessions).where(eq(sessions.userId, id)).orderBy(desc(sessions.createdAt)).limit(100),
  ]);
  const all: Happening[] = [
    ...entries.entries.map((entry) => ({ what: "entry" as const, at: entry.createdAt, entry })),
    ...runs.runs.map((run) => ({ what: "run" as const, at: run.createdAt, run })),
    ...acts.acts.map((act) => ({ what: "act" as const, at: act.createdAt, act })),
    ...signIns.map(({ ipAddress, createdAt: at }) => ({
      what: "signIn" as const,
      at,
      address: ipAddress || null,
    })),
    { what: "signUp" as const, at: createdAt },
  ];
  const sorted = all
    .filter(({ at }) => !before || at < before)
    .sort((a, b) => b.at.getTime() - a.at.getTime());
  const last = sorted[limit - 1]?.at;
  const happenings = last ? sorted.filter(({ at }) => at >= last) : sorted;
  return { happenings, next: happenings.length < sorted.length && last ? last : null };
}
