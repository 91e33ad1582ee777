import { connect, createServer, type Socket } from "node:net";

/** The way to PostgreSQL, which can be cut: what was said last may have arrived or not. */
export type Wire = {
  /** The database's address, by this way. */
  url: string;
  /** Leads on to a server that has started anew, perhaps elsewhere. */
  leadTo: (url: string) => void;
  /** Cuts so many of the connections. @returns how many */
  cut: (share: (connections: number) => number, pick: (connections: Socket[]) => Socket) => number;
  close: () => void;
};

export async function openWire(databaseUrl: string): Promise<Wire> {
  let target = new URL(databaseUrl);
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    clients.add(client);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      socket.setNoDelay(true);
      socket.on("error", () => undefined);
      socket.on("close", () => other.destroy());
      socket.pipe(other);
    }
    client.on("close", () => clients.delete(client));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (!address || typeof address === "string") throw new Error("The wire has no port.");
  const url = new URL(databaseUrl);
  url.port = String(address.port);
  return {
    url: url.href,
    leadTo: (moved) => {
      target = new URL(moved);
    },
    cut: (share, pick) => {
      const count = share(clients.size);
      for (let index = 0; index < count && clients.size > 0; index += 1) {
        const client = pick([...clients]);
        clients.delete(client);
        client.destroy();
      }
      return count;
    },
    close: () => {
      for (const client of clients) client.destroy();
      server.close();
    },
  };
}
