import "#server-only";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Config } from "#platform/config";
import { isMisdirected } from "#platform/misdirected";
import { type Facts, type RefusalCode, refusals } from "#platform/refusal";
import { measureResponse } from "#platform/response-times";
import { OperatorError } from "#platform/terminal";
import { sendWaitingPage, type Waiting } from "./waiting-page";

export type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** What the server serves once the process is ready; `pages` only where ROLE serves them. */
export type Handlers = { api: Handler; pages: Handler | null };

export type HttpServer = {
  /** From now on requests are served; until then they get 503 and browsers a page that tries again. */
  serve: (handlers: Handlers) => void;
  /** Accepts nothing more, waits for the requests in flight, at most so long (ms). */
  close: (patienceMs: number) => Promise<void>;
};

/** Longer than proxies keep a connection, which is a minute: whoever sends on one finds it open. */
const keepAliveMs = 75_000;

/**
 * Listens at once, so that a port in use is said before anything is built. `/api/*` goes straight to Hono,
 * which is forty times faster than through Next; the rest to the pages.
 * @param reloading pages reload as they change, over WebSockets of Next's; otherwise nobody takes an upgrade.
 * @param stopping once aborted nothing more is begun: what still comes is told to come again, as before `serve`.
 * @throws OperatorError when the port cannot be had.
 */
export async function listen(
  config: Config,
  { reloading = false, stopping }: { reloading?: boolean; stopping?: AbortSignal } = {},
): Promise<HttpServer> {
  let handlers: Handlers | null = null;
  const server = createServer({ keepAliveTimeout: keepAliveMs }, (request, response) => {
    if (stopping?.aborted && !isPartOfPage(request)) return sendAway(request, response, config, "stopping");
    measureResponse(request, response);
    return route(request, response, config, handlers);
  });
  const sockets = new Set<Duplex>();
  server.on("upgrade", (_request, socket) => {
    // Node has let go of the socket: without a listener a reset connection would end the process.
    socket.on("error", () => socket.destroy());
    if (!reloading) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  const host = config.production ? config.HOST : "127.0.0.1";
  await new Promise<void>((resolve, reject) => {
    server.on("error", (error: NodeJS.ErrnoException) => reject(listenError(error, config.PORT, host)));
    server.listen({ port: config.PORT, ...(host ? { host } : {}) }, resolve);
  });
  return {
    serve: (given) => {
      handlers = given;
    },
    close: async (patienceMs) => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      // A kept-alive connection counts as idle only once its last answer is out.
      const sweep = setInterval(() => server.closeIdleConnections(), 50);
      const giveUp = setTimeout(() => server.closeAllConnections(), patienceMs);
      await closed;
      clearInterval(sweep);
      clearTimeout(giveUp);
    },
  };
}

/** What stands where machines look for it. */
const aliases = new Map([
  ["/healthz", "/api/healthz"],
  ["/metrics", "/api/metrics"],
]);

function route(
  request: IncomingMessage,
  response: ServerResponse,
  config: Config,
  handlers: Handlers | null,
) {
  if (!config.production && isMisdirected(request.headers)) return sendProblem(response, "misdirected");
  const path = request.url?.split("?", 1)[0] ?? "/";
  if (!handlers) return sendAway(request, response, config, "starting");
  const alias = aliases.get(path);
  if (alias) {
    request.url = alias;
    return handlers.api(request, response);
  }
  const isApi = path === "/api" || path.startsWith("/api/");
  if (config.ROLE === "worker") {
    if (path === "/api/healthz" || path === "/api/metrics") return handlers.api(request, response);
    return sendProblem(response, "not_found");
  }
  if (isApi || !handlers.pages) return handlers.api(request, response);
  return handlers.pages(request, response);
}

function sendProblem(response: ServerResponse, code: RefusalCode, facts: Facts = {}): void {
  const { status, title } = refusals[code];
  response.writeHead(status, { "Content-Type": "application/problem+json", "Cache-Control": "no-store" });
  response.end(JSON.stringify({ ...facts, type: `urn:toolmint:problem:${code}`, title, status, code }));
}

/** Scripts and styles of a page that was answered before: without them it would stay dead. */
function isPartOfPage({ method, url }: IncomingMessage): boolean {
  return method === "GET" && (url?.startsWith("/_next/static/") ?? false);
}

function sendAway(
  request: IncomingMessage,
  response: ServerResponse,
  { SITE_NAME: siteName }: Config,
  waiting: Waiting,
): void {
  response.setHeader("Retry-After", "2");
  if (waiting === "stopping") response.setHeader("Connection", "close");
  const wantsPage = request.headers.accept?.includes("text/html") ?? false;
  if (wantsPage) sendWaitingPage(request, response, { siteName, waiting });
  else sendProblem(response, "busy", { outcome: "not_applied" });
}

function listenError(error: NodeJS.ErrnoException, port: number, host: string | undefined): Error {
  if (error.code === "EADDRINUSE") {
    return new OperatorError(
      `Port ${port} is in use. Stop what listens there, or choose another port: PORT=${port + 1} npm start`,
    );
  }
  if (error.code === "EACCES") {
    return new OperatorError(`Port ${port} needs more rights. Choose one above 1023: PORT=3000 npm start`);
  }
  if (error.code === "EADDRNOTAVAIL") {
    return new OperatorError(
      `HOST=${host} is not an address of this machine. Set one that is, or leave it out.`,
    );
  }
  return error;
}
