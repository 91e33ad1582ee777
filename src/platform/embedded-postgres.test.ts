import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EmbeddedServer, startEmbeddedPostgres } from "./embedded-postgres";
import { migrateDatabase, migrationLock } from "./migrate";
import { readLock } from "./postgres-lock";

/** A server that hangs: alive, stopped by a signal in the middle of whatever it did. */
const folder = mkdtempSync(join(tmpdir(), "toolmint-hung-"));
const data = join(folder, "postgres");
let server: EmbeddedServer;
let pid: number;

beforeAll(async () => {
  chmodSync(folder, 0o755);
  server = await startEmbeddedPostgres({ folder: data, durable: true });
  pid = readLock(data)?.pid ?? 0;
}, 60_000);

afterAll(async () => {
  process.kill(pid, "SIGCONT");
  await server.crash();
  rmSync(folder, { recursive: true, force: true });
});

const sentence = async (work: Promise<unknown>) => {
  const error: unknown = await work.catch((reason: unknown) => reason);
  return error instanceof Error ? `${error.name}: ${error.message}` : "it did not fail";
};

test("a start that waits for another's migrations in vain ends with a sentence", async () => {
  const other = new Client({ connectionString: server.url });
  await other.connect();
  await other.query("select pg_advisory_lock($1)", [migrationLock]);
  expect(await sentence(migrateDatabase(server.url, undefined, 100))).toMatch(
    /^OperatorError: Another process has been bringing the database up to date/,
  );
  await other.end();
});

test("a start on the folder of a server that hangs ends with a sentence that says what to do", async () => {
  process.kill(pid, "SIGSTOP");
  const said = await sentence(startEmbeddedPostgres({ folder: data, durable: true }));
  expect(said).toMatch(/^OperatorError: PostgreSQL \(process \d+\) holds \S+ but does not answer on port/);
  expect(said).toContain(`kill -CONT ${pid}`);
  expect(said).toContain(`kill -9 ${pid}`);
}, 60_000);

test("a command whose server begins to hang ends with a sentence", async () => {
  expect(await sentence(migrateDatabase(server.url))).toMatch(
    /^OperatorError: PostgreSQL does not answer at/,
  );
}, 60_000);

test("stopping a server that hangs ends with a sentence, and leaves it as it is", async () => {
  expect(await sentence(server.stop())).toContain(`did not stop in 15 s. If it was stopped by a signal`);
  expect(readLock(data)).toMatchObject({ pid, alive: true });
}, 60_000);
