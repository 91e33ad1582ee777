import { and, eq, gte, lt, type SQL, sql } from "drizzle-orm";
import type { Queryable } from "#platform/db";
import { entries, grants, holdLots, holds } from "#schema";
import type { HoldStatus } from "./book";
import type { AccountId, GrantId, HoldId, Source } from "./command";
import { type Entry, entry } from "./entries";

/** Where an entry's credits came from and went: the lot, how it was issued, the hold that took from it. */
export type Trace = {
  entry: Entry;
  lot: {
    grantId: GrantId;
    source: Source;
    /** How many were granted, can be spent, and are reserved; the rest is used, expired or taken back. */
    credits: bigint;
    remaining: bigint;
    held: bigint;
    expiresAt: Date | null;
    createdAt: Date;
  };
  /** The entry that issued the lot. */
  issued: Entry;
  hold: {
    holdId: HoldId;
    credits: bigint;
    captured: bigint;
    status: HoldStatus;
    createdAt: Date;
    endedAt: Date | null;
    /** From which lots it took how many. */
    lots: { grantId: GrantId; source: Source; credits: bigint }[];
  } | null;
};

/** Traces the entry with this number; null when the account has none. */
export async function traceEntry(
  queryable: Queryable,
  accountId: AccountId,
  seq: bigint,
): Promise<Trace | null> {
  const [row] = await queryable
    .select()
    .from(entries)
    .where(and(eq(entries.accountId, accountId), eq(entries.seq, seq)));
  return row ? trace(queryable, accountId, entry(row)) : null;
}

/** Traces the entry that issued this lot; null when the account has no such lot. */
export async function traceLot(
  queryable: Queryable,
  accountId: AccountId,
  grantId: GrantId,
): Promise<Trace | null> {
  const lot = await findLot(queryable, accountId, grantId);
  return lot && trace(queryable, accountId, await requireIssue(queryable, accountId, lot), lot);
}

async function trace(
  queryable: Queryable,
  accountId: AccountId,
  traced: Entry,
  known?: Trace["lot"],
): Promise<Trace> {
  const lot = known ?? (await findLot(queryable, accountId, traced.grantId));
  if (!lot) throw new Error(`Entry ${traced.seq} of ${accountId} is of a lot that is not there.`);
  const issued = traced.kind === "issued" ? traced : await requireIssue(queryable, accountId, lot);
  return {
    ...{ entry: traced, lot, issued },
    hold: traced.holdId && (await findHold(queryable, accountId, traced.holdId)),
  };
}

async function findLot(
  queryable: Queryable,
  accountId: AccountId,
  grantId: GrantId,
): Promise<Trace["lot"] | null> {
  const [row] = await queryable
    .select()
    .from(grants)
    .where(and(eq(grants.accountId, accountId), eq(grants.id, grantId)));
  if (!row) return null;
  const { id, source, credits, remaining, held, expiresAt, createdAt } = row;
  return { grantId: id, source, credits, remaining, held, expiresAt, createdAt };
}

/** A lot and its entry are of the same moment, so it is found in one short range of the journal. */
async function requireIssue(
  queryable: Queryable,
  accountId: AccountId,
  { grantId, createdAt }: Trace["lot"],
): Promise<Entry> {
  const moment = createdAt.getTime();
  const [row] = await queryable
    .select()
    .from(entries)
    .where(
      and(
        eq(entries.accountId, accountId),
        gte(entries.seq, firstAt(accountId, moment)),
        lt(entries.seq, firstAt(accountId, moment + 1)),
        eq(entries.grantId, grantId),
        eq(entries.kind, "issued"),
      ),
    );
  if (!row) throw new Error(`Lot ${grantId} of ${accountId} was never issued.`);
  return entry(row);
}

async function findHold(queryable: Queryable, accountId: AccountId, holdId: HoldId): Promise<Trace["hold"]> {
  const [row] = await queryable
    .select()
    .from(holds)
    .where(and(eq(holds.accountId, accountId), eq(holds.id, holdId)));
  if (!row) return null;
  const lots = await queryable
    .select({ grantId: holdLots.grantId, source: grants.source, credits: holdLots.credits })
    .from(holdLots)
    .innerJoin(grants, and(eq(grants.accountId, holdLots.accountId), eq(grants.id, holdLots.grantId)))
    .where(and(eq(holdLots.accountId, accountId), eq(holdLots.holdId, holdId)))
    .orderBy(sql`${grants.expiresAt} nulls last`, grants.createdAt);
  const { credits, captured, status, createdAt, endedAt } = row;
  return { holdId, credits, captured, status, createdAt, endedAt, lots };
}

function firstAt(accountId: AccountId, atMs: number): SQL<bigint> {
  return sql<bigint>`(select first_entry_at(${accountId}, ${new Date(atMs).toISOString()}))`;
}
