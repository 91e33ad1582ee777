import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { db } from "#platform/db";
import { users } from "#schema";
import { testDatabase } from "#test";
import { api } from "./app";
import { aUser } from "./test-caller";

testDatabase();

async function anAnalyst() {
  const somebody = await aUser("analyst");
  await db().update(users).set({ role: "analyst" }).where(eq(users.id, somebody.session.user.id));
  return (path: string) =>
    Promise.resolve(api.request(`/api/v1/admin/analytics${path}`, { headers: somebody.headers }));
}

it("tells a metric by periods, and refuses what is no range, no grain or no metric", async () => {
  const get = await anAnalyst();
  const answer = await get("/signups?from=2026-11-01&to=2026-11-02&compare=yes");
  expect(answer.status).toBe(200);
  const { points, previous, timeZone } = await answer.json();
  expect(points.map(({ period }: { period: string }) => period)).toEqual(["2026-11-01", "2026-11-02"]);
  expect(previous).toMatchObject({ first: "2026-10-30", last: "2026-10-31" });
  expect(timeZone).toBe("UTC");
  expect((await get("")).status).toBe(200);
  expect((await get("/nothing?from=2026-11-01&to=2026-11-02")).status).toBe(404);
  expect((await get("/signups?from=2026-11-31&to=2026-12-02")).status).toBe(422);
  expect((await get("/signups?from=2026-11-03&to=2026-11-02")).status).toBe(422);
  expect((await get("/signups?from=1926-11-03&to=2026-11-02")).status).toBe(422);
  expect((await get("/signups?from=2026-11-01&to=2026-11-02&grain=year")).status).toBe(422);
});
