import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type Config, config } from "./config";
import { openDatabaseServer } from "./database-server";
import { startEmbeddedPostgres } from "./embedded-postgres";
import { readLock } from "./postgres-lock";
import { singleton } from "./singleton";

const folder = mkdtempSync(join(tmpdir(), "toolmint-server-"));
const data = join(folder, "postgres");

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("whoever lets go of the server leaves it to who has it, also while they ask nothing of it", async () => {
  chmodSync(folder, 0o755);
  const { DATABASE_URL: _, ...settings } = config();
  singleton<Config>("config").set({ ...settings, dataDir: folder });
  const server = await openDatabaseServer();
  const command = await startEmbeddedPostgres({ folder: data, durable: true });
  expect(command.takenOver).toBe(true);
  await command.stop();
  expect(readLock(data)).toMatchObject({ alive: true });
  await server.release();
  expect(readLock(data)).toBeNull();
}, 60_000);
