import "#server-only";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import { runMigrations } from "graphile-worker";
import { Client, Pool } from "pg";
import { OperatorError } from "./terminal";

const lockId = 7_400_401;

/**
 * Brings a database up to date: drizzle-kit's migrations, graphile-worker's tables, and every file of
 * db/sql whose text has changed. Safe to call from several processes at once.
 * @returns the names of the SQL files that were applied.
 */
export async function migrateDatabase(url: string, root: string = process.cwd()): Promise<string[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [lockId]);
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
