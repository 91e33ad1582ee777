import "#platform/node-env";
import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { existsSync, watch } from "node:fs";
import { sep } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Client } from "pg";
import { openDatabaseServer } from "#platform/database-server";
import { say } from "#platform/terminal";
import { runCommand } from "./command";

/**
 * `npm run dev`: the site with reload. Next reloads pages by itself; a change to anything else starts the
 * server anew. The database stays up meanwhile: the connection held here tells it that it is still needed.
 */
const watched = ["src", "db", "sandbox", "server.ts", "package.json", ".env"];
const nextsOwn = [`app${sep}`, `ui${sep}`];

await runCommand(async () => {
  const database = await openDatabaseServer();
  const keeper = new Client({ connectionString: database.url });
  keeper.on("error", () => say("The database is gone; start again."));
  await keeper.connect();
  try {
    await supervise();
  } finally {
    await keeper.end();
    await database.release();
  }
  return 0;
});

/** Runs the server until a signal ends it, and again after each change. */
async function supervise(): Promise<void> {
  const events = new EventEmitter();
  let stopping = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      stopping = true;
      events.emit("turn");
    });
  }
  const watchers = watched.filter(existsSync).map((path) =>
    watch(path, { recursive: true }, (_event, name) => {
      if (!concernsNext(name ?? "")) events.emit("turn");
    }),
  );
  while (!stopping) {
    const server = spawn(process.execPath, ["--import", "tsx", "server.ts", "--dev"], { stdio: "inherit" });
    await once(events, "turn");
    if (!stopping) say("Something changed: starting again.");
    await end(server);
    // An editor saves in several steps, git in many: one new start for all of them.
    if (!stopping) await setTimeout(200);
  }
  for (const watcher of watchers) watcher.close();
}

function concernsNext(name: string): boolean {
  return nextsOwn.some((folder) => name.startsWith(folder)) || /\.test\.tsx?$|\.md$/.test(name);
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, "exit");
  server.kill("SIGTERM");
  await ended;
}
