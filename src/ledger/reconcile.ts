import { sql } from "drizzle-orm";
import type { Queryable, Tx } from "#platform/db";
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

export type Proof = {
  /** When the snapshot was taken that everything was read in. */
  asOf: Date;
  accounts: number;
  entries: number;
  /** How many findings there are; 0 is the proof. */
  count: number;
  /** The first of them, by account. */
  findings: Finding[];
};

/** As many findings are kept: who has more has one cause, and looks for it in the first. */
const most = 1_000;

/**
 * Checks every account and all together. What it finds, up to a thousand; an empty list is the proof.
 */
export async function reconcile(queryable: Queryable): Promise<Finding[]> {
  return (await prove(queryable)).findings;
}

/**
 * The same with what was looked at. On the pool it reads in a snapshot of its own, so that commands applied
 * meanwhile do not disturb it and it disturbs nobody: it takes no locks. Reads all rows, set by set.
 */
export async function prove(queryable: Queryable): Promise<Proof> {
  if (!("$client" in queryable)) return proveIn(queryable);
  return inSnapshot(queryable, proveIn);
}

/** Reads everything as it stood at one moment, with room to sort and hash it. */
export async function inSnapshot<T>(queryable: Queryable, read: (tx: Tx) => Promise<T>): Promise<T> {
  return queryable.transaction(
    async (tx) => {
      await tx.execute(sql`select set_config('work_mem', '64MB', true), set_config('jit', 'off', true)`);
      return read(tx);
    },
    { isolationLevel: "repeatable read", accessMode: "read only" },
  );
}

async function proveIn(queryable: Queryable): Promise<Proof> {
  const counted = await queryable.execute<{ as_of: string; accounts: bigint; entries: bigint }>(sql`
    select now() as as_of, (select count(*) from accounts) as accounts, (select count(*) from entries) as entries`);
  const { rows } = await queryable.execute<Row>(sql.raw(everyInvariant));
  const { as_of = "", accounts = 0n, entries = 0n } = counted.rows[0] ?? {};
  return {
    asOf: new Date(as_of),
    accounts: Number(accounts),
    entries: Number(entries),
    count: Number(rows[0]?.count ?? 0n),
    findings: rows.map(({ account_id, count: _, ...row }) => ({ ...row, accountId: account_id })),
  };
}

type Row = {
  invariant: string;
  account_id: AccountId | null;
  subject: string | null;
  found: bigint;
  expected: bigint;
  count: bigint;
};

