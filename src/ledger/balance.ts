import { sql } from "drizzle-orm";
import type { Queryable } from "#platform/db";
import { Refusal } from "#platform/refusal";
import type { AccountId, GrantId, Source } from "./command";
import { isExpired, type LotState, spendingOrder } from "./drawdown";

/** What an account has now. Every balance shown comes from here. */

export type Lot = {
  grantId: GrantId;
  source: Source;
  /** How many were granted, how many can be spent, how many open holds have. */
  credits: bigint;
  remaining: bigint;
  held: bigint;
  expiresAt: Date | null;
  createdAt: Date;
};

export type Balance = {
  available: bigint;
  held: bigint;
  total: bigint;
  /** The credits that expire next, and when. */
  nextExpiry: { at: Date; credits: bigint } | null;
  /** In spending order, without empty and expired ones. */
  lots: Lot[];
};

/**
 * Reads a balance without locks. What is past its expiry is left out, however late the job that books it.
 * @throws Refusal not_found
 */
export async function readBalance(queryable: Queryable, accountId: AccountId): Promise<Balance> {
  const { rows } = await queryable.execute<Row>(sql`
    select a.held as account_held, ${ms("greatest(money_now(), a.changed_at)")} as now_ms,
      g.id, g.source, g.credits, g.remaining, g.held, ${ms("g.expires_at")} as expires_ms,
      ${ms("g.created_at")} as created_ms
    from accounts a left join grants g on g.account_id = a.id and g.open
    where a.id = ${accountId}`);
  const [first] = rows;
  if (!first) throw new Refusal("not_found");
  const lots = rows
    .flatMap((row): LotState[] =>
      row.id === null
        ? []
        : [
            {
              grantId: row.id,
              source: row.source,
              credits: row.credits,
              remaining: row.remaining,
              held: row.held,
              expiresAtMs: row.expires_ms,
              createdAtMs: row.created_ms,
            },
          ],
    )
    .map((lot) => (isExpired(lot, first.now_ms) ? { ...lot, remaining: 0n } : lot))
    .filter((lot) => lot.remaining + lot.held > 0n)
    .sort(spendingOrder);
  const available = lots.reduce((sum, lot) => sum + lot.remaining, 0n);
  return {
    available,
    held: first.account_held,
    total: available + first.account_held,
    nextExpiry: nextExpiry(lots),
    lots: lots.map(({ expiresAtMs, createdAtMs, ...lot }) => ({
      ...lot,
      expiresAt: expiresAtMs === null ? null : new Date(expiresAtMs),
      createdAt: new Date(createdAtMs),
    })),
  };
}

/** Lots that expire at the same moment count as one. */
function nextExpiry(lots: readonly LotState[]): Balance["nextExpiry"] {
  const expiring = lots.filter((lot) => lot.remaining > 0n && lot.expiresAtMs !== null);
  const atMs = expiring[0]?.expiresAtMs;
  if (atMs === null || atMs === undefined) return null;
  const credits = expiring
    .filter((lot) => lot.expiresAtMs === atMs)
    .reduce((sum, lot) => sum + lot.remaining, 0n);
  return { at: new Date(atMs), credits };
}

type Row = {
  account_held: bigint;
  now_ms: number;
  id: GrantId | null;
  source: Source;
  credits: bigint;
  remaining: bigint;
  held: bigint;
  expires_ms: number | null;
  created_ms: number;
};

function ms(expression: string) {
  return sql.raw(`floor(extract(epoch from ${expression}) * 1000)::float8`);
}
