import { type ChildProcess, fork } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Site } from "./site";
import type { World } from "./world";

/** The client processes. */

export type Client = { child: ChildProcess; asked: number; stop: () => Promise<void> };

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
    child,
    asked: 0,
    stop: async () => {
      if (child.connected) child.send("stop");
      await ended;
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
