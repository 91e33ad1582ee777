import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { type Config, config } from "#platform/config";
import { singleton } from "#platform/singleton";

/** A server of the operator's, for tests: what it got, and what it does. */

type Got = { method: string; path: string; headers: IncomingMessage["headers"]; body: string };
type Answer = (got: Got, response: ServerResponse, request: IncomingMessage) => unknown;

/** Starts one that answers so until the test is over. */
export async function aServer(answer: Answer): Promise<{ url: string; port: number; got: Got[] }> {
  const got: Got[] = [];
  const server = createServer(async (request, response) => {
    const { method = "", url: path = "", headers } = request;
    const one = { method, path, headers, body: await text(request) };
    got.push(one);
    await answer(one, response, request);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, got };
}

const settings = singleton<Config>("config");

/** Lets tools reach this machine, or not, until the test is over. */
export function allowPrivate(allowed = true): void {
  const before = config();
  settings.set({ ...before, HTTP_TOOLS_PRIVATE: allowed });
  onTestFinished(() => settings.set(before));
}
