import { connect, createServer, type Server, type Socket } from "node:net";
import { onTestFinished } from "vitest";

export type Cut = {
  /** The database's address, by way of the proxy. */
  url: string;
  /** How often it was cut. */
  times: () => number;
  /** With `held`: lets the server hear at last what the client had said. */
  deliver: () => void;
};

export type CutOptions = {
  /**
   * What becomes of the words: the server hears them and its answer is lost (`forward`), it never hears
   * them (`drop`), or it hears them only when the test says so, from a client that is long gone (`hold`).
   */
  fate?: "forward" | "drop" | "hold";
  /** Every time, not only the first. */
  always?: boolean;
};

/** A way to a database that breaks when the client says something, closed with the test. */
export async function cutConnection(
  databaseUrl: string,
  words: string,
  { fate = "forward", always = false }: CutOptions = {},
): Promise<Cut> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const held: (() => void)[] = [];
  let times = 0;
  const server: Server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let isCut = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
    }
    upstream.pipe(client);
    client.on("close", () => (isCut && fate === "hold" ? undefined : upstream.end()));
    client.on("data", (data) => {
      if (isCut || !data.includes(words) || (!always && times > 0)) {
        upstream.write(data);
        return;
      }
      times += 1;
      isCut = true;
      upstream.unpipe(client);
      upstream.resume();
      if (fate === "forward") {
        // The client hears of it only when the server has done what it was told.
        upstream.once("data", () => client.destroy());
        upstream.write(data);
        return;
      }
      if (fate === "hold") held.push(() => upstream.end(data));
      client.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (!address || typeof address === "string") throw new Error("The proxy has no port.");
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const url = new URL(target);
  url.port = String(address.port);
  return {
    url: url.href,
    times: () => times,
    deliver: () => {
      for (const say of held.splice(0)) say();
    },
  };
}
