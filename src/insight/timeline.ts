import { and, desc, eq, lt } from "drizzle-orm";
import { type Entry, listEntries } from "#ledger";
import { db } from "#platform/db";
import { mails, sessions } from "#schema";
import { listRuns, type Run } from "#tools";
import { type ActView, listActs } from "./acts";
import type { Customer } from "./customers";
import { listMoneyLines, type MoneyLine } from "./timeline-money";

/** One line of time for a customer: money, credits, runs, mails, sign-ins and what staff did. */
export type Happening = { at: Date } & (
  | { what: "money"; money: MoneyLine }
  | { what: "entry"; entry: Entry }
  | { what: "run"; run: Run }
  | {
      what: "mail";
      mail: { id: string; kind: string; subject: string; status: "waiting" | "sent" | "failed" };
    }
  | { what: "act"; act: ActView }
  | { what: "signIn"; address: string | null }
  | { what: "signUp" }
);

/** What a timeline can be narrowed to. */
const happeningKinds = ["money", "credits", "runs", "mails", "signIns", "acts"] as const;
export type HappeningKind = (typeof happeningKinds)[number];

type Page = { limit: number; before?: Date | undefined };

/**
 * What happened before a time, the latest first: about as many as asked for, and all of one moment together,
 * so that the next page can begin before it.
 * @param kind only of this kind; undefined: all
 */
export async function readTimeline(
  customer: Customer,
  { kind, ...page }: Page & { kind?: HappeningKind | undefined },
): Promise<{ happenings: Happening[]; next: Date | null }> {
  const kinds = kind ? [kind] : happeningKinds;
  const all = (await Promise.all(kinds.map((each) => sources[each](customer, page)))).flat();
  const { limit, before } = page;
  const sorted = all
    .filter(({ at }) => !before || at < before)
    .sort((a, b) => b.at.getTime() - a.at.getTime());
  const last = sorted[limit - 1]?.at;
  const happenings = last ? sorted.filter(({ at }) => at >= last) : sorted;
  return { happenings, next: happenings.length < sorted.length && last ? last : null };
}

/** One more than the page: so that it is known whether something follows. */
const sources: Record<HappeningKind, (customer: Customer, page: Page) => Promise<Happening[]>> = {
  async money({ accountId }, { limit, before }) {
    const lines = accountId ? await listMoneyLines(accountId, { limit: limit + 1, before }) : [];
    return lines.map((money) => ({ what: "money", at: money.at, money }));
  },
  async credits({ accountId }, { limit, before }) {
    if (!accountId) return [];
    const { entries } = await listEntries(db(), accountId, {
      limit: limit + 1,
      ...(before && { to: before }),
    });
    return entries.map((entry) => ({ what: "entry", at: entry.createdAt, entry }));
  },
  async runs({ accountId }, { limit, before }) {
    if (!accountId) return [];
    const { runs } = await listRuns({ accountId }, { limit: limit + 1, ...(before && { to: before }) });
    return runs.map((run) => ({ what: "run", at: run.createdAt, run }));
  },
  async mails({ email }, { limit, before }) {
    const { id, kind, subject, status, createdAt, recipient } = mails;
    const rows = await db()
      .select({ id, kind, subject, status, createdAt })
      .from(mails)
      .where(and(eq(recipient, email), before && lt(createdAt, before)))
      .orderBy(desc(createdAt))
      .limit(limit + 1);
    return rows.map(({ createdAt: at, ...mail }) => ({ what: "mail", at, mail }));
  },
  async signIns({ id, createdAt }) {
    const rows = await db()
      .select({ at: sessions.createdAt, address: sessions.ipAddress })
      .from(sessions)
      .where(eq(sessions.userId, id))
      .orderBy(desc(sessions.createdAt))
      .limit(100);
    const signIns = rows.map(({ at, address }) => ({
      what: "signIn" as const,
      at,
      address: address || null,
    }));
    return [...signIns, { what: "signUp", at: createdAt }];
  },
  async acts({ id }, { limit, before }) {
    const { acts } = await listActs({ object: id, ...(before && { to: before }) }, { limit: limit + 1 });
    return acts.map((act) => ({ what: "act", at: act.createdAt, act }));
  },
};