// Every set is joined from both sides: a row whose account, lot or hold is not there is a finding, too.
const everyInvariant = `
  with by_lot as materialized (
    select account_id, grant_id, sum(credits) as credits, max(seq) as last_entry,
      sum(credits) filter (where kind = 'issued') as issued
    from entries group by account_id, grant_id
  ), by_account as (
    select account_id, sum(credits) as credits, max(last_entry) as last_entry from by_lot group by account_id
  ), lots as (
    select account_id, sum(remaining) as remaining from grants where open group by account_id
  ), open_holds as materialized (
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
  ), by_key as materialized (
    select account_id, count(*) as commands, sum(seq) as numbers, sum(seq::numeric * seq) as squares
    from commands group by account_id
  ), findings (invariant, account_id, subject, found, expected) as (
    -- L1: nothing is negative
    select 'L1', id, null, least(available, held), 0 from accounts where available < 0 or held < 0
    union all
    select 'L1', account_id, id, least(remaining, held), 0 from grants where remaining < 0 or held < 0
    union all
    -- L2: what the entries come to is the balance; what lots have left is available
    select 'L2', coalesce(a.id, e.account_id), 'entries', coalesce(e.credits, 0), coalesce(a.available + a.held, 0)
    from accounts a full join by_account e on e.account_id = a.id
    where a.id is null or coalesce(e.credits, 0) <> a.available + a.held
    union all
    select 'L2', coalesce(a.id, l.account_id), 'lots', coalesce(l.remaining, 0), coalesce(a.available, 0)
    from accounts a full join lots l on l.account_id = a.id
    where a.id is null or coalesce(l.remaining, 0) <> a.available
    union all
    -- L3: what open holds took is held, on the account and lot by lot
    select 'L3', coalesce(a.id, h.account_id), 'holds', coalesce(h.credits, 0), coalesce(a.held, 0)
    from accounts a full join (
      select account_id, sum(credits) as credits from open_holds group by account_id
    ) h on h.account_id = a.id
    where coalesce(h.credits, 0) <> coalesce(a.held, 0)
    union all
    select 'L3', coalesce(g.account_id, h.account_id), coalesce(g.id, h.grant_id),
      coalesce(h.credits, 0), coalesce(g.held, 0)
    from grants g full join open_holds h on h.account_id = g.account_id and h.grant_id = g.id
    where coalesce(h.credits, 0) <> coalesce(g.held, 0)
    union all
    -- L4: a lot was issued once and its entries come to what is left; a hold took what it reserves, and
    -- consumed what it captured
    select 'L4', coalesce(g.account_id, e.account_id), coalesce(g.id, e.grant_id),
      coalesce(e.credits, 0), coalesce(g.remaining + g.held, 0)
    from grants g full join by_lot e on e.account_id = g.account_id and e.grant_id = g.id
    where g.id is null or coalesce(e.credits, 0) <> g.remaining + g.held
    union all
    select 'L4', g.account_id, g.id, coalesce(e.issued, 0), g.credits
    from grants g left join by_lot e on e.account_id = g.account_id and e.grant_id = g.id
    where coalesce(e.issued, 0) <> g.credits
    union all
    select 'L4', coalesce(h.account_id, t.account_id), coalesce(h.id, t.hold_id),
      coalesce(t.credits, 0), coalesce(h.credits, 0)
    from holds h full join taken t on t.account_id = h.account_id and t.hold_id = h.id
    where h.id is null or coalesce(t.credits, 0) <> h.credits
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
    select 'L7', account_id, 'seq ' || seq, wrong.found, wrong.expected
    from chain cross join lateral (
      select seq as found, position as expected where seq <> position
      union all
      select total_after, total where total_after <> total
    ) as wrong
    where seq <> position or total_after <> total
    union all
    -- L8: as many commands are remembered as were applied
    select 'L8', coalesce(a.id, c.account_id), 'commands', coalesce(c.commands, 0), coalesce(a.last_command, 0)
    from accounts a full join by_key c on c.account_id = a.id
    where coalesce(c.commands, 0) <> coalesce(a.last_command, 0)
    union all
    -- ... numbered 1, 2, 3, ...: a number twice and another missing shows in their sum, several in the squares
    select 'L8', account_id, 'order of commands', numbers, commands * (commands + 1) / 2
    from by_key
    where numbers <> commands * (commands + 1) / 2
      or squares <> commands * (commands + 1) * (2 * commands + 1) / 6
    union all
    -- L9: time does not go back along it
    select 'L9', account_id, 'seq ' || seq, 0, 1 from chain where created_at < before
    union all
    -- L11: a key's budget is what its entries and open holds come to
    select 'L11', null, b.api_key_id, coalesce(e.credits, 0), b.spent
    from key_budgets b left join (
      select api_key_id, -sum(credits) as credits from entries where api_key_id is not null group by api_key_id
    ) e on e.api_key_id = b.api_key_id
    where coalesce(e.credits, 0) <> b.spent
    union all
    select 'L11', null, b.api_key_id, coalesce(h.credits, 0), b.held
    from key_budgets b left join (
      select api_key_id, sum(credits) as credits from holds
      where api_key_id is not null and status = 'open' group by api_key_id
    ) h on h.api_key_id = b.api_key_id
    where coalesce(h.credits, 0) <> b.held
    union all
    select 'L11', null, api_key_id, spent + held, cap from key_budgets where spent + held > cap
    union all
    -- L10: over all, issued = consumed + expired + reversed + outstanding
    select 'L10', null, 'outstanding', outstanding, journal
    from (select coalesce(sum(available + held), 0) as outstanding from accounts) as balances,
      (select coalesce(sum(credits), 0) as journal from by_lot) as entries
    where outstanding <> journal
  )
  select invariant, account_id, subject, found::int8 as found, expected::int8 as expected,
    count(*) over () as count
  from findings
  order by account_id, invariant, subject limit ${most}`;
