import { type ChildProcessByStdio, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { onTestFinished } from "vitest";

/** Real processes of the site, each with its own settings, ended with the test that started them. */
export type SiteProcess = {
  url: string;
  child: ChildProcessByStdio<null, Readable, Readable>;
  /** All it has said so far. */
  said: () => string;
  /** Waits until it serves. @throws with what it said when it ends first. */
  ready: () => Promise<void>;
  /** Sends a signal to the whole process group, as a terminal does. */
  signal: (signal: NodeJS.Signals) => void;
  ended: Promise<number | null>;
};

/** Only what a fresh shell would have. NODE_ENV is one that must not matter. */
function environment(settings: Record<string, string>): NodeJS.ProcessEnv {
  const { PATH = "", HOME = "" } = process.env;
  return { PATH, HOME, NODE_ENV: "test", LOG_LEVEL: "warn", ...settings };
}

type AtEnd = (end: () => Promise<void>) => void;

/**
 * Starts `server.ts`; ROLE=api unless told otherwise, since building pages takes long.
 * @param atEnd when to stop it: with the test, or `afterAll`
 */
export async function startSite(
  settings: Record<string, string>,
  atEnd: AtEnd = onTestFinished,
): Promise<SiteProcess> {
  const port = settings.PORT ?? String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  const started = startCommand(["server.ts"], { ROLE: "api", ...settings, PORT: port }, atEnd);
  return {
    ...started,
    url,
    ready: async () => {
      while (started.child.exitCode === null && started.child.signalCode === null) {
        const response = await fetch(`${url}/healthz`).catch(() => null);
        if (response?.ok) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`The site ended before it was ready:\n${started.said()}`);
    },
  };
}

/** Runs one of the project's scripts to its end. */
export async function runScript(args: readonly string[], settings: Record<string, string>) {
  const started = startCommand(args, settings);
  const code = await started.ended;
  return { code, said: started.said() };
}

function startCommand(
  args: readonly string[],
  settings: Record<string, string>,
  atEnd: AtEnd = onTestFinished,
) {
  const child = spawn(process.execPath, ["--import", "tsx", ...args], {
    env: environment(settings),
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const signal = (name: NodeJS.Signals) => {
    if (child.pid && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, name);
  };
  atEnd(async () => {
    signal("SIGINT");
    await ended;
  });
  return { child, said: () => output, signal, ended };
}

/** A data folder that PostgreSQL's user may enter, removed after the test. */
export function dataFolder(mode = 0o755): string {
  const folder = mkdtempSync(join(tmpdir(), "toolmint-process-"));
  chmodSync(folder, mode);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A server that takes connections and never says a word; tells when the first one came. */
export async function silentServer(): Promise<{ port: number; called: Promise<void> }> {
  let server: Server | undefined;
  const called = new Promise<void>((resolve) => {
    server = createServer((socket) => {
      socket.on("error", () => undefined);
      resolve();
    });
  });
  const port = await listening(server);
  onTestFinished(() => {
    server?.close();
  });
  return { port, called };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listening(server: Server | undefined): Promise<number> {
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const address = server?.address();
  if (!address || typeof address !== "object") throw new Error("no port");
  return address.port;
}
