import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { connectDatabase, type Db, disconnectDatabase } from "#platform/db";
import { startEmbeddedPostgres } from "#platform/embedded-postgres";
import { migrateDatabase } from "#platform/migrate";

/**
 * Books of many accounts as a year of use would leave them, written in bulk: for measuring what reads all
 * rows. Every account has welcome credits, every fifth a pack; each has spent twice, every fourth through a
 * hold as well, and every fiftieth has a hold open. They reconcile.
 */
export async function fillBooks(db: Db, accounts: number): Promise<void> {
  for (const statement of statements) await db.execute(sql.raw(statement.replaceAll(":n", `${accounts}`)));
  for (const table of ["accounts", "grants", "holds", "hold_lots", "entries", "commands", "users"]) {
    await db.execute(sql.raw(`vacuum analyze ${table}`));
  }
}

/** A database of its own in the system's temp, for as long as `work` takes; `durable` with fsync on. */
export async function withFreshDatabase<T>(
  work: (db: Db) => Promise<T>,
  { durable = false } = {},
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "toolmint-bench-"));
  chmodSync(folder, 0o755);
  const server = await startEmbeddedPostgres({ folder, durable });
  try {
    await migrateDatabase(server.url);
    // What fills a table with millions of rows takes longer than a request may.
    return await work(connectDatabase(server.url, { queryTimeoutMs: 3_600_000 }));
  } finally {
    await disconnectDatabase();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const account = "'acct_' || lpad(i::text, 26, '0')";
const lot = "'grant_' || lpad(i::text, 26, '0')";
const pack = "'grant_9' || lpad(i::text, 25, '0')";
const closed = "'hold_' || lpad(i::text, 26, '0')";
const open = "'hold_9' || lpad(i::text, 25, '0')";
// Spread over the year before; an account's entries follow each other by days.
const day = (after: number) => `now() - interval '1 day' * (${after} + ((i % 300) * 7919) % 300)`;
const packs = "(i % 5 = 0)::int";
const captures = "(i % 4 = 0)::int";
const opens = "(i % 50 = 0)::int";
const seqs = `(1 + ${packs} + 2 + ${captures})`;
const total = `(100 + 500 * ${packs} - 7 - 3 * ${captures})`;
const entry =
  "account_id, seq, kind, credits, total_after, grant_id, source, hold_id, cause, reference_type, reference_id, created_at";
const from = "from generate_series(1, :n) as i";

const statements = [
  `insert into users (id, name, email, email_verified, created_at)
   select 'usr_' || lpad(i::text, 26, '0'), 'Customer ' || i, 'customer' || i || '@example.com', true, ${day(61)} ${from}`,
  `insert into accounts (id, owner_type, owner_id, available, held, last_entry, last_command, changed_at)
   select ${account}, 'user', 'usr_' || lpad(i::text, 26, '0'), ${total} - 5 * ${opens}, 5 * ${opens},
     ${seqs}, ${seqs} + ${captures} + ${opens}, ${day(10)} ${from}`,
  `insert into grants (account_id, id, source, credits, remaining, held, expires_at, created_at)
   select ${account}, ${lot}, 'signup', 100, 93 - 3 * ${captures} - 5 * ${opens}, 5 * ${opens},
     now() + interval '1 day' * (30 + i % 300), ${day(60)} ${from}`,
  `insert into grants (account_id, id, source, credits, remaining, expires_at, created_at)
   select ${account}, ${pack}, 'pack', 500, 500, now() + interval '1 year', ${day(50)} ${from} where i % 5 = 0`,
  `insert into holds (account_id, id, credits, captured, status, expires_at, cause, created_at, ended_at)
   select ${account}, ${closed}, 3, 3, 'captured', ${day(20)}, 'tool:ocr', ${day(20)}, ${day(20)} ${from} where i % 4 = 0`,
  `insert into holds (account_id, id, credits, status, expires_at, cause, created_at)
   select ${account}, ${open}, 5, 'open', now() + interval '1 hour', 'tool:ocr', now() ${from} where i % 50 = 0`,
  `insert into hold_lots (account_id, hold_id, grant_id, credits)
   select ${account}, ${closed}, ${lot}, 3 ${from} where i % 4 = 0`,
  `insert into hold_lots (account_id, hold_id, grant_id, credits)
   select ${account}, ${open}, ${lot}, 5 ${from} where i % 50 = 0`,
  `insert into entries (${entry})
   select ${account}, 1, 'issued', 100, 100, ${lot}, 'signup', null, 'welcome', null, null, ${day(60)} ${from}`,
  `insert into entries (${entry})
   select ${account}, 2, 'issued', 500, 600, ${pack}, 'pack', null, 'pack', 'invoice', 'in_' || i, ${day(50)} ${from} where i % 5 = 0`,
  `insert into entries (${entry})
   select ${account}, ${packs} + 2, 'consumed', -4, 96 + 500 * ${packs}, ${lot}, 'signup', null, 'tool:ocr', 'run', 'run_' || i, ${day(40)} ${from}`,
  `insert into entries (${entry})
   select ${account}, ${packs} + 3, 'consumed', -3, 93 + 500 * ${packs}, ${lot}, 'signup', null, 'tool:upscale', 'run', 'run_' || i, ${day(30)} ${from}`,
  `insert into entries (${entry})
   select ${account}, ${packs} + 4, 'consumed', -3, 90 + 500 * ${packs}, ${lot}, 'signup', ${closed}, 'tool:ocr', 'run', 'run_' || i, ${day(20)} ${from} where i % 4 = 0`,
  `insert into commands (account_id, key, seq, hash, verb, credits, available, held, created_at)
   select ${account}, 'bulk:' || seq, seq, 'AAAAAAAAAAAAAAAAAAAAAA', 'charge', 1, 0, 0, now()
   ${from}, generate_series(1, ${seqs} + ${captures} + ${opens}) as seq`,
];
