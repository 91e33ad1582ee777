export { runJobs, skipPauses } from "./jobs";

import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { afterAll, beforeAll, inject } from "vitest";
import { connectDatabase, type Db, databaseUrl, db, disconnectDatabase } from "#platform/db";

/** Gives a test file a database of its own, copied from the migrated template, as `db()`. */
export function testDatabase(): { db: () => Db; url: () => string } {
  const server = new URL(inject("databaseServer"));
  const name = `test_${randomBytes(6).toString("hex")}`;
  beforeAll(async () => {
    await onServer(server.href, `create database ${name} template template`);
    const own = new URL(server.href);
    own.pathname = `/${name}`;
    connectDatabase(own.href);
  });
  afterAll(async () => {
    await disconnectDatabase();
    await onServer(server.href, `drop database ${name} with (force)`);
  });
  return { db, url: databaseUrl };
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
