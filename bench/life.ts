import { setTimeout as pause } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { carryDue, refillFree } from "#credits";
import { type AccountId, charge, expireLots, expireOverdueHolds, prove, stopLedger } from "#ledger";
import type { Db } from "#platform/db";
import { newId } from "#platform/id";
import type { Pass } from "#platform/pass";
import { say } from "#platform/terminal";
import { withFreshDatabase } from "./books";

/**
 * `npm run bench -- life [ACCOUNTS]`: the jobs that credits' life is made of, run to their end as the worker
 * runs them, over a million accounts that are all due at once, while somebody charges. What matters is how
 * long they take, and that nobody waits for them.
 */

/** Between two charges of the load, which goes through the same process and the same batcher. */
const pauseMs = 20;
const lookMs = 50;

type Job = { name: string; run: () => Promise<Pass>; before?: string };
const jobs: readonly Job[] = [
  { name: "holds past their deadline", run: () => expireOverdueHolds() },
  // Two days later the month's lots have expired, and the next month has begun.
  {
    name: "lots past their expiry",
    run: () => expireLots(),
    before: "update money_clock set shift = '3 days'",
  },
  { name: "refills, each with what is carried over", run: () => refillFree() },
  { name: "rollovers of paid plans", run: () => carryDue() },
];

export async function run(args: readonly string[]): Promise<void> {
  const quick = args.includes("--quick");
  const accounts = Number(args.find((arg) => /^\d+$/.test(arg)) ?? (quick ? 10_000 : 1_000_000));
  await withFreshDatabase(
    async (db) => {
      const began = performance.now();
      await fillLife(db, accounts);
      say(`${accounts} accounts made in ${seconds(performance.now() - began)} s`);
      console.log(
        "| job | accounts | s | a second | charges | p50 / p99 / longest, ms | longest lock wait, ms | longest transaction, ms |",
      );
      console.log("| --- | --: | --: | --: | --: | --: | --: | --: |");
      for (const job of jobs) console.log(await measure(db, job, accounts));
      await stopLedger();
      const { count } = await prove(db);
      say(`the proof: ${count} differences`);
      if (count > 0) throw new Error("The books are wrong.");
    },
    { durable: true },
  );
}

async function measure(db: Db, { name, run, before }: Job, accounts: number): Promise<string> {
  if (before) await db.execute(sql.raw(before));
  const over = new AbortController();
  const load = [chargeAlong(accounts, over.signal), watch(db, over.signal)] as const;
  const began = performance.now();
  const { settled, done } = await run();
  const millis = performance.now() - began;
  over.abort();
  const [waits, longest] = await Promise.all(load);
  if (!done) throw new Error(`${name} did not come to the end.`);
  waits.sort((a, b) => a - b);
  const at = (share: number) => (waits[Math.ceil(waits.length * share) - 1] ?? 0).toFixed(0);
  const perSecond = Math.round((settled / millis) * 1000);
  const charges = `${waits.length} | ${at(0.5)} / ${at(0.99)} / ${at(1)}`;
  return `| ${name} | ${settled} | ${seconds(millis)} | ${perSecond} | ${charges} | ${longest.lock} | ${longest.transaction} |`;
}

const seconds = (millis: number) => (millis / 1000).toFixed(1);

/** One charge after the other, of random accounts. @returns how long each waited, in ms */
async function chargeAlong(accounts: number, signal: AbortSignal): Promise<number[]> {
  const waits: number[] = [];
  while (!signal.aborted) {
    const accountId = accountOf(1 + Math.floor(Math.random() * accounts));
    const began = performance.now();
    await charge({ accountId, key: newId("request"), credits: 1n, cause: "tool:bench" });
    waits.push(performance.now() - began);
    await pause(pauseMs);
  }
  return waits;
}

