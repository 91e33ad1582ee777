import { sql } from "drizzle-orm";
import type { Queryable } from "#platform/db";
import type { AccountId } from "./command";

/** The proof that the books are right: every invariant, from the rows themselves. */

/** An invariant that does not hold. */
export type Finding = {
  /** Which one, as numbered in README.md. */
  invariant: string;
  /** Null when it is about all accounts together. */
  accountId: AccountId | null;
  /** The lot, hold or entry concerned, when it is about one. */
  subject: string | null;
  /** What the rows come to, and what they should. */
  found: bigint;
  expected: bigint;
};

/**
 * Checks every account and all together, in one statement and so in one snapshot: commands that are being
 * applied meanwhile do not disturb it. Reads all rows; for the operator, not for pages.
 * @returns what is wrong: an empty list is the proof
 */
export async function reconcile(queryable: Queryable): Promise<Finding[]> {
  const { rows } = await queryable.execute<Row>(sql.raw(everyInvariant));
  return rows.map(({ account_id, ...row }) => ({ ...row, accountId: account_id }));
}

type Row = {
  invariant: string;
  account_id: AccountId | null;
  subject: string | null;
  found: bigint;
  expected: bigint;
};

const everyInvariant = `
  with by_account as (
    select account_id, sum(credits) as credits, max(seq) as last_entry
    from entries group by account_id
  ), by_lot as (
    select account_id, grant_id, sum(credits) as credits,
      sum(credits) filter (where kind = 'issued') as issued
    from entries group by account_id, grant_id
  ), lots as (
    select account_id, sum(remaining) as remaining, sum(held) as held from grants group by account_id
  ), open_holds as (
    select l.account_id, l.grant_id, sum(l.credits) as credits
    from holds h join hold_lots l on l.account_id = h.account_id and l.hold_id = h.id
    where h.status = 'open' group by l.account_id, l.grant_id
  ), taken as (
    select account_id, hold_id, sum(credits) as credits from hold_lots group by account_id, hold_id
  ), captured as (
    select account_id, hold_id, -sum(credits) as credits from entries
    where hold_id is not null and kind = 'consumed' group by account_id, hold_id
  ), chain as (
    select account_id, seq, total_after, created_at,
      sum(credits) over history as total,
      lag(created_at) over history as before,
      row_number() over history as position
    from entries window history as (partition by account_id order by seq)
  ), findings (invariant, account_id, subject, found, expected) as (
    -- L1: nothing is negative
    select 'L1', id, null, least(available, held), 0 from accounts where available < 0 or held < 0
    union all
    select 'L1', account_id, id, least(remaining, held), 0 from grants where remaining < 0 or held < 0
    union all
    -- L2: what the entries come to is the balance; what lots have left is available
    select 'L2', a.id, 'entries', coalesce(e.credits, 0), a.available + a.held
    from accounts a left join by_account e on e.account_id = a.id
    where coalesce(e.credits, 0) <> a.available + a.held
    union all
    select 'L2', a.id, 'lots', coalesce(l.remaining, 0), a.available
    from accounts a left join lots l on l.account_id = a.id
    where coalesce(l.remaining, 0) <> a.available
    union all
    -- L3: what open holds took is held, on the account and lot by lot
    select 'L3', a.id, 'holds', coalesce(h.credits, 0), a.held
    from accounts a left join (
      select account_id, sum(credits) as credits from open_holds group by account_id
    ) h on h.account_id = a.id
    where coalesce(h.credits, 0) <> a.held
    union all
    select 'L3', g.account_id, g.id, coalesce(h.credits, 0), g.held
    from grants g left join open_holds h on h.account_id = g.account_id and h.grant_id = g.id
    where coalesce(h.credits, 0) <> g.held
    union all
    -- L4: a lot was issued once and its entries come to what is left; a hold took what it reserves, and
    -- consumed what it captured
    select 'L4', g.account_id, g.id, coalesce(e.credits, 0), g.remaining + g.held
    from grants g left join by_lot e on e.account_id = g.account_id and e.grant_id = g.id
    where coalesce(e.credits, 0) <> g.remaining + g.held
    union all
    select 'L4', g.account_id, g.id, coalesce(e.issued, 0), g.credits
    from grants g left join by_lot e on e.account_id = g.account_id and e.grant_id = g.id
    where coalesce(e.issued, 0) <> g.credits
    union all
    select 'L4', e.account_id, e.grant_id, e.credits, 0
    from by_lot e left join grants g on g.account_id = e.account_id and g.id = e.grant_id
    where g.id is null
    union all
    select 'L4', h.account_id, h.id, coalesce(t.credits, 0), h.credits
    from holds h left join taken t on t.account_id = h.account_id and t.hold_id = h.id
    where coalesce(t.credits, 0) <> h.credits
    union all
    select 'L4', h.account_id, h.id, coalesce(c.credits, 0), h.captured
    from holds h left join captured c on c.account_id = h.account_id and c.hold_id = h.id
    where coalesce(c.credits, 0) <> h.captured
    union all
    -- L7: the journal is a chain without gaps, each entry telling the total so far
    select 'L7', a.id, 'last_entry', coalesce(e.last_entry, 0), a.last_entry
    from accounts a left join by_account e on e.account_id = a.id
    where coalesce(e.last_entry, 0) <> a.last_entry
    union all
    select 'L7', account_id, 'seq ' || seq, seq, position from chain where seq <> position
    union all
    select 'L7', account_id, 'seq ' || seq, total_after, total from chain where total_after <> total
    union all
    -- L8: as many commands are remembered as were applied
    select 'L8', a.id, 'commands', coalesce(c.commands, 0), a.last_command
    from accounts a left join (
      select account_id, count(*) as commands from commands group by account_id
    ) c on c.account_id = a.id
    where coalesce(c.commands, 0) <> a.last_command
    union all
    -- L9: time does not go back along it
    select 'L9', account_id, 'seq ' || seq, 0, 1 from chain where created_at < before
    union all
    -- L10: over all, issued = consumed + expired + reversed + outstanding
    select 'L10', null, 'outstanding', outstanding, journal
    from (select coalesce(sum(available + held), 0) as outstanding from accounts) as balances,
      (select coalesce(sum(credits), 0) as journal from entries) as entries
    where outstanding <> journal
  )
  select invariant, account_id, subject, found::int8 as found, expected::int8 as expected from findings
  order by account_id, invariant, subject`;
