import "#server-only";
import type { IncomingMessage, ServerResponse } from "node:http";
import { ensureBuild, prepareNextEnvironment } from "#platform/build";
import { config } from "#platform/config";
import { log } from "#platform/log";

export type Pages = {
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  close: () => Promise<void>;
};

/**
 * Next, as the handler of everything but the API.
 * @param dev pages are compiled when they are asked for and reload as they change; else built first.
 */
export async function openPages(root: string, dev: boolean, signal: AbortSignal): Promise<Pages> {
  prepareNextEnvironment(root, dev ? ".next/reload" : await ensureBuild(root, signal));
  const { default: next } = await import("next");
  const { hostname, port } = new URL(config().baseUrl);
  const app = next({ dev, dir: root, hostname, port: Number(port) || config().PORT });
  await app.prepare();
  if (!dev) logPageErrors();
  return { handle: app.getRequestHandler(), close: () => app.close() };
}

/** Next prints errors whole, and a failed query's has its parameters within: session tokens, for one. */
function logPageErrors(): void {
  console.error = (...parts: unknown[]) => {
    const err = parts.find((part) => part instanceof Error);
    const digest = err && "digest" in err ? err.digest : undefined;
    const text = parts.filter((part) => typeof part === "string").join(" ");
    log().error({ err, digest }, err || !text ? "a page failed" : text);
  };
}
