import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { connectDatabase, type Db, databaseUrl, db, disconnectDatabase } from "#platform/db";
import { type EmbeddedServer, startEmbeddedPostgres } from "#platform/embedded-postgres";
import { migrateDatabase } from "#platform/migrate";

/**
 * Gives a test file a PostgreSQL of its own, durable, that the file may crash: its processes end at once,
 * without a checkpoint, and the next start recovers what was committed. As `db()`, on the same address.
 */
export function crashableDatabase(): { db: () => Db; url: () => string; crash: () => Promise<void> } {
  const folder = mkdtempSync(join(tmpdir(), "toolmint-crash-"));
  chmodSync(folder, 0o755);
  let server: EmbeddedServer;
  const start = () => startEmbeddedPostgres({ folder: join(folder, "postgres"), durable: true });
  beforeAll(async () => {
    server = await start();
    await migrateDatabase(server.url);
    connectDatabase(server.url);
  });
  afterAll(async () => {
    await disconnectDatabase();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    db,
    url: databaseUrl,
    crash: async () => {
      await server.crash();
      server = await start();
    },
  };
}
