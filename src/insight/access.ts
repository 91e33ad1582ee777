import { sql } from "drizzle-orm";
import { db } from "#platform/db";
import type { Id } from "#platform/id";

/** How a customer reaches the site, and what an act on that would end: shown before it is done. */
export type CustomerAccess = {
  suspendedAt: Date | null;
  /** Where they are signed in. */
  devices: number;
  /** Their keys that work. */
  keys: number;
  /** Runs that wait or go on, and the credits those hold. */
  runs: number;
  held: bigint;
  autoTopUp: boolean;
  /** Whether a subscription goes on, which a suspension does not end. */
  subscribed: boolean;
};

/** @returns null for nobody */
export async function readCustomerAccess(userId: Id<"user">): Promise<CustomerAccess | null> {
  const { rows } = await db().execute<Row>(sql`
    select u.suspended_at,
      (select count(*) from sessions s where s.user_id = u.id and s.expires_at > now())::int as devices,
      (select count(*) from api_keys k where k.user_id = u.id and k.kind = 'own' and k.revoked_at is null
        and (k.expires_at is null or k.expires_at > now()))::int as keys,
      live.runs, live.held,
      exists (select 1 from top_ups t where t.account_id = a.id and t.enabled) as topped,
      exists (select 1 from subscriptions s where s.account_id = a.id and s.ended_at is null) as subscribed
    from users u
    left join accounts a on a.owner_type = 'user' and a.owner_id = u.id
    cross join lateral (
      select count(*)::int as runs, coalesce(sum(r.held), 0)::int8 as held
      from runs r where r.account_id = a.id and r.status in ('queued', 'running')
    ) live
    where u.id = ${userId}`);
  const [row] = rows;
  if (!row) return null;
  const { suspended_at: at, devices, keys, runs, held, topped: autoTopUp, subscribed } = row;
  return {
    suspendedAt: at ? new Date(at) : null,
    ...{ devices, keys, runs, held: BigInt(held), autoTopUp, subscribed },
  };
}

type Row = {
  suspended_at: string | null;
  devices: number;
  keys: number;
  runs: number;
  held: string;
  topped: boolean;
  subscribed: boolean;
};
