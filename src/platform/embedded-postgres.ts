import "#server-only";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { type Answer, askingName, askPostgres } from "./postgres-answer";
import { handOver, type PostgresHome, postgresHome } from "./postgres-home";
import { clearStaleLock, crashServer, isAlive, readLock } from "./postgres-lock";
import { OperatorError, say } from "./terminal";

/**
 * A real PostgreSQL from the registry, for those who have set no DATABASE_URL. `pg_ctl` starts it in a
 * session of its own, so that Ctrl-C in a terminal does not stop it before the app has drained, and it
 * outlives a killed app: the next start takes it over.
 */
export type EmbeddedServer = {
  url: string;
  /** True when the server already ran. */
  takenOver: boolean;
  /** Stops the server, unless another process still uses it. */
  stop: () => Promise<void>;
  /** Ends it as a crash would, whoever uses it; for tests and torture. */
  crash: () => Promise<void>;
};

const run = promisify(execFile);
const passwordFile = "toolmint-password";
const startAttempts = 4;
const logLimitBytes = 4_000_000;

/**
 * Starts PostgreSQL on a data folder, or takes over the server that runs on it; makes the folder when it
 * is not there.
 * @param durable false only for tests: without fsync a crash of the machine loses data.
 * @throws OperatorError with a sentence that says what to do.
 */
export async function startEmbeddedPostgres({
  folder,
  durable,
}: {
  folder: string;
  durable: boolean;
}): Promise<EmbeddedServer> {
  const home = await postgresHome(folder);
  if (!existsSync(join(home.data, "PG_VERSION"))) await makeDataFolder(home);
  requireOurs(home);
  const password = readFileSync(join(home.data, passwordFile), "utf8").trim();
  const urlOf = (port: number) => `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  const serverAt = (url: string, takenOver: boolean): EmbeddedServer => ({
    ...{ url, takenOver },
    stop: () => stop(home, url, durable),
    crash: () => crashServer(home.data),
  });

  for (let attempt = 1; ; attempt++) {
    const running = await findRunning(home, urlOf);
    if (running) return serverAt(running, true);
    clearStaleLock(home.data);
    const port = await rememberedPort(home, attempt);
    try {
      await start(home, port, durable);
      return serverAt(urlOf(port), false);
    } catch (error) {
      // The port was taken meanwhile, or another process was a moment faster: look again.
      if (attempt === startAttempts) {
        throw new OperatorError(
          `PostgreSQL did not start on ${home.data}. Its last words are in ${join(home.data, "server.log")}:\n` +
            lastLines(join(home.data, "server.log"), 8),
          { cause: error },
        );
      }
    }
  }
}

/**
 * Made under another name and renamed into place, so that a killed `initdb` leaves no half-made database;
 * what such a start left behind is removed.
 */
async function makeDataFolder({ data, programs, user }: PostgresHome): Promise<void> {
  if (existsSync(data)) {
    if (readdirSync(data).length > 0) {
      throw new OperatorError(
        `${data} is not a complete database folder (PG_VERSION is missing). ` +
          "Move it away or delete it, then start again.",
      );
    }
    rmdirSync(data);
  }
  mkdirSync(dirname(data), { recursive: true });
  removeLeftovers(data);
  const draft = `${data}.new-${process.pid}`;
  try {
    await initialise({ data: join(draft, "data"), programs, user }, draft);
    renameSync(join(draft, "data"), data);
  } catch (error) {
    // Another first start was faster: its folder is as good as ours.
    if (!existsSync(join(data, "PG_VERSION"))) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function initialise({ data, programs, user }: Omit<PostgresHome, "version">, draft: string) {
  const password = join(draft, passwordFile);
  mkdirSync(data, { recursive: true, mode: 0o700 });
  writeFileSync(password, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600 });
  for (const path of [draft, data, password]) handOver(path, user);
  await run(
    join(programs, "initdb"),
    [
      ...["-D", data, "-U", "postgres", "-E", "UTF8"],
      // PostgreSQL's own C.UTF-8, so that no locale of the machine is needed.
      ...["--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
      ...["--auth=scram-sha-256", `--pwfile=${password}`],
    ],
    { ...user, cwd: draft },
  );
  renameSync(password, join(data, passwordFile));
}

function removeLeftovers(data: string): void {
  const prefix = `${basename(data)}.new-`;
  for (const name of readdirSync(dirname(data))) {
    if (!name.startsWith(prefix) || isAlive(Number(name.slice(prefix.length)))) continue;
    rmSync(join(dirname(data), name), { recursive: true, force: true });
    say(`Removed ${name}, a database folder that an interrupted start left half made.`);
  }
}

function requireOurs({ data, version }: PostgresHome): void {
  if (!existsSync(join(data, passwordFile))) {
    throw new OperatorError(
      `${data} was not made by Toolmint (${passwordFile} is missing). ` +
        "Set DATABASE_URL to use its server, or move the folder away, then start again.",
    );
  }
  const made = readFileSync(join(data, "PG_VERSION"), "utf8").trim();
  if (made === version.split(".")[0]) return;
  throw new OperatorError(
    `${data} was made by PostgreSQL ${made}, and ${version} is installed. ` +
      "docs/operations.md says how to move the data (section Upgrades).",
  );
}

/** How long a server that says nothing, or that says it starts or recovers, is waited for, in ms. */
const patienceMs = { silent: 20_000, starting: 120_000 };

/** The address of the server that already runs on the folder. */
async function findRunning(home: PostgresHome, urlOf: (port: number) => string): Promise<string | null> {
  const since = Date.now();
  for (let told = false; ; ) {
    const lock = readLock(home.data);
    if (!lock?.alive) return null;
    const state = lock.port === null ? "starting" : await stateOf(urlOf(lock.port), home.data);
    if (lock.port !== null && state === "serves") return urlOf(lock.port);
    const waitedMs = Date.now() - since;
    if (waitedMs > patienceMs[state === "starting" ? "starting" : "silent"]) {
      throw new OperatorError(
        `PostgreSQL (process ${lock.pid}) holds ${home.data} but does not answer on port ${lock.port}. ` +
          `${remedy(lock.pid)} Then start again.`,
      );
    }
    if (!told && waitedMs > 2000) {
      say(`Waiting for PostgreSQL (process ${lock.pid}), which holds ${home.data} and does not answer yet.`);
      told = true;
    }
    // Starting, recovering or stopping: it says so in the lock file, and soon it is one or the other.
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** What frees a data folder from a server that hangs. What it had committed is safe either way. */
function remedy(pid: number): string {
  return `If it was stopped by a signal, continue it with \`kill -CONT ${pid}\`; else end it with \`kill -9 ${pid}\`.`;
}

