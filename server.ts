import "#platform/node-env";
import { getRequestListener } from "@hono/node-server";
import { api } from "#api";
import { hasOwner } from "#identity";
import { config } from "#platform/config";
import { type DatabaseServer, openDatabaseServer } from "#platform/database-server";
import { connectDatabase, disconnectDatabase } from "#platform/db";
import { log } from "#platform/log";
import { migrateDatabase } from "#platform/migrate";
import { onShutdown, shutDown } from "#platform/shutdown";
import { say, tell } from "#platform/terminal";
import { type HttpServer, listen } from "./src/http-server";
import { jobs } from "./src/jobs";
import { openPages } from "./src/pages";
import { startWorker } from "./src/worker";

/**
 * Starts what ROLE names: pages, API and worker in one process by default, with a database of their own
 * when DATABASE_URL is not set. `--dev` compiles pages as they are asked for and reloads them.
 */
const dev = process.argv.includes("--dev");
const root = import.meta.dirname;
const stopped = new AbortController();
const drainMs = dev ? 1000 : 10_000;
let database: DatabaseServer | undefined;

async function start(): Promise<void> {
  const { ROLE } = config();
  const http = await listen(config());
  onShutdown("requests", "http", () => http.close(drainMs));
  // Neither waits for the other; the first failure stops the other.
  const pages = ROLE === "all" || ROLE === "web" ? openPages(root, dev, stopped.signal) : null;
  await Promise.all([openDatabase(), pages]).catch((error: unknown) => {
    stopped.abort();
    throw error;
  });
  if (stopped.signal.aborted) return;
  if (ROLE === "all" || ROLE === "worker") await work();
  serve(http, (await pages)?.handle ?? null);
  const page = await pages;
  if (page) onShutdown("work", "pages", page.close);
  await greet();
}

async function openDatabase(): Promise<void> {
  database = await openDatabaseServer();
  await migrateDatabase(database.url, root);
  connectDatabase(database.url);
  onShutdown("connections", "database", disconnectDatabase);
}

async function work(): Promise<void> {
  if (!database) throw new Error("The worker needs a database.");
  const worker = await startWorker({
    databaseUrl: database.url,
    domains: jobs,
    patienceMs: dev ? 500 : 5000,
  });
  onShutdown("jobs", "worker", worker.stop);
}

function serve(http: HttpServer, pages: Parameters<HttpServer["serve"]>[0]["pages"]): void {
  http.serve({ api: getRequestListener(api.fetch), pages });
}

async function greet(): Promise<void> {
  const { SITE_NAME, SMTP_URL, ROLE, baseUrl, production } = config();
  if (production) log().info({ role: ROLE, baseUrl }, "ready");
  if (ROLE === "worker") return say(`${SITE_NAME}: the worker is ready.`);
  say("", `  ${SITE_NAME} is ready:  ${baseUrl}`);
  if (!production && !SMTP_URL) say(`  Its mails arrive at:   ${baseUrl}/dev/mailbox`);
  if (!(await hasOwner())) say("  Make yourself owner:   npm run ops -- owner you@example.com");
  say("");
}

/** Streams close, requests end, jobs end or are given back, pools close, then the database stops. */
async function stop(keepDatabase: boolean): Promise<void> {
  stopped.abort();
  await started.catch(() => undefined);
  await shutDown();
  if (!keepDatabase) await database?.release();
}

let stoppingSince = 0;

function onSignal(signal: NodeJS.Signals): void {
  if (stoppingSince > 0) {
    // npm hands on a Ctrl-C that the terminal has already sent to everybody: that is not a second one.
    if (Date.now() - stoppingSince > 500) process.exit(130);
    return;
  }
  stoppingSince = Date.now();
  say("Stopping (Ctrl-C again: at once).");
  // A reload in development keeps the database running for the process that follows.
  stop(dev && signal === "SIGTERM").then(
    () => process.exit(0),
    (error: unknown) => fail(error),
  );
}

async function fail(error: unknown): Promise<never> {
  tell(error);
  await shutDown();
  await database?.release();
  process.exit(1);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
// A terminal that is gone must not end a process that is about to stop cleanly.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
const started = start();
started.catch((error: unknown) => (stoppingSince > 0 ? undefined : fail(error)));
