import "#server-only";
import { join } from "node:path";
import { Client } from "pg";
import { config } from "./config";
import { connectDatabase, disconnectDatabase } from "./db";
import { startEmbeddedPostgres } from "./embedded-postgres";
import { migrateDatabase } from "./migrate";

export type DatabaseServer = {
  url: string;
  /** True when the database is our own, in the data folder. */
  embedded: boolean;
  /** Lets go of the database: an embedded one stops when nobody else uses it. */
  release: () => Promise<void>;
};

/**
 * The database of this process: DATABASE_URL; else the embedded server that runs on the data folder; else
 * one started now. Call `release` when every connection is closed.
 */
export async function openDatabaseServer(): Promise<DatabaseServer> {
  const url = config().DATABASE_URL;
  if (url) return { url, embedded: false, release: async () => undefined };
  for (let attempt = 1; ; attempt++) {
    const server = await startEmbeddedPostgres({ folder: join(config().dataDir, "postgres"), durable: true });
    try {
      const leave = await stay(server.url);
      const release = async () => {
        await leave();
        await server.stop();
      };
      return { url: server.url, embedded: true, release };
    } catch (error) {
      // Who used it before has just stopped it: it is started anew.
      if (attempt === attempts) throw error;
    }
  }
}

const attempts = 3;

/**
 * A connection that does nothing, for whoever else lets go of the server counts connections: a start that builds its
 * pages has no other for half a minute.
 */
async function stay(connectionString: string): Promise<() => Promise<void>> {
  // No pool: that calls itself ended before its connections are, and the last to let go would count one more.
  const client = new Client({ connectionString, application_name: "toolmint: uses the server" });
  // It ends with its server.
  client.on("error", () => undefined);
  await client.connect();
  return () => client.end();
}

/**
 * Runs a command's work with a connected database, and lets go of it afterwards: a site that runs
 * meanwhile is not disturbed.
 * @param migrate false for a command that only looks.
 * @param queryTimeoutMs for a command whose queries may take longer than a request's.
 */
export async function withDatabase<T>(
  work: (server: DatabaseServer) => Promise<T>,
  { migrate = true, queryTimeoutMs }: { migrate?: boolean; queryTimeoutMs?: number } = {},
): Promise<T> {
  const server = await openDatabaseServer();
  try {
    if (migrate) await migrateDatabase(server.url);
    connectDatabase(server.url, { maxConnections: 4, ...(queryTimeoutMs && { queryTimeoutMs }) });
    return await work(server);
  } finally {
    await disconnectDatabase();
    await server.release();
  }
}
