import type { IncomingHttpHeaders } from "node:http";
import { isLoopback } from "./config";

/**
 * True for a request that a site in development must not answer: one for a name that is not this
 * machine's, or one that came through a proxy. So nobody runs the sandbox in public by mistake.
 */
export function isMisdirected(headers: IncomingHttpHeaders): boolean {
  const proxied = Object.keys(headers).some(
    (name) => name === "forwarded" || name.startsWith("x-forwarded-"),
  );
  return proxied || !isLoopback(hostname(headers.host));
}

function hostname(host: string | undefined): string {
  const url = `http://${host ?? ""}`;
  return URL.canParse(url) ? new URL(url).hostname : "";
}
