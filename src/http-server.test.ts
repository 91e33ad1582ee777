import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { parseConfig } from "#platform/config";
import { freePort } from "../test/spawn";
import { type Handler, listen } from "./http-server";

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

const page = { accept: "text/html,*/*;q=0.8" };

test("until it serves, a browser gets a page in its language, and everybody else problem JSON", async () => {
  const port = await freePort();
  const http = await listen(parseConfig({ PORT: `${port}`, ROLE: "api", SITE_NAME: "A <b> & Co" }));
  onTestFinished(() => http.close(100));
  const ask = (path: string, headers: Record<string, string>) =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers });
  const english = await ask("/pricing", { ...page, "accept-language": "fr, en;q=0.5" });
  expect([english.status, english.headers.get("retry-after")]).toEqual([503, "2"]);
  const english503 = await english.text();
  expect(english503).toContain('<html lang="en">');
  expect(english503).toContain("<p>A b>  Co is starting. This page loads by itself.</p>");
  const chinese = await ask("/pricing", { ...page, "accept-language": "zh-CN,en;q=0.8" });
  expect(await chinese.text()).toMatch(/<html lang="zh-Hans">.*正在启动，本页会自动加载。/);
  const chosen = await ask("/", { ...page, "accept-language": "en", cookie: "a=b; locale=zh" });
  expect(await chosen.text()).toContain("正在启动");
  expect(await (await ask("/zh/pricing", { ...page, "accept-language": "en" })).text()).toContain("正在启动");
  const problem = await ask("/api/v1/tools", {});
  expect(problem.headers.get("content-type")).toBe("application/problem+json");
  expect(await problem.json()).toMatchObject({ status: 503, code: "busy", outcome: "not_applied" });
});

test("while it stops, what is in flight ends with its scripts, and what comes after it is told to come again", async () => {
  const port = await freePort();
  const stopping = new AbortController();
  const http = await listen(parseConfig({ PORT: `${port}` }), { stopping: stopping.signal });
  onTestFinished(() => http.close(100));
  const called = new Promise<ServerResponse>((resolve) => {
    const pages: Handler = (request, response) =>
      request.url === "/slow" ? resolve(response) : response.end("served");
    http.serve({ api: pages, pages });
  });
  const ask = (path: string, headers: Record<string, string>) =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers });
  const slow = ask("/slow", page);
  const held = await called;
  stopping.abort();
  const later = await ask("/pricing", { ...page, "accept-language": "zh" });
  expect([later.status, later.headers.get("connection")]).toEqual([503, "close"]);
  expect(await later.text()).toContain("正在重启，本页会自动重试。");
  expect(await (await ask("/pricing", page)).text()).toContain("This page tries again by itself.");
  expect(await (await ask("/api/v1/me", {})).json()).toMatchObject({ status: 503, code: "busy" });
  expect(await (await ask("/_next/static/chunks/a.js", {})).text()).toBe("served");
  held.end("in flight");
  expect(await (await slow).text()).toBe("in flight");
});
