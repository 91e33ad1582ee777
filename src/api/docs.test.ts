import { describe, expect, it } from "vitest";
import { messages } from "#i18n/messages";
import { testDatabase, testFolder } from "#test";
import { listedErrors } from "#ui/docs/errors";
import { api } from "./app";
import { readDocument, readRoutes } from "./test-document";

testDatabase();
testFolder();

describe("the API's description", () => {
  it("names every route under /api/v1, its success and its errors", async () => {
    const { paths } = await readDocument();
    const served = api.routes
      .filter(({ method, path }) => method !== "ALL" && path.startsWith("/api/v1/"))
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, "{$1}")}`);
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described).toEqual(expect.arrayContaining([...new Set(served)]));
    for (const methods of Object.values(paths)) {
      for (const { responses, parameters } of Object.values(methods)) {
        // OpenAPI allows no other: tools refuse the document.
        expect(parameters.filter((one) => one.in === "path" && !one.required)).toEqual([]);
        const statuses = Object.keys(responses);
        expect(statuses.some((status) => /^[23]/.test(status))).toBe(true);
        expect(statuses).toContain("429");
      }
    }
  });

  it("points at nothing that it does not hold", async () => {
    const text = JSON.stringify(await readDocument());
    const { components } = await readDocument();
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      expect(components.schemas).toHaveProperty(String(name));
    }
    expect(text).toContain("Idempotency-Key");
  });
});

describe("the guide's table of errors", () => {
  const named = (text: string) => [...text.matchAll(/`([a-z_]+)`: /g)].map(([, code]) => code);

  it("has every code that the description names", async () => {
    const listed: string[] = listedErrors.map(({ code }) => code);
    const codes = (await readRoutes()).flatMap(({ responses }) =>
      Object.values(responses).flatMap(({ description }) => named(description)),
    );
    expect(codes).toContain("secret_told");
    expect([...new Set(codes)].filter((code) => code && !listed.includes(code))).toEqual([]);
  });

  it("has a meaning and a way on for each in both languages", () => {
    for (const { docs } of Object.values(messages)) {
      expect(Object.keys(docs.error).sort()).toEqual(listedErrors.map(({ code }) => code).sort());
    }
  });
});

describe("the reference page", () => {
  it("runs only scripts of this site, from the installed package", async () => {
    const answer = await api.request("/api/docs");
    const html = await answer.text();
    const nonce = /'nonce-([^']+)'/.exec(answer.headers.get("content-security-policy") ?? "")?.[1];
    expect(html.match(/<script /g)).toHaveLength(2);
    expect(html.split(`nonce="${nonce}"`)).toHaveLength(3);
    expect(html).not.toMatch(/https?:\/\//);
    const script = await api.request("/api/docs/reference.js", { headers: { "accept-encoding": "gzip" } });
    expect(script.headers.get("content-encoding")).toBe("gzip");
    const tag = script.headers.get("etag") ?? "";
    const again = await api.request("/api/docs/reference.js", { headers: { "if-none-match": tag } });
    expect(again.status).toBe(304);
  });
});
