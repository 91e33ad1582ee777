import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "#platform/embedded-postgres";
import { migrateDatabase } from "#platform/migrate";

declare module "vitest" {
  export interface ProvidedContext {
    databaseServer: string;
  }
}

/** One PostgreSQL for the whole test run, with a migrated database that each test file copies. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "toolmint-test-"));
  chmodSync(folder, 0o755);
  const server = await startEmbeddedPostgres({ folder, durable: false });
  const client = new Client({ connectionString: server.url });
  await client.connect();
  await client.query("create database template");
  await client.end();
  const template = new URL(server.url);
  template.pathname = "/template";
  await migrateDatabase(template.href);
  project.provide("databaseServer", server.url);
  return async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