type State = "serves" | Exclude<Answer<unknown>["state"], "answers">;

/** Whether the server there serves this folder: in a lock left by a crash the port may be another's. */
async function stateOf(url: string, data: string): Promise<State> {
  const answer = await askPostgres<{ data_directory: string }>(url, "show data_directory");
  if (answer.state !== "answers") return answer.state;
  try {
    const shown = statSync(answer.row?.data_directory ?? "");
    const own = statSync(data);
    return shown.ino === own.ino && shown.dev === own.dev ? "serves" : "refuses";
  } catch {
    return "refuses";
  }
}

async function start(home: PostgresHome, port: number, durable: boolean): Promise<void> {
  const logFile = join(home.data, "server.log");
  if (existsSync(logFile) && statSync(logFile).size > logLimitBytes) renameSync(logFile, `${logFile}.1`);
  const options = [
    `-p ${port}`,
    "-h 127.0.0.1",
    "-k ''",
    "-c max_connections=200",
    "-c log_checkpoints=off",
    ...(durable ? [] : ["-c fsync=off", "-c synchronous_commit=off", "-c full_page_writes=off"]),
  ];
  await run(
    join(home.programs, "pg_ctl"),
    ["-D", home.data, "-o", options.join(" "), "-l", logFile, "-w", "-t", "120", "start"],
    { ...home.user, cwd: home.data },
  );
}

/** @throws OperatorError when the server hangs and so does not stop. */
async function stop({ data, programs, user }: PostgresHome, url: string, durable: boolean): Promise<void> {
  const others = durable ? await countOthers(url) : 0;
  // A throw-away server goes with whoever made it.
  if (others !== null && others > 0) return;
  const seconds = others === null ? 15 : 60;
  try {
    await run(join(programs, "pg_ctl"), ["-D", data, "-m", "fast", "-w", "-t", `${seconds}`, "stop"], {
      ...user,
      cwd: data,
    });
  } catch (error) {
    const lock = readLock(data);
    if (!lock?.alive) return;
    throw new OperatorError(
      `PostgreSQL (process ${lock.pid}) on ${data} did not stop in ${seconds} s. ${remedy(lock.pid)}`,
      { cause: error },
    );
  }
}

/**
 * How many connections others have: another process took the server over, and stops it when it ends. Null
 * when the server does not say.
 */
async function countOthers(url: string): Promise<number | null> {
  const answer = await askPostgres<{ others: number }>(
    url,
    `select count(*)::int as others from pg_stat_activity
     where backend_type = 'client backend' and application_name <> '${askingName}'`,
  );
  if (answer.state === "silent") return null;
  return answer.state === "answers" ? (answer.row?.others ?? 0) : 0;
}

/** The port of last time while it is free, so that tools keep their bookmarks; else a new one. */
async function rememberedPort({ data }: PostgresHome, attempt: number): Promise<number> {
  const file = join(data, "toolmint-port");
  const remembered = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  const port = (attempt === 1 && remembered > 0 && (await claimPort(remembered))) || (await claimPort(0));
  if (port === null) throw new OperatorError("No port is free for PostgreSQL on 127.0.0.1.");
  writeFileSync(file, `${port}\n`);
  return port;
}

/** The port that could be listened on (0 asks for any), or null when it is taken. */
async function claimPort(wanted: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on("error", () => resolve(null));
    server.listen(wanted, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(address && typeof address === "object" ? address.port : null));
    });
  });
}

function lastLines(file: string, count: number): string {
  if (!existsSync(file)) return "(nothing)";
  return readFileSync(file, "utf8").trimEnd().split("\n").slice(-count).join("\n");
}
