import "#server-only";
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import { Pool, type PoolClient, types } from "pg";
import * as schema from "#schema";
import { log } from "./log";
import { singleton } from "./singleton";

export type Db = NodePgDatabase<typeof schema> & { $client: Pool };
/** A transaction of Drizzle's; what must commit together takes one as its first argument. */
export type Tx = Parameters<Parameters<Db["transaction"]>[0]>[0];
/** Either: reads that need no transaction of their own take this. */
export type Queryable = Db | Tx;

// int8 arrives as bigint: credits are never floating point.
types.setTypeParser(20, BigInt);

const slot = singleton<{ db: Db; url: string }>("db");

/** How long somebody waits for a connection when all are in use, in ms. */
const connectionTimeoutMillis = 30_000;

/** Opens the process's pool. Called once at start, by whoever knows the database. */
export function connectDatabase(url: string, { maxConnections = 12 } = {}): Db {
  const pool = new Pool({ connectionString: url, max: maxConnections, connectionTimeoutMillis });
  pool.on("error", (error) => log().warn({ err: error }, "an idle database connection was lost"));
  // A connection lost while somebody uses it fails his query; without a listener it would end the process.
  pool.on("connect", (client) => client.on("error", () => undefined));
  const connected = drizzle({ client: pool, schema });
  connected.transaction = transactions(pool);
  slot.set({ db: connected, url });
  return connected;
}

/**
 * Drizzle's own never gives a connection back that was lost at `begin`: a dozen such losses, and everybody
 * would wait for a connection for ever.
 */
function transactions(pool: Pool): Db["transaction"] {
  const bound = new WeakMap<PoolClient, Omit<Db, "$client">>();
  return async (work, options) => {
    const client = await pool.connect();
    try {
      const own = bound.get(client) ?? drizzle({ client, schema });
      bound.set(client, own);
      return await own.transaction(work, options);
    } finally {
      client.release();
    }
  };
}

/** The process's database. @throws when `connectDatabase` was not called. */
export function db(): Db {
  const connected = slot.get();
  if (!connected) throw new Error("No database is connected.");
  return connected.db;
}

/** The address of the process's database, for those who need connections of their own. */
export function databaseUrl(): string {
  const connected = slot.get();
  if (!connected) throw new Error("No database is connected.");
  return connected.url;
}

/** Closes the pool once its connections are idle. */
export async function disconnectDatabase(): Promise<void> {
  const connected = slot.get();
  slot.clear();
  await connected?.db.$client.end();
}