/** The longest transaction and the longest wait for a lock that are seen while the job goes on, in ms. */
async function watch(db: Db, signal: AbortSignal): Promise<{ transaction: number; lock: number }> {
  const longest = { transaction: 0, lock: 0 };
  while (!signal.aborted) {
    const { rows } = await db.execute<{ transaction: number; lock: number }>(sql`
      select coalesce(max(extract(epoch from clock_timestamp() - xact_start)), 0)::float8 * 1000 as transaction,
        coalesce(max(extract(epoch from clock_timestamp() - query_start))
          filter (where wait_event_type = 'Lock'), 0)::float8 * 1000 as lock
      from pg_stat_activity
      where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`);
    for (const row of rows) {
      longest.transaction = Math.max(longest.transaction, Math.round(row.transaction));
      longest.lock = Math.max(longest.lock, Math.round(row.lock));
    }
    await pause(lookMs);
  }
  return longest;
}

function accountOf(index: number): AccountId {
  return `acct_${String(index).padStart(26, "0")}`;
}

/**
 * Accounts on Free, each with a pack, of which a run that is long over still holds 5, and 20 of the month's
 * credits left; every tenth has a paid plan's as well. Their months end within one day, the next.
 */
async function fillLife(db: Db, accounts: number): Promise<void> {
  for (const statement of statements) await db.execute(sql.raw(statement.replaceAll(":n", `${accounts}`)));
  for (const table of ["accounts", "grants", "holds", "hold_lots", "entries", "free_refills", "rollovers"]) {
    await db.execute(sql.raw(`vacuum analyze ${table}`));
  }
}

const account = "'acct_' || lpad(i::text, 26, '0')";
const lot = (kind: number) => `'grant_${kind}' || lpad(i::text, 25, '0')`;
const [pack, month, paid] = [lot(1), lot(2), lot(3)];
const hold = "'hold_' || lpad(i::text, 26, '0')";
const ends = "date_trunc('day', now()) + interval '1 day' + interval '1 second' * (i % 80000)";
const paidEnds = `${ends} + interval '1 hour'`;
const isPaid = "(i % 10 = 0)::int";
const from = "from generate_series(1, :n) as i";
const ago = "now() - interval '20 days'";
const entry =
  "insert into entries (account_id, seq, kind, credits, total_after, grant_id, source, cause, created_at)";

const statements = [
  `insert into accounts (id, owner_type, owner_id, available, held, last_entry, changed_at)
   select ${account}, 'user', 'usr_' || i, 115 + 30 * ${isPaid}, 5, 2 + ${isPaid}, ${ago} ${from}`,
  `insert into grants (account_id, id, source, credits, remaining, held, expires_at, created_at)
   select ${account}, ${pack}, 'pack', 100, 95, 5, null::timestamptz, ${ago} ${from}
   union all select ${account}, ${month}, 'plan', 20, 20, 0, ${ends}, ${ago} ${from}
   union all select ${account}, ${paid}, 'plan', 30, 30, 0, ${paidEnds}, ${ago} ${from} where i % 10 = 0`,
  `insert into holds (account_id, id, credits, status, expires_at, cause, created_at)
   select ${account}, ${hold}, 5, 'open', now() - interval '1 minute', 'tool:bench', ${ago} ${from}`,
  `insert into hold_lots (account_id, hold_id, grant_id, credits) select ${account}, ${hold}, ${pack}, 5 ${from}`,
  `${entry} select ${account}, 1, 'issued', 100, 100, ${pack}, 'pack', 'pack', ${ago} ${from}`,
  `${entry} select ${account}, 2, 'issued', 20, 120, ${month}, 'plan', 'free', ${ago} ${from}`,
  `${entry} select ${account}, 3, 'issued', 30, 150, ${paid}, 'plan', 'plan:pro', ${ago} ${from} where i % 10 = 0`,
  `insert into free_refills (account_id, anchor, next_at) select ${account}, ${ends} - interval '1 month', ${ends} ${from}`,
  `insert into rollovers (account_id, ended_at, most, expires_at)
   select ${account}, ${paidEnds}, 20, ${paidEnds} + interval '1 month' ${from} where i % 10 = 0`,
];
