import { connect } from "node:net";
import { expect, test } from "vitest";
import { parseConfig } from "#platform/config";
import { freePort } from "../test/spawn";
import { listen } from "./http-server";

test("an upgrade that nobody takes ends its connection, and a reset one does not end the process", async () => {
  const port = await freePort();
  const http = await listen(parseConfig({ PORT: `${port}`, ROLE: "api" }));
  const socket = connect(port, "127.0.0.1");
  const closed = new Promise((resolve) => socket.on("close", () => resolve("closed")));
  socket.on("error", () => undefined);
  socket.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
  const open = new Promise((resolve) => setTimeout(resolve, 2000, "open"));
  expect(await Promise.race([closed, open])).toBe("closed");
  await http.close(100);
});
