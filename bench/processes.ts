import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import type { AccountId } from "#ledger";
import type { Figures } from "./measure";
import type { Target } from "./systems";

/** Processes beside the benchmark's own: callers of the ledger with a batcher each, and servers. */

/** What `caller.ts` is told over its channel, and answers with figures. */
export type Order = { target: Target; callers: number; seconds: number };
export type Setup = { url: string; accounts: readonly AccountId[] };

export type CallerProcess = { measure: (order: Order) => Promise<Figures>; stop: () => Promise<void> };

const tsx = ["--import", "tsx"];

/** A process that charges through a batcher of its own. */
export async function startCaller(setup: Setup): Promise<CallerProcess> {
  const child = fork(join(import.meta.dirname, "caller.ts"), { execArgv: tsx });
  child.send(setup);
  await once(child, "message");
  return {
    measure: async (order) => {
      child.send(order);
      const [figures] = await once(child, "message");
      return figures;
    },
    stop: () => end(child),
  };
}

export type Server = { url: string; pid: number; stop: () => Promise<void> };

/** Runs a server's script with settings; ready when it answers at `path`. */
export async function startServer(
  script: string,
  settings: Record<string, string>,
  path: string,
): Promise<Server> {
  const port = await freePort();
  const given = Object.entries({ ...settings, PORT: `${port}` }).map(([name, value]) => `${name}=${value}`);
  const command = ["env", ...given, process.execPath, ...tsx, script];
  const child = spawn("/usr/bin/env", command.slice(1), { stdio: ["ignore", "ignore", "inherit"] });
  const url = `http://127.0.0.1:${port}`;
  while (child.exitCode === null) {
    const answer = await fetch(`${url}${path}`).catch(() => null);
    if (answer?.ok && child.pid) return { url, pid: child.pid, stop: () => end(child) };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${script} ended before it was ready.`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (!address || typeof address !== "object") throw new Error("No port is free.");
  return address.port;
}
