import "#server-only";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import { runMigrations } from "graphile-worker";
import { Client, Pool } from "pg";
import { OperatorError, say } from "./terminal";

/** Key of the advisory lock of whoever migrates. */
export const migrationLock = 7_400_401;

/**
 * Brings a database up to date: drizzle-kit's migrations, graphile-worker's tables, and every file of
 * db/sql whose text has changed. Safe to call from several processes at once: they take turns.
 * @param patienceMs how long another process may take over it.
 * @returns the names of the SQL files that were applied.
 * @throws OperatorError when the server does not answer, the other process does not end, or a migration fails.
 */
export async function migrateDatabase(
  url: string,
  root: string = process.cwd(),
  patienceMs = 300_000,
): Promise<string[]> {
  const client = await openClient(url);
  try {
    await takeTurn(client, patienceMs);
    await applyMigrations(client, join(root, "db/migrations"));
    const pool = new Pool({ connectionString: url, max: 1 });
    // graphile-worker asks for both handlers; a lost connection fails the query that uses it.
    pool.on("error", () => undefined);
    pool.on("connect", (connection) => connection.on("error", () => undefined));
    try {
      await runMigrations({ pgPool: pool });
    } finally {
      await pool.end();
    }
    return await applySqlFiles(client, join(root, "db/sql"));
  } finally {
    await client.end();
  }
}

async function openClient(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (error) {
    if (!(error instanceof Error && /timeout/.test(error.message))) throw error;
    throw new OperatorError(
      `PostgreSQL does not answer at ${new URL(url).host}. Is it stopped, or its machine out of reach?`,
      { cause: error },
    );
  }
  return client;
}

async function takeTurn(client: Client, patienceMs: number): Promise<void> {
  const { rows } = await client.query<{ mine: boolean }>("select pg_try_advisory_lock($1) as mine", [
    migrationLock,
  ]);
  if (rows[0]?.mine) return;
  say("Waiting for another process that brings the database up to date.");
  // Only for this lock: a migration waits for its own as long as it must.
  await client.query(`set lock_timeout = ${patienceMs}`);
  try {
    await client.query("select pg_advisory_lock($1)", [migrationLock]);
  } catch (error) {
    throw new OperatorError(
      "Another process has been bringing the database up to date for too long. " +
        "If it hangs, end it, then start again: what it has not finished is undone.",
      { cause: error },
    );
  }
  await client.query("set lock_timeout = 0");
}

/** All pending ones in one transaction. @throws OperatorError with PostgreSQL's reason. */
async function applyMigrations(client: Client, migrationsFolder: string): Promise<void> {
  try {
    await migrate(drizzle({ client }), { migrationsFolder });
  } catch (error) {
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new OperatorError(
      `The database could not be brought up to date, and was left as it was: ${reason}. ` +
        "Is it this version's database? docs/operations.md says how to go back (section Upgrades).",
      { cause: error },
    );
  }
}

/** What `migrateDatabase` would still apply: names of migrations and SQL files; changes nothing. */
export async function pendingMigrations(pool: Pool, root: string = process.cwd()): Promise<string[]> {
  const { rows } = await pool.query<{ migrations: boolean; files: boolean }>(
    `select to_regclass('drizzle.__drizzle_migrations') is not null as migrations,
       to_regclass('sql_files') is not null as files`,
  );
  const migrations = rows[0]?.migrations
    ? await pool.query<{ hash: string }>("select hash from drizzle.__drizzle_migrations")
    : { rows: [] };
  const files = rows[0]?.files
    ? await pool.query<{ hash: string }>("select hash from sql_files")
    : { rows: [] };
  const applied = new Set([...migrations.rows, ...files.rows].map(({ hash }) => hash));
  return ["db/migrations", "db/sql"].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith(".sql"))
      .filter((name) => !applied.has(hashOf(readFileSync(join(root, folder, name), "utf8")))),
  );
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Triggers and functions live as whole files, so that a reader sees today's text and a diff. */
async function applySqlFiles(client: Client, folder: string): Promise<string[]> {
  await client.query(
    "create table if not exists sql_files (name text primary key, hash text not null, applied_at timestamptz not null default now())",
  );
  const { rows } = await client.query<{ name: string; hash: string }>("select name, hash from sql_files");
  const known = new Map(rows.map((row) => [row.name, row.hash]));
  const applied: string[] = [];
  for (const name of readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .sort()) {
    const text = readFileSync(join(folder, name), "utf8");
    const hash = hashOf(text);
    if (known.get(name) === hash) continue;
    await client.query("begin");
    try {
      await client.query(text);
      await client.query(
        "insert into sql_files (name, hash) values ($1, $2) on conflict (name) do update set hash = $2, applied_at = now()",
        [name, hash],
      );
      await client.query("commit");
    } catch (error) {
      await client.query("rollback");
      throw error;
    }
    applied.push(name);
  }
  return applied;
}
