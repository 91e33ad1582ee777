import "#server-only";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Config } from "#platform/config";
import { isMisdirected } from "#platform/misdirected";
import { type RefusalCode, refusals } from "#platform/refusal";
import { OperatorError } from "#platform/terminal";

export type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** What the server serves once the process is ready; `pages` only where ROLE serves them. */
export type Handlers = { api: Handler; pages: Handler | null };

export type HttpServer = {
  /** From now on requests are served; until then they get 503 and a page that tries again. */
  serve: (handlers: Handlers) => void;
  /** Accepts nothing more, waits for the requests in flight, at most so long (ms). */
  close: (patienceMs: number) => Promise<void>;
};

/**
 * Listens at once, so that a port in use is said before anything is built. `/api/*` goes straight to Hono,
 * which is forty times faster than through Next; the rest to the pages.
 * @param reloading pages reload as they change, over WebSockets of Next's; otherwise nobody takes an upgrade.
 * @throws OperatorError when the port cannot be had.
 */
export async function listen(config: Config, { reloading = false } = {}): Promise<HttpServer> {
  let handlers: Handlers | null = null;
  const server = createServer((request, response) => route(request, response, config, handlers));
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

function route(
  request: IncomingMessage,
  response: ServerResponse,
  config: Config,
  handlers: Handlers | null,
) {
  if (!config.production && isMisdirected(request.headers)) return sendProblem(response, "misdirected");
  const path = request.url?.split("?", 1)[0] ?? "/";
  if (!handlers) return sendStarting(request, response, config.SITE_NAME);
  if (path === "/healthz") {
    request.url = "/api/healthz";
    return handlers.api(request, response);
  }
  const isApi = path === "/api" || path.startsWith("/api/");
  if (config.ROLE === "worker") {
    if (path === "/api/healthz") return handlers.api(request, response);
    return sendProblem(response, "not_found");
  }
  if (isApi || !handlers.pages) return handlers.api(request, response);
  return handlers.pages(request, response);
}

function sendProblem(response: ServerResponse, code: RefusalCode): void {
  const { status, title } = refusals[code];
  response.writeHead(status, { "Content-Type": "application/problem+json", "Cache-Control": "no-store" });
  response.end(JSON.stringify({ type: "about:blank", title, status, code }));
}

function sendStarting(request: IncomingMessage, response: ServerResponse, siteName: string): void {
  const wantsPage = request.headers.accept?.includes("text/html") ?? false;
  response.setHeader("Retry-After", "2");
  if (!wantsPage) {
    sendProblem(response, "busy");
    return;
  }
  response.writeHead(503, {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    Refresh: "2",
  });
  const name = siteName.replace(/[<&]/g, "");
  response.end(
    `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>${name}</title>` +
      "<style>body{font:16px system-ui;display:grid;place-content:center;min-height:90vh;color-scheme:light dark}</style>" +
      `<p>${name} is starting. This page loads by itself.</p></html>`,
  );
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
