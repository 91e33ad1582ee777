import { and, count, desc, eq, gte, inArray, lt, or, type SQL, sql } from "drizzle-orm";
import type { Queryable } from "#platform/db";
import { entries } from "#schema";
import type { EntryKind } from "./book";
import type { AccountId, ApiKeyId, GrantId, HoldId, Reference, Source } from "./command";
import { reference } from "./reading";

/** The journal, read. */

export type Entry = {
  seq: bigint;
  kind: EntryKind;
  /** Signed: issued adds, the others take. */
  credits: bigint;
  /** available + held after it. */
  totalAfter: bigint;
  source: Source;
  grantId: GrantId;
  holdId: HoldId | null;
  cause: string;
  reference: Reference | null;
  /** The API key that spent it, if one did. */
  apiKeyId: ApiKeyId | null;
  createdAt: Date;
};

export type EntryFilter = {
  kinds?: readonly EntryKind[];
  /** A cause or what its parts, divided by colons, begin with: `tool:ocr`, or `tool` for all tools. */
  cause?: string;
  reference?: Reference;
  apiKeyId?: ApiKeyId;
  /** From this time on, and before that one. */
  from?: Date;
  to?: Date;
};

/** A page of history, newest first; `nextBefore` asks for the next page, null is the end. */
export async function listEntries(
  queryable: Queryable,
  accountId: AccountId,
  { limit, before, ...filter }: EntryFilter & { limit: number; before?: bigint },
): Promise<{ entries: Entry[]; nextBefore: bigint | null }> {
  const rows = await queryable
    .select()
    .from(entries)
    .where(and(matching(accountId, filter), before === undefined ? undefined : lt(entries.seq, before)))
    .orderBy(desc(entries.seq))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  return {
    entries: page.map(entry),
    nextBefore: rows.length > limit ? (page.at(-1)?.seq ?? null) : null,
  };
}

/** An entry as its row tells it. */
export function entry({
  accountId: _,
  referenceType,
  referenceId,
  ...row
}: typeof entries.$inferSelect): Entry {
  return { ...row, reference: reference(referenceType, referenceId) };
}

export type EntrySums = {
  count: number;
  /** Signed like the entries: issued is positive or 0, the others negative or 0. */
  issued: bigint;
  consumed: bigint;
  expired: bigint;
  reversed: bigint;
  net: bigint;
};

/** What the entries of a filter come to. */
export async function sumEntries(
  queryable: Queryable,
  accountId: AccountId,
  filter: EntryFilter,
): Promise<EntrySums> {
  const rows = await queryable
    .select({ kind: entries.kind, count: count(), credits: sum })
    .from(entries)
    .where(matching(accountId, filter))
    .groupBy(entries.kind);
  const sums = { count: 0, issued: 0n, consumed: 0n, expired: 0n, reversed: 0n, net: 0n };
  for (const row of rows) {
    sums.count += row.count;
    sums[row.kind] = row.credits;
    sums.net += row.credits;
  }
  return sums;
}

/** Credits consumed on one day for one cause. */
export type Usage = { day: string; cause: string; credits: bigint };

/** Consumption by day (`YYYY-MM-DD` in the given IANA time zone) and cause, oldest day first. */
export async function usageByDay(
  queryable: Queryable,
  accountId: AccountId,
  { from, to, timeZone }: { from: Date; to: Date; timeZone: string },
): Promise<Usage[]> {
  const day = sql<string>`to_char(${entries.createdAt} at time zone ${timeZone}, 'YYYY-MM-DD')`.as("day");
  const rows = await queryable
    .select({ day, cause: entries.cause, credits: sum })
    .from(entries)
    .where(matching(accountId, { kinds: ["consumed"], from, to }))
    .groupBy(sql`day`, entries.cause)
    .orderBy(sql`day`, entries.cause);
  return rows.map((row) => ({ ...row, credits: -row.credits }));
}

/** PostgreSQL sums int8 as numeric; credits fit int8 by far. */
const sum = sql<bigint>`sum(${entries.credits})::int8`;

/** Times become bounds of seq, so that any filter reads one range of the primary key. */
function matching(accountId: AccountId, filter: EntryFilter): SQL | undefined {
  const first = (at: Date) => sql<bigint>`(select first_entry_at(${accountId}, ${at.toISOString()}))`;
  return and(
    eq(entries.accountId, accountId),
    filter.from ? gte(entries.seq, first(filter.from)) : undefined,
    filter.to ? lt(entries.seq, first(filter.to)) : undefined,
    filter.kinds ? inArray(entries.kind, [...filter.kinds]) : undefined,
    filter.cause === undefined
      ? undefined
      : or(eq(entries.cause, filter.cause), sql`starts_with(${entries.cause}, ${`${filter.cause}:`})`),
    filter.apiKeyId === undefined ? undefined : eq(entries.apiKeyId, filter.apiKeyId),
    filter.reference
      ? and(eq(entries.referenceType, filter.reference.type), eq(entries.referenceId, filter.reference.id))
      : undefined,
  );
}
