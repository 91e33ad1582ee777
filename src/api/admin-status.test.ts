import { desc } from "drizzle-orm";
import { expect, it } from "vitest";
import { db } from "#platform/db";
import { acts, users } from "#schema";
import { testDatabase, testFolder } from "#test";
import { api } from "./app";
import { aUser, type TestUser } from "./test-caller";

testDatabase();
testFolder();

async function anAdmin(): Promise<TestUser> {
  const user = await aUser("root");
  await db().update(users).set({ role: "admin" });
  return user;
}

it("staff open an incident, say more of it in both languages and end it; each act is on record", async () => {
  const { headers } = await anAdmin();
  const post = (path: string, body: object) =>
    api.request(`/api/v1/admin/incidents${path}`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const text = { en: "Runs wait.", zh: "运行需要等待。" };
  const opened = await post("", {
    ...{ part: "worker", title: { en: "Slow runs", zh: "运行缓慢" }, state: "investigating", text },
  });
  expect(opened.status).toBe(201);
  const { id } = await opened.json();
  expect((await post(`/${id}/updates`, { state: "resolved", text })).status).toBe(204);
  expect((await post(`/${id}/updates`, { state: "monitoring", text })).status).toBe(404);
  expect(
    (await post("", { part: null, title: text, state: "identified", text: { en: "Only" } })).status,
  ).toBe(422);
  const { data } = await (await api.request("/api/v1/admin/incidents", { headers })).json();
  expect(data).toMatchObject([
    {
      ...{ id, part: "worker", origin: "staff", title: { zh: "运行缓慢" }, resolvedAt: expect.any(String) },
      updates: [{ state: "resolved" }, { state: "investigating", text }],
    },
  ]);
  const recorded = await db().select({ action: acts.action }).from(acts).orderBy(desc(acts.id));
  expect(recorded).toEqual([{ action: "incident.resolve" }, { action: "incident.open" }]);
});
