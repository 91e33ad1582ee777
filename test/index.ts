export { crashableDatabase } from "./crash";
export { type Cut, type CutOptions, cutConnection } from "./cut-connection";
export { runJobs, skipPauses } from "./jobs";

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, inject } from "vitest";
import { connectDatabase, type Db, databaseUrl, db, disconnectDatabase } from "#platform/db";
import { endJobs } from "./jobs";

/** Gives a test file a database of its own, copied from the migrated template, as `db()`. */
export function testDatabase(): { db: () => Db; url: () => string } {
  const server = new URL(inject("databaseServer"));
  const name = `test_${randomBytes(6).toString("hex")}`;
  beforeAll(async () => {
    // A copy of files; the usual way writes each page to the log and takes five times as long.
    await onServer(server.href, `create database ${name} template template strategy file_copy`);
    const own = new URL(server.href);
    own.pathname = `/${name}`;
    connectDatabase(own.href);
  });
  afterAll(async () => {
    await endJobs();
    await disconnectDatabase();
    await onServer(server.href, `drop database ${name} with (force)`);
  });
  return { db, url: databaseUrl };
}

/** Gives a test file a data folder of its own. Call it before anything reads the settings. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "toolmint-files-"));
  process.env.DATA_DIR = folder;
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
