import { type ChildProcess, fork, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { type EmbeddedServer, startEmbeddedPostgres } from "#platform/embedded-postgres";
import { pause } from "./chance";
import { openWire, type Wire } from "./wire";

/** What is tortured: a PostgreSQL with a folder of its own and fsync on, and processes of the site that are
 * started again whenever they end, as a service manager would. */
export type Site = {
  wire: Wire;
  /** PostgreSQL's own address, past the wire. */
  databaseUrl: () => string;
  apis: readonly SiteProcess[];
  workers: readonly SiteProcess[];
  /** PostgreSQL ends at once (-9) and recovers. */
  crashDatabase: () => Promise<void>;
  stop: () => Promise<void>;
};

const tool = join(import.meta.dirname, "tool.ts");
/** How long a process may take to serve, and to stop; more is a fault. */
const patienceMs = { start: 180_000, stop: 30_000 };

export async function openDatabase(
  folder: string,
): Promise<Pick<Site, "wire" | "databaseUrl" | "crashDatabase" | "stop">> {
  const data = join(folder, "postgres");
  const open = () => startEmbeddedPostgres({ folder: data, durable: true });
  const guard = await startGuard(data);
  let server: EmbeddedServer = await open();
  const wire = await openWire(server.url);
  return {
    wire,
    databaseUrl: () => server.url,
    crashDatabase: async () => {
      await server.crash();
      server = await open();
      wire.leadTo(server.url);
    },
    stop: async () => {
      wire.close();
      await server.stop();
      guard.send("stop");
    },
  };
}

async function startGuard(data: string): Promise<ChildProcess> {
  const options = { execArgv: ["--import", "tsx"], detached: true };
  const guard = fork(join(import.meta.dirname, "guard.ts"), [data], options);
  await new Promise((resolve, reject) => {
    guard.once("message", resolve);
    guard.once("exit", () => reject(new Error("The guard of the database did not start.")));
  });
  return guard;
}

export class SiteProcess {
  readonly url: string;
  readonly #name: string;
  readonly #settings: NodeJS.ProcessEnv;
  readonly #log: number;
  #child: ChildProcess | null = null;
  #wanted = true;
  #ready = false;
  /** How often it ended by itself after it had served, or did not stop: nothing done to it should make it. */
  faults = 0;
  #ended: Promise<void>;

  /** @param databaseUrl by way of the wire */
  constructor({
    folder,
    role,
    name,
    port,
    databaseUrl,
  }: { folder: string; role: "api" | "worker"; name: string; port: number; databaseUrl: string }) {
    this.url = `http://127.0.0.1:${port}`;
    this.#name = name;
    this.#log = openSync(join(folder, `${name}.log`), "a");
    // The empty one keeps out what a `.env` says.
    this.#settings = {
      ...{ NODE_ENV: "production", ROLE: role, BASE_URL: "", PORT: String(port), LOG_LEVEL: "error" },
      ...{ DATABASE_URL: databaseUrl, DATA_DIR: join(folder, "data") },
    };
    this.#ended = this.#serve();
  }

  /** Ends it at once; it is started again. @returns false when it was not serving */
  kill(): boolean {
    if (!this.#ready) return false;
    this.#ready = false;
    this.#child?.kill("SIGKILL");
    return true;
  }

  /** Waits until it serves, or the signal. @throws when it does not for minutes */
  async ready(signal?: AbortSignal): Promise<void> {
    const until = Date.now() + patienceMs.start;
    while (!this.#ready && this.#wanted && !signal?.aborted) {
      if (Date.now() > until) throw new Error(`${this.#name} does not serve: see ${this.#name}.log.`);
      await pause(50);
    }
  }

  async stop(): Promise<void> {
    if (!this.#wanted) return this.#ended;
    this.#wanted = false;
    this.#ready = false;
    this.#child?.kill("SIGTERM");
    const late = setTimeout(() => {
      this.faults += 1;
      this.#child?.kill("SIGKILL");
    }, patienceMs.stop);
    await this.#ended;
    clearTimeout(late);
    closeSync(this.#log);
  }

  async #serve(): Promise<void> {
    while (this.#wanted) {
      const child = spawn(process.execPath, ["--import", "tsx", "--import", tool, "server.ts"], {
        env: this.#settings,
        // Ctrl-C is for the one who tortures: it ends the site when it has compared.
        detached: true,
        // The last is how it learns that this process is gone: see tool.ts.
        stdio: ["ignore", this.#log, this.#log, "ipc"],
      });
      this.#child = child;
      const ended = new Promise<void>((resolve) => child.on("exit", () => resolve()));
      const running = () => child.exitCode === null && child.signalCode === null;
      while (running() && !(await answers(this.url))) await Promise.race([ended, pause(100)]);
      this.#ready = running() && this.#wanted;
      await ended;
      if (this.#ready) this.faults += 1;
      this.#ready = false;
    }
  }
}

/** @returns processes that are being started */
export async function startProcesses(
  count: number,
  given: { folder: string; role: "api" | "worker"; databaseUrl: string },
): Promise<SiteProcess[]> {
  const ports = await Promise.all(Array.from({ length: count }, freePort));
  return ports.map((port, index) => new SiteProcess({ ...given, port, name: `${given.role}-${index}` }));
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
  await response?.body?.cancel();
  return response?.ok ?? false;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (!address || typeof address === "string") throw new Error("No port is free.");
  return address.port;
}
