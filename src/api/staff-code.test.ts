import { eq, sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { db } from "#platform/db";
import { sessions, users } from "#schema";
import { testDatabase } from "#test";
import { api } from "./app";
import { aUser } from "./test-caller";

testDatabase();
process.env.STAFF_CODE = "true";

it("an owner who has not entered the code reaches no admin route and makes no service key", async () => {
  const { session, headers } = await aUser("owner");
  await db().update(users).set({ role: "owner" }).where(eq(users.id, session.user.id));
  const send = async (method: string, path: string, body?: unknown) => {
    const answer = await api.request(path.replace(/\{\w+\}/g, "none"), {
      ...{ method, headers: { ...headers, "content-type": "application/json", "idempotency-key": "k" } },
      ...(method !== "GET" && { body: JSON.stringify(body ?? {}) }),
    });
    return { status: answer.status, code: (await answer.json().catch(() => ({}))).code };
  };
  const { paths } = await (await api.request("/api/openapi.json")).json();
  const routes = Object.entries<Record<string, unknown>>(paths)
    .filter(([path]) => path.startsWith("/api/v1/admin/"))
    .flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => [method.toUpperCase(), path] as const),
    );
  expect(routes.length).toBeGreaterThan(20);
  const found = await Promise.all(routes.map(([method, path]) => send(method, path)));
  expect(new Set(found.map(({ status, code }) => `${status} ${code}`))).toEqual(
    new Set(["403 staff_code_required"]),
  );
  const key = { kind: "service", name: "all", scopes: ["credits.read"] };
  expect((await send("POST", "/api/v1/keys", key)).status).toBe(403);

  await db().update(sessions).set({ staffConfirmedAt: sql`now()` }).where(eq(sessions.id, session.id));
  expect((await send("GET", "/api/v1/admin/staff")).status).toBe(200);
});
