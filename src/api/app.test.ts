import { sql } from "drizzle-orm";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Config, parseConfig } from "#platform/config";
import { Refusal } from "#platform/refusal";
import { singleton } from "#platform/singleton";
import { testDatabase } from "#test";
import { api } from "./app";
import { onError } from "./problem";
import { newRouter } from "./router";

const { db } = testDatabase();

let addresses = 0;
/** Asks again and again, from an address that has asked nothing before. */
function fromNewAddress(method: string, path: string): () => Promise<Response> {
  const env = { incoming: { socket: { remoteAddress: `198.51.100.${++addresses}` } } };
  return async () => api.request(path, { method }, env);
}

describe("the API", () => {
  it("says that it is healthy, with a request id and headers that keep it out of pages", async () => {
    const answer = await api.request("/api/healthz");
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ status: "ok" });
    expect(answer.headers.get("x-request-id")).toMatch(/^req_/);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
  });

  it("answers an unknown path with a problem", async () => {
    const answer = await api.request("/api/v1/nothing");
    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(await answer.json()).toMatchObject({
      type: "urn:toolmint:problem:not_found",
      status: 404,
      code: "not_found",
      requestId: answer.headers.get("x-request-id"),
    });
  });

  it("answers a wrong method with 405 and the methods that work", async () => {
    const answer = await api.request("/api/healthz", { method: "POST" });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe("GET, HEAD");
    expect(await answer.json()).toMatchObject({ code: "method_not_allowed" });
  });

  it.each([
    ["GET", "/api/healthz", 600],
    ["GET", "/api/auth/jwks", 300],
    ["GET", "/api/auth/get-session", 300],
    ["GET", "/api/auth/token", 300],
    ["POST", "/api/auth/sign-out", 300],
    ["GET", "/api/nothing", 300],
  ])(
    "answers %s %s in production %i times a minute, then 429 with Retry-After",
    async (method, path, most) => {
      const settings = singleton<Config>("config");
      settings.set(parseConfig({ BASE_URL: "https://toolmint.example", AUTH_SECRET: "x".repeat(32) }));
      onTestFinished(settings.clear);
      const ask = fromNewAddress(method, path);
      const first = await ask();
      expect(first.status).not.toBe(429);
      expect(first.headers.get("ratelimit-limit")).toBe(`${most}`);
      expect(first.headers.get("ratelimit-remaining")).toBe(`${most - 1}`);
      for (let i = 1; i < most; i++) expect((await ask()).status).toBe(first.status);
      const last = await ask();
      expect(last.status).toBe(429);
      expect(Number(last.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(last.headers.get("ratelimit-remaining")).toBe("0");
      expect(await last.json()).toMatchObject({ code: "rate_limited", limit: most });
      expect((await fromNewAddress(method, path)()).status).toBe(first.status);
    },
    60_000,
  );

  it.each([
    ["/api/v1/tools/x/runs", 60],
    ["/api/v1/runs/x/continuations", 60],
    ["/api/v1/tools/x/quote", 300],
    ["/api/v1/runs/x/continuations/quote", 300],
    ["/api/v1/admin/tools/x/trials/quote", 300],
    ["/api/v1/admin/tools/check", 300],
    ["/api/v1/runs/x/report", 120],
  ])("counts POST %s among those that may be sent so often: %i", async (path, most) => {
    const { headers } = await fromNewAddress("POST", path)();
    expect(headers.get("ratelimit-limit")).toBe(`${most}`);
  });

  it("spends no time on what a page asks for, however it is written", async () => {
    const asking = (names: string) =>
      api.request("/api/v1/tools", {
        method: "OPTIONS",
        headers: { "access-control-request-headers": names },
      });
    expect((await asking("content-type ,\t Authorization")).status).toBe(204);
    const began = performance.now();
    for (let times = 0; times < 30; times += 1) await asking(`a${" ".repeat(15_000)}b`);
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it("answers 503 with Retry-After when the ledger is busy, and says whether it may stand", async () => {
    for (const outcome of ["not_applied", "unknown"]) {
      const app = newRouter().get("/", () => {
        throw new Refusal("busy", { outcome });
      });
      app.onError(onError);
      const answer = await app.request("/");
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "1"]);
      expect(await answer.json()).toMatchObject({ code: "busy", outcome });
    }
  });
});

describe("a request whose database connection is lost", () => {
  it("is answered 503 with Retry-After, and that its outcome is unknown", async () => {
    const app = newRouter().get("/", async () => {
      await db().transaction(async (tx) => {
        const { rows } = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
        await db().execute(sql`select pg_terminate_backend(${rows[0]?.pid ?? 0}::int)`);
        await tx.execute(sql`select 1`);
      });
      return new Response();
    });
    app.onError(onError);
    const answer = await app.request("/");
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await answer.json()).toMatchObject({ code: "busy", outcome: "unknown" });
  });
});
