import "#server-only";
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import { Client, Pool, type PoolClient, types } from "pg";
import * as schema from "#schema";
import { isDatabaseAway } from "./database-away";
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
const connectionTimeoutMillis = 10_000;

/**
 * A server that vanished says no goodbye: it is asked after 10 s of silence, and what it leaves unanswered for so
 * long counts as lost. Otherwise a query would wait for a quarter of an hour, or for ever. No query takes seconds
 * but those of `readAtLeisure`.
 */
export const lossNoticed = {
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  query_timeout: 30_000,
} as const;

type PoolSettings = { maxConnections?: number; queryTimeoutMs?: number };

/** Opens the process's pool. Called once at start, by whoever knows the database. */
export function connectDatabase(
  url: string,
  { maxConnections = 12, queryTimeoutMs = lossNoticed.query_timeout }: PoolSettings = {},
): Db {
  const pool = new Pool({
    ...lossNoticed,
    connectionString: url,
    query_timeout: queryTimeoutMs,
    // Never without one: an embedded database stops when a command lets go of it and nobody else is connected.
    min: 1,
    max: maxConnections,
    connectionTimeoutMillis,
  });
  pool.on("error", (error) => log().warn({ err: error }, "an idle database connection was lost"));
  // A connection lost while somebody uses it fails his query; without a listener it would end the process.
  pool.on("connect", (client) => client.on("error", () => undefined));
  const connected = drizzle({ client: pool, schema });
  connected.transaction = transactions(pool, url);
  slot.set({ db: connected, url });
  return connected;
}

/**
 * Drizzle's own never gives a connection back that was lost at `begin`: a dozen such losses, and everybody
 * would wait for a connection for ever.
 */
function transactions(pool: Pool, url: string): Db["transaction"] {
  const bound = new WeakMap<PoolClient, Omit<Db, "$client">>();
  return async (work, options) => {
    if (options?.accessMode === "read only") return readAtLeisure(url, work, options);
    const client = await pool.connect();
    let lost = false;
    try {
      const own = bound.get(client) ?? drizzle({ client, schema });
      bound.set(client, own);
      return await own.transaction(work, options);
    } catch (error) {
      lost = isDatabaseAway(error);
      throw error;
    } finally {
      client.release(lost);
    }
  };
}

/** What reads all rows as they stood at one moment may take long: it has a connection of its own, without a limit. */
async function readAtLeisure<T>(
  url: string,
  work: (tx: Tx) => Promise<T>,
  options: Parameters<Db["transaction"]>[1],
): Promise<T> {
  const { keepAlive, keepAliveInitialDelayMillis } = lossNoticed;
  const client = new Client({
    connectionString: url,
    keepAlive,
    keepAliveInitialDelayMillis,
    connectionTimeoutMillis,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return await drizzle({ client, schema }).transaction(work, options);
  } finally {
    await client.end();
  }
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
