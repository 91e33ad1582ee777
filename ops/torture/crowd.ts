import { fork } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Site } from "./site";
import type { World } from "./world";

/** The client processes. */

export type Client = {
  asked: number;
  ended: () => boolean;
  /** @throws when it does not end: somebody never answers it */
  stop: () => Promise<void>;
};

/** Longer than a client goes on asking for what is answered at all. */
const patienceMs = 300_000;

/** What it is told stands in a file: accounts are too many for a command line. */
export function startClient(
  index: number,
  { apis }: Pick<Site, "apis">,
  world: World,
  { folder, lanes, seed }: { folder: string; lanes: number; seed: number },
): Client {
  const told = {
    ...{ name: `c${index}`, lanes, seed: seed + index, file: recordsOf(folder, `client-${index}`) },
    ...{ ...world, urls: apis.map(({ url }) => url) },
  };
  const orders = join(folder, `client-${index}.json`);
  writeFileSync(orders, JSON.stringify(told), { mode: 0o600 });
  const child = fork(join(import.meta.dirname, "client.ts"), [orders], {
    execArgv: ["--import", "tsx"],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.on("exit", () => resolve()));
  const client: Client = {
    asked: 0,
    ended: () => child.exitCode !== null || child.signalCode !== null,
    stop: async () => {
      if (child.connected) child.send("stop");
      const late = setTimeout(() => child.kill("SIGKILL"), patienceMs);
      await ended;
      clearTimeout(late);
      if (child.signalCode !== null) throw new Error(`Client ${index} waits for an answer that never comes.`);
    },
  };
  child.on("message", (count) => {
    client.asked += Number(count);
  });
  return client;
}

/** Where a process keeps what it was told. */
export function recordsOf(folder: string, name: string): string {
  return join(folder, `${name}.records`);
}
