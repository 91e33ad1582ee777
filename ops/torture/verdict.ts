import { sql } from "drizzle-orm";
import { prove } from "#ledger";
import type { Db, Queryable } from "#platform/db";
import type { Record } from "./record";

/** Holds what clients were told against what the ledger's tables say. */

export type Verdict = { what: string; count: number; examples: string[] };

/** @returns what does not agree, which should be nothing. */
export async function judge(db: Queryable): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const [what, wrong] of Object.entries(contradictions)) {
    verdicts.push(...(await findWrong(db, what, `with ${standing} select id from (${wrong}) as wrong`)));
  }
  const proof = await prove(db);
  if (proof.count > 0) {
    const examples = proof.findings
      .slice(0, 5)
      .map(
        ({ invariant, accountId, subject, found, expected }) =>
          `${invariant} ${accountId} ${subject}: ${found} instead of ${expected}`,
      );
    verdicts.push({ what: "reconcile finds differences", count: proof.count, examples });
  }
  return verdicts;
}

/** To be asked before the reapers mend it: a run and its hold end together, at every moment. */
export async function endedRunsWithOpenHolds(db: Db): Promise<Verdict[]> {
  return findWrong(
    db,
    "is a hold that was open although its run was over",
    `select h.id from holds h join runs r on r.account_id = h.account_id and r.hold_id = h.id
     where h.status = 'open' and r.status not in ('queued', 'running')`,
  );
}

/** @param wrong selects the ids of which `what` is true */
async function findWrong(db: Queryable, what: string, wrong: string): Promise<Verdict[]> {
  const { rows } = await db.execute<{ id: string; count: number }>(
    sql.raw(`select id, count(*) over ()::int as count from (${wrong}) as found limit 5`),
  );
  return rows[0] ? [{ what, count: rows[0].count, examples: rows.map(({ id }) => id) }] : [];
}

/** Puts what was recorded into a table beside the ledger's. */
export async function load(db: Db, records: readonly Record[]): Promise<void> {
  await db.execute(
    sql`create table if not exists torture_records (id text, account text, verb text, credits int8, fate text,
      hold text, lot text, run text, told_credits int8, told_available int8, told_held int8)`,
  );
  for (let start = 0; start < records.length; start += 10_000) {
    const json = JSON.stringify(records.slice(start, start + 10_000));
    await db.execute(sql`
      insert into torture_records
      select id, account, verb, credits, fate, hold, lot, run, (told->>'credits')::int8, (told->>'available')::int8, (told->>'held')::int8
      from json_to_recordset(${json}::json) as r (id text, account text, verb text, credits int8, fate text, hold text, lot text, run text, told json)`);
  }
  await db.execute(sql`analyze torture_records`);
}

/** What the journal and the holds say of each command, from their own rows: `commands` is not asked. */
const standing = `
  by_reference as (
    select account_id, replace(replace(kind, 'issued', 'grant'), 'reversed', 'reverse') as verb,
      reference_id as id, abs(sum(credits)) as credits
    from entries where kind in ('issued', 'reversed') and reference_id is not null group by account_id, kind, reference_id
    union all
    select account_id, 'charge', 'api:' || reference_id, abs(sum(credits))
    from entries where kind = 'consumed' and hold_id is null group by account_id, reference_id
    union all
    select account_id, 'hold', 'api:' || reference_id, sum(credits)
    from holds group by account_id, reference_id
  ), told as (
    select r.*, coalesce(b.credits, 0) as stands
    from torture_records r left join by_reference b on b.account_id = r.account and b.id = r.id and b.verb = r.verb
    where r.verb in ('grant', 'reverse', 'charge', 'hold')
  ), closings as (
    select r.*, h.status, h.captured from torture_records r
    join holds h on h.account_id = r.account and h.id = r.hold
    where r.verb in ('capture', 'release')
  ), asked as (
    select * from torture_records where verb not in ('run', 'cancel')
  ), captured as (
    select account_id, reference_id as run, -sum(credits) as credits from entries
    where kind = 'consumed' and reference_type = 'run' group by account_id, reference_id
  )`;

/** Each selects the commands of which it is true. */
const contradictions = {
  "was applied, and does not stand exactly once":
    "select id from told where fate = 'applied' and stands <> credits",
  "was refused or reported as not applied, and stands":
    "select id from told where fate in ('refused', 'not_applied') and stands <> 0",
  "was given up without an answer, and stands more than once":
    "select id from told where fate = 'unknown' and stands not in (0, credits)",
  "was captured or released as the answer said, and the hold says otherwise": `
    select id from closings where fate = 'applied' and (
      status <> case verb when 'capture' then 'captured' else 'released' end
      or captured <> case verb when 'capture' then credits else 0 end)`,
  "closed a hold that another had closed": `
    select min(id) as id from closings where fate = 'applied' group by account, hold having count(*) > 1`,
  "is answered from memory with something else than was told first": `
    select r.id from asked r
    left join commands c on c.account_id = r.account and c.key = r.id
    where r.fate = 'applied' and (c.key is null or c.verb <> r.verb or c.credits <> r.told_credits
      or c.available <> r.told_available or c.held <> r.told_held)`,
  "is remembered, though it was refused": `
    select r.id from torture_records r join commands c on c.account_id = r.account and c.key = r.id
    where r.fate in ('refused', 'not_applied')`,
  "stands, though nobody asked for it": `
    select c.account_id || ' ' || c.key as id from commands c
    left join torture_records r on r.account = c.account_id and r.id = c.key
    left join runs on runs.account_id = c.account_id and runs.id = split_part(c.key, ':', 1)
    where r.id is null and runs.id is null and c.key <> 'before' and c.key not like 'expire:%'`,
  "was applied, but the other half of its transaction was not": `
    select min(key) as id from commands where key like 'pair:%' group by split_part(key, ':', 2) having count(*) <> 2`,
  "is a hold that is still open": "select id from holds where status = 'open'",
  "is a run that was begun as the answer said, and is not there, or is another": `
    select r.id from torture_records r
    left join runs on runs.account_id = r.account and runs.idempotency_key = r.id
    where r.verb = 'run' and r.fate = 'applied' and runs.id is distinct from r.run`,
  "is a run that was refused or reported as not applied, and is there": `
    select r.id from torture_records r
    join runs on runs.account_id = r.account and runs.idempotency_key = r.id
    where r.verb = 'run' and r.fate in ('refused', 'not_applied')`,
  "is a run that nobody asked for": `
    select runs.id from runs left join torture_records r on r.account = runs.account_id and r.id = runs.idempotency_key
    where r.id is null`,
  "is a run that has not ended": "select id from runs where status in ('queued', 'running')",
  "is a run that was cancelled as the answer said, and ended otherwise": `
    select r.id from torture_records r join runs on runs.id = r.run
    where r.verb = 'cancel' and r.fate = 'applied' and (runs.status <> 'canceled' or runs.charged <> 0)`,
  "is a run whose hold or journal says another price": `
    select runs.id from runs
    left join holds h on h.account_id = runs.account_id and h.id = runs.hold_id
    left join captured c on c.account_id = runs.account_id and c.run = runs.id
    where runs.charged <> coalesce(h.captured, 0) or runs.charged <> coalesce(c.credits, 0)
      or coalesce(h.credits, 0) <> runs.held or (runs.status in ('failed', 'canceled') and runs.charged <> 0)
      or (h.status = 'captured') <> (runs.charged > 0)`,
  "is a run's hold without its run": `
    select h.id from holds h left join runs on runs.account_id = h.account_id and runs.hold_id = h.id
    where h.reference_type = 'run' and runs.id is null`,
};
