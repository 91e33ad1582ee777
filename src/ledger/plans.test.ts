import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import type { Tx } from "#platform/db";
import { newId } from "#platform/id";
import { testDatabase } from "#test";
import { applyCommands, judge } from "./apply";
import { readBalance } from "./balance";
import type { AccountId, Command } from "./command";
import { onTransaction, prepareTransaction } from "./connection";
import { listEntries } from "./entries";
import { createMemory } from "./memory";
import { readBooks } from "./reading";
import { aCharge, aGrant, aHold, aKey, anAccount } from "./testing";
import type { Written } from "./writing";

/**
 * Plans must be those of a large table from the first row on: a prepared plan that reads a whole table while
 * that is small would stay when it is large.
 */

const { db } = testDatabase();
const tables = ["accounts", "grants", "holds", "hold_lots", "entries", "commands", "key_budgets"];

/** Does the work of every verb and of the pages in transactions of their own; tells which tables were scanned. */
async function scannedTables(): Promise<string[]> {
  const scanned = new Set<string>();
  const watching = (work: (tx: Tx) => Promise<unknown>) =>
    db().transaction(async (tx) => {
      await work(tx);
      const { rows } = await tx.execute<{ relname: string; scans: number; reads: number }>(sql`
        select relname, seq_scan::int as scans, idx_scan::int as reads from pg_stat_xact_user_tables
        where relname in (${sql.join(
          tables.map((name) => sql`${name}`),
          sql`, `,
        )})`);
      expect(rows.some(({ reads }) => reads > 0)).toBe(true);
      for (const { relname, scans } of rows) if (scans > 0) scanned.add(relname);
    });
  const accountId = await anAccount();
  for (const command of await commandsOfEveryVerb(accountId)) {
    await watching((tx) => applyCommands(tx, [command]));
  }
  await watching((tx) => chargeRemembered(tx, accountId));
  await watching((tx) => readBalance(tx, accountId));
  await watching((tx) => listEntries(tx, accountId, { limit: 20 }));
  await watching((tx) => listEntries(tx, accountId, { limit: 20, before: 3n, from: new Date(0) }));
  return [...scanned].sort();
}

/** A charge on a book that was read, and one on the same book as it was remembered. */
async function chargeRemembered(tx: Tx, accountId: AccountId): Promise<void> {
  const run = onTransaction(tx);
  await run(prepareTransaction);
  const memory = createMemory();
  const [first, second] = [aCharge(accountId), aCharge(accountId)];
  const read = judge([first], await readBooks(run, [first], "wait"));
  for (const book of read.books) memory.keep(book);
  const [said] = read.write ? await run<Written>(...read.write) : [];
  memory.setClock(said?.now_ms ?? 0);
  const { books, assumed } = memory.recall([second]);
  const { write } = judge([second], { books, skipped: new Set(), known: [] }, assumed);
  const [again] = write ? await run<Written>(...write) : [];
  expect(again).toMatchObject({ written: "1", sound: true });
}

async function commandsOfEveryVerb(accountId: AccountId): Promise<Command[]> {
  const grantId = await aGrant(accountId, { credits: 1_000n });
  const [captured, released, extended] = [
    await aHold(accountId),
    await aHold(accountId),
    await aHold(accountId),
  ];
  const who = () => ({ accountId, key: aKey() });
  const why = { cause: "test", apiKeyId: newId("apiKey") };
  const later = new Date(Date.now() + 86_400_000);
  return [
    { verb: "grant", ...who(), credits: 5n, source: "plan", expiresAt: later, cause: "plan" },
    { ...aCharge(accountId), ...why },
    { verb: "hold", ...who(), ...why, credits: 5n, lifetimeSeconds: 60 },
    { verb: "extend", ...who(), holdId: extended, lifetimeSeconds: 6_000 },
    { verb: "capture", ...who(), holdId: captured, credits: 3n },
    { verb: "release", ...who(), holdId: released, cause: "test" },
    { verb: "reverse", ...who(), grantId, credits: 1n, cause: "refund" },
    { verb: "carry", ...who(), endedAt: new Date(0), most: 5n, expiresAt: later, cause: "rollover" },
    { verb: "expire", ...who(), holdId: extended },
    { verb: "expire", ...who() },
  ];
}

/** Rows of many accounts, as a restore or an import writes them: no statistics yet. */
async function loadInBulk(): Promise<void> {
  const id = sql.raw("'acct_' || lpad(i::text, 26, '0')");
  const lot = sql.raw("'grant_' || lpad(i::text, 26, '0')");
  const many = sql.raw("generate_series(1, 20000) as i");
  for (const statement of [
    sql`insert into accounts (id, owner_type, owner_id, available, last_entry, last_command)
      select ${id}, 'user', 'usr_' || i, 96, 5, 5 from ${many}`,
    sql`insert into grants (account_id, id, source, credits, remaining, created_at)
      select ${id}, ${lot}, 'pack', 100, 96, now() from ${many}`,
    sql`insert into entries (account_id, seq, kind, credits, total_after, grant_id, source, cause, created_at)
      select ${id}, seq, case seq when 1 then 'issued' else 'consumed' end, case seq when 1 then 100 else -1 end,
        101 - seq, ${lot}, 'pack', 'test', now() from ${many}, generate_series(1, 5) as seq`,
    sql`insert into commands (account_id, key, seq, hash, verb, credits, available, held, created_at)
      select ${id}, 'bulk:' || seq, seq, 'AAAAAAAAAAAAAAAAAAAAAA', 'charge', 1, 0, 0, now()
      from ${many}, generate_series(1, 5) as seq`,
  ]) {
    await db().execute(statement);
  }
}

test("no statement of the ledger reads a whole table, be it new, loaded in bulk, or analyzed", async () => {
  expect({ new: await scannedTables() }).toEqual({ new: [] });
  await loadInBulk();
  expect({ loaded: await scannedTables() }).toEqual({ loaded: [] });
  await db().execute(sql`analyze`);
  expect({ analyzed: await scannedTables() }).toEqual({ analyzed: [] });
}, 60_000);
