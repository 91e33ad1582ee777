import { describe, expect, it } from "vitest";
import { testDatabase } from "#test";
import { api } from "./app";

testDatabase();

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
});
