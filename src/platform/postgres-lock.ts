import "#server-only";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { OperatorError, say } from "./terminal";

/**
 * PostgreSQL's lock on its data folder, `postmaster.pid`. After a crash it names a process that is gone,
 * or, where process ids start again with every boot or container, one that is somebody else; PostgreSQL
 * then refuses to start. A process that works in the data folder is the only true sign of a server.
 */
export type PostgresLock = {
  pid: number;
  /** Null while the server has not written it yet. */
  port: number | null;
  /** True when that process is alive and serves this folder. */
  alive: boolean;
};

/** Reads the lock; null when there is none. */
export function readLock(data: string): PostgresLock | null {
  const file = join(data, "postmaster.pid");
  if (!existsSync(file)) return null;
  const [pid = "", , , port = ""] = readFileSync(file, "utf8").split("\n");
  return {
    pid: Number(pid),
    port: Number(port) || null,
    alive: isAlive(Number(pid)) && worksIn(Number(pid), data),
  };
}

/** True when a process has this id, whoever owns it. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/**
 * Takes a stale lock away.
 * @throws OperatorError when a remnant of the old server still works in the folder: starting a second one
 *   beside it would damage the data.
 */
export function clearStaleLock(data: string): void {
  const lock = readLock(data);
  if (!lock || lock.alive) return;
  const remnants = processesIn(data);
  if (remnants.length > 0) {
    throw new OperatorError(
      `A PostgreSQL that crashed left processes in ${data}. ` +
        `End them with \`kill ${remnants.join(" ")}\`, then start again.`,
    );
  }
  rmSync(join(data, "postmaster.pid"), { force: true });
  say("The database was not stopped properly last time; it recovers what it had committed.");
}

/** Kills every process of the server at once (-9): nothing is flushed, nobody is told. */
export async function crashServer(data: string): Promise<void> {
  for (;;) {
    const lock = readLock(data);
    // The first one first, or it would begin to recover what dies under it.
    const all = [...(lock?.alive ? [lock.pid] : []), ...processesIn(data)];
    if (all.length === 0) return;
    for (const pid of all) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It was faster.
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** PostgreSQL's processes all have its data folder as their working directory. */
function worksIn(pid: number, data: string): boolean {
  if (existsSync("/proc/self/cwd")) {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data);
    } catch {
      return false;
    }
  }
  try {
    const command = execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
    return command.includes("postgres") && command.includes(data);
  } catch {
    return false;
  }
}

function processesIn(data: string): number[] {
  if (!existsSync("/proc/self/cwd")) return [];
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && worksIn(pid, data));
}
