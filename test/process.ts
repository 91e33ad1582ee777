import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { listening, type Process, type SiteProcess, spawnCommand, spawnSite } from "./spawn";

/** The processes of ./spawn, ended with the test that started them. */

type AtEnd = (end: () => Promise<void>) => unknown;

/**
 * Starts `server.ts`; ROLE=api unless told otherwise, since building pages takes long.
 * @param atEnd is told how to stop it; else it stops with the test
 */
export async function startSite(
  settings: Record<string, string>,
  atEnd: AtEnd = onTestFinished,
): Promise<SiteProcess> {
  const site = await spawnSite(settings);
  atEnd(() => stop(site));
  return site;
}

/** Runs one of the project's scripts to its end. */
export async function runScript(args: readonly string[], settings: Record<string, string>) {
  const started = startScript(args, settings);
  const code = await started.ended;
  return { code, said: started.said() };
}

/** Starts one of the project's scripts. */
export function startScript(args: readonly string[], settings: Record<string, string>): Process {
  const started = spawnCommand(args, settings);
  onTestFinished(() => stop(started));
  return started;
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
  const server = createServer();
  const called = new Promise<void>((resolve) => {
    server.on("connection", (socket) => {
      socket.on("error", () => undefined);
      resolve();
    });
  });
  const port = await listening(server);
  onTestFinished(() => {
    server.close();
  });
  return { port, called };
}

async function stop({ signal, ended }: Process): Promise<void> {
  signal("SIGINT");
  await ended;
}
