import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { Refusal } from "#platform/refusal";
import { testDatabase } from "#test";
import { api } from "./app";
import { onError } from "./problem";
import { newRouter } from "./router";

const { db } = testDatabase();

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
