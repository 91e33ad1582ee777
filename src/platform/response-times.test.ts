import { createServer, type RequestListener } from "node:http";
import { expect, it, onTestFinished } from "vitest";
import { allResponses, measureResponse, nameRoute, recordResponse, takeResponses } from "./response-times";

/** Asks a server that measures its answers, and waits until each is counted. */
async function ask(paths: readonly string[], listener: RequestListener): Promise<void> {
  takeResponses();
  let closed = 0;
  const server = createServer((request, response) => {
    measureResponse(request, response);
    response.once("close", () => {
      closed += 1;
    });
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  for (const path of paths) {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { redirect: "manual" });
    await answer.body?.cancel();
  }
  await expect.poll(() => closed).toBe(paths.length);
}

function counted(): [name: string, requests: number][] {
  return takeResponses()
    .map(({ route, method, statusClass, requests }): [string, number] => [
      `${method} ${route} ${statusClass}xx`,
      requests,
    ])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

it("an answer counts for its route, not for its address, and so do not found and redirects", async () => {
  const paths = [
    ...["/runs/run_01kaqtwsvf3h5m8w9z0x1c2v3b", "/runs/run_01kaqtwsvf3h5m8w9z0x1c2v3c", "/zh/tools/ocr?q=1"],
    ...["/wp-login.php", "/nothing/here", "/old", "/_next/static/a.js", "/icon.svg"],
  ];
  await ask(paths, ({ url = "" }, response) => {
    const status = url === "/nothing/here" ? 404 : url === "/old" ? 307 : 200;
    response.writeHead(status).end();
  });
  expect(counted()).toEqual([
    ["GET (not found) 4xx", 1],
    ["GET (redirect) 3xx", 1],
    ["GET /runs/[id] 2xx", 2],
    ["GET /tools/[slug] 2xx", 1],
  ]);
});

it("what the API names is believed, what it does not know is one name, and streams do not count", async () => {
  await ask(
    ["/api/v1/runs/x", "/api/v1/nothing", "/api/auth/sign-out", "/api/v1/events"],
    (request, response) => {
      const { url } = request;
      if (url === "/api/v1/runs/x") nameRoute(request, "/api/v1/runs/:id");
      if (url === "/api/v1/nothing") nameRoute(request, "/api/v1/*");
      if (url === "/api/auth/sign-out") nameRoute(request, "/api/auth/*");
      if (url === "/api/v1/events") nameRoute(request, "/api/v1/events");
      const type = url === "/api/v1/events" ? "text/event-stream" : "application/json";
      response.setHeader("content-type", type);
      response.writeHead(url === "/api/v1/nothing" ? 404 : 200).end();
    },
  );
  expect(counted()).toEqual([
    ["GET /api/(not found) 4xx", 1],
    ["GET /api/auth/sign-out 2xx", 1],
    ["GET /api/v1/runs/:id 2xx", 1],
  ]);
});

it("a time lies in the bucket of its bound, and the memory is bounded whatever is asked for", () => {
  takeResponses();
  for (const ms of [0.4, 1, 1.1, 12_000]) recordResponse("/a", "GET", 200, ms);
  const [taken] = takeResponses();
  expect(taken).toMatchObject({ requests: 4, sumMs: 12_002.5 });
  expect(taken?.buckets).toEqual([2, 1, ...Array(15).fill(0), 1]);
  expect(allResponses().find(({ route }) => route === "/a")?.requests).toBe(4);
  for (let i = 0; i < 1_000; i += 1) recordResponse(`/${i}`, "GET", 200, 1);
  const many = takeResponses();
  expect(many.length).toBeLessThanOrEqual(401);
  expect(many.find(({ route }) => route === "(other)")?.requests).toBe(600);
});
