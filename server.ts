import "#platform/node-env";
import { config } from "#platform/config";
import { type DatabaseServer, openDatabaseServer } from "#platform/database-server";
import { connectDatabase, disconnectDatabase } from "#platform/db";
import { log } from "#platform/log";
import { migrateDatabase } from "#platform/migrate";
import { keepRealTime } from "#platform/money-clock";
import { onShutdown, shutDown } from "#platform/shutdown";
import { writeAddress } from "#platform/site-address";
import { say, tell } from "#platform/terminal";
import { type Handler, listen } from "./src/http-server";

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
  const http = await listen(config(), { reloading: dev, stopping: stopped.signal });
  onShutdown("requests", "http", () => http.close(drainMs));
  // Side by side, as none needs another; the first failure stops the others.
  const [, api, pages] = await Promise.all([openDatabase(), openApi(), openPages()]).catch(
    (error: unknown) => {
      stopped.abort();
      throw error;
    },
  );
  if (stopped.signal.aborted) return;
  http.serve({ api, pages });
  const { production, ROLE } = config();
  if (!production && ROLE !== "worker") onShutdown("requests", "address", writeAddress());
  // Afterwards, as both would slow a build down, and payments send their first events to the site.
  await openPayments();
  if (stopped.signal.aborted) return;
  await openWorker();
  await greet();
}

async function openDatabase(): Promise<void> {
  database = await openDatabaseServer();
  await migrateDatabase(database.url, root);
  const db = connectDatabase(database.url);
  if (config().production) await keepRealTime(db);
  onShutdown("connections", "database", disconnectDatabase);
}

// What is large is loaded here, so that a wrong setting or a port in use is said at once.

async function openApi(): Promise<Handler> {
  const [{ getRequestListener }, { api }, { startCollecting, startKeepingResponses }] = await Promise.all([
    import("@hono/node-server"),
    import("#api"),
    import("#insight"),
  ]);
  startCollecting();
  startKeepingResponses();
  return getRequestListener(api.fetch);
}

async function openPages(): Promise<Handler | null> {
  const { ROLE } = config();
  if (ROLE !== "all" && ROLE !== "web") return null;
  const { openPages } = await import("./src/pages");
  const pages = await openPages(root, dev, stopped.signal);
  onShutdown("work", "pages", pages.close);
  return pages.handle;
}

/** Prices on sale; on a development site without keys, a Stripe of our own to buy them with. */
async function openPayments(): Promise<void> {
  const { seedPrices, sells } = await import("#billing");
  await seedPrices();
  const { production, ROLE } = config();
  if (production || ROLE !== "all" || sells()) return;
  const { openDevStripe } = await import("./src/dev-stripe");
  await openDevStripe();
}

async function openWorker(): Promise<void> {
  const { ROLE } = config();
  if (!database || (ROLE !== "all" && ROLE !== "worker")) return;
  const [{ startWorker }, { jobs }] = await Promise.all([import("./src/worker"), import("./src/jobs")]);
  const patienceMs = dev ? 500 : 5000;
  const worker = await startWorker({ databaseUrl: database.url, domains: jobs, patienceMs });
  onShutdown("jobs", "worker", worker.stop);
}

async function greet(): Promise<void> {
  const { SITE_NAME, SMTP_URL, STRIPE_SECRET_KEY, ROLE, baseUrl, production } = config();
  if (production) log().info({ role: ROLE, baseUrl }, "ready");
  if (ROLE === "worker") return say(`${SITE_NAME}: the worker is ready.`);
  const { hasOwner } = await import("#identity");
  say("", `  ${SITE_NAME} is ready:  ${baseUrl}`);
  if (!production && !SMTP_URL) say(`  Its mails arrive at:   ${baseUrl}/dev/mailbox`);
  if (!production && !STRIPE_SECRET_KEY) say(`  Its payments:          ${baseUrl}/dev/stripe`);
  // The site serves already: a database lost at this moment must not end it.
  if (!(await hasOwner().catch(() => true)))
    say("  Make yourself owner:   npm run ops -- owner you@example.com");
  say("");
}

/** Streams close, requests end, jobs end or are given back, pools close, then the database stops. */
async function stop(): Promise<void> {
  stopped.abort();
  await started.catch(() => undefined);
  await shutDown();
  await database?.release();
}

let stoppingSince = 0;

function onSignal(): void {
  if (stoppingSince > 0) {
    // npm hands on a Ctrl-C that the terminal has already sent to everybody: that is not a second one.
    if (Date.now() - stoppingSince > 500) process.exit(130);
    return;
  }
  stoppingSince = Date.now();
  say("Stopping (Ctrl-C again: at once).");
  stop().then(
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
