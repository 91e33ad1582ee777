import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createServer, type Server } from "node:net";
import type { Readable } from "node:stream";

/** Real processes of the project, each with its own settings, for tests of any runner. Who starts one ends it. */
export type Process = {
  child: ChildProcessByStdio<null, Readable, Readable>;
  /** All it has said so far. */
  said: () => string;
  /** Sends a signal to the whole process group, as a terminal does. */
  signal: (signal: NodeJS.Signals) => void;
  ended: Promise<number | null>;
};

export type SiteProcess = Process & {
  url: string;
  /** Waits until it serves and says so. @throws with what it said when it ends first. */
  ready: () => Promise<void>;
};

/** Starts `server.ts`; ROLE=api unless told otherwise, since building pages takes long. */
export async function spawnSite(settings: Record<string, string>): Promise<SiteProcess> {
  const port = settings.PORT ?? String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  const started = spawnCommand(["server.ts"], { ROLE: "api", ...settings, PORT: port });
  return {
    ...started,
    url,
    ready: async () => {
      while (started.child.exitCode === null && started.child.signalCode === null) {
        const response = await fetch(`${url}/healthz`).catch(() => null);
        if (response?.ok && started.said().includes("is ready")) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`The site ended before it was ready:\n${started.said()}`);
    },
  };
}

/** Starts one of the project's scripts, or what `--eval` says. */
export function spawnCommand(args: readonly string[], settings: Record<string, string>): Process {
  const loader = args[0]?.startsWith("--") ? ["--import", "tsx"] : ["run.mjs"];
  const child = spawn(process.execPath, [...loader, ...args], {
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
  return { child, said: () => output, signal, ended };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Lets a server listen on a free port of its own. */
export async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (!address || typeof address !== "object") throw new Error("no port");
  return address.port;
}

/** Only what a fresh shell would have. NODE_ENV is one that must not matter. */
function environment(settings: Record<string, string>): NodeJS.ProcessEnv {
  const { PATH = "", HOME = "" } = process.env;
  return { PATH, HOME, NODE_ENV: "test", LOG_LEVEL: "warn", ...settings };
}
