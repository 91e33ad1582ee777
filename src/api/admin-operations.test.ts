import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { limitHere } from "#platform/rate-limit";
import { flushRefused } from "#platform/refused";
import { outputs, rateLimitRefusals, runs, uploads, users } from "#schema";
import { testDatabase, testFolder } from "#test";
import { api } from "./app";
import type { DependencyJson, RefusedHourJson, StoredFilesJson } from "./contract";
import { aUser, type TestUser } from "./test-caller";

testDatabase();
testFolder();
// Nobody listens there.
process.env.AI_BASE_URL = "http://127.0.0.1:59999/v1";
process.env.AI_MODEL = "none";

let owner: TestUser;
let ada: TestUser;

beforeAll(async () => {
  owner = await aUser("owner");
  ada = await aUser("ada");
  await db().update(users).set({ role: "owner" }).where(eq(users.id, owner.session.user.id));
});

async function ask<T>(path: string): Promise<T> {
  const answer = await api.request(`/api/v1/admin${path}`, { headers: owner.headers });
  expect(answer.status).toBe(200);
  return await answer.json();
}

const tomorrow = new Date(Date.now() + 24 * 3_600_000);
const nextWeek = new Date(Date.now() + 7 * 24 * 3_600_000);

describe("files", () => {
  it("are counted by kind, customer and the day they are deleted, as long as they are there", async () => {
    const { accountId } = ada.session;
    const upload = {
      name: "a.png",
      mediaType: "image/png",
      hash: "",
      expiresAt: tomorrow,
      storedAt: new Date(),
    };
    const anUpload = (bytes: number, given: Partial<typeof uploads.$inferInsert>) => {
      const id = newId("upload");
      return { id, storageKey: id, bytes, ...upload, ...given };
    };
    await db()
      .insert(uploads)
      .values([
        anUpload(3_000, { accountId }),
        anUpload(1_000, { visitorId: newId("visitor") }),
        anUpload(9_000, { accountId, deletedAt: new Date() }),
      ]);
    const aRun = (given: Partial<typeof runs.$inferInsert>) => {
      const id = newId("run");
      const key = { idempotencyKey: id, inputHash: "", input: {} };
      return { id, accountId, tool: "resize", status: "succeeded", expiresAt: nextWeek, ...key, ...given };
    };
    const [kept, purged] = [aRun({}), aRun({ purgedAt: new Date() })];
    await db().insert(runs).values([kept, purged]);
    const output = { position: 0, name: "b.jpg", mediaType: "image/jpeg", bytes: 5_000, storageKey: "k" };
    await db()
      .insert(outputs)
      .values([
        { ...output, runId: kept.id },
        { ...output, runId: purged.id },
      ]);
    const found = await ask<StoredFilesJson>("/files");
    expect(found.kinds).toEqual([
      { what: "result", mediaType: "image/jpeg", files: 1, bytes: 5_000 },
      { what: "upload", mediaType: "image/png", files: 2, bytes: 4_000 },
    ]);
    expect(found.owners).toEqual([
      { customerId: ada.session.user.id, customerMail: ada.session.user.email, files: 2, bytes: 8_000 },
      { customerId: null, customerMail: null, files: 1, bytes: 1_000 },
    ]);
    expect(found.expiring).toEqual([
      { day: tomorrow.toISOString().slice(0, 10), files: 2, bytes: 4_000 },
      { day: nextWeek.toISOString().slice(0, 10), files: 1, bytes: 5_000 },
    ]);
  });
});

describe("refusals of rate limits", () => {
  it("are counted by limit and hour, and written together", async () => {
    const rule = { name: "test:often", points: 1, seconds: 60 };
    const refused = async () => limitHere(rule, "ada").catch(() => undefined);
    for (let n = 0; n < 4; n += 1) await refused();
    expect(await db().select().from(rateLimitRefusals)).toEqual([]);
    await flushRefused();
    await refused();
    await flushRefused();
    await flushRefused();
    const { data } = await ask<{ data: RefusedHourJson[] }>("/limits?name=test:often");
    // An hour may begin between two of them.
    expect(data.reduce((sum, { refusals }) => sum + refusals, 0)).toBe(4);
    expect(data[0]?.hour).toMatch(/:00:00.000Z$/);
    expect((await ask<{ data: unknown[] }>("/limits?name=other")).data).toEqual([]);
  });

  it("are counted on when they cannot be written", async () => {
    const rule = { name: "test:later", points: 1, seconds: 60 };
    for (let n = 0; n < 3; n += 1) await limitHere(rule, "ada").catch(() => undefined);
    await db().execute("alter table rate_limit_refusals rename to gone");
    await expect(flushRefused()).rejects.toThrow();
    await db().execute("alter table gone rename to rate_limit_refusals");
    await flushRefused();
    const { data } = await ask<{ data: RefusedHourJson[] }>("/limits?name=test:later");
    expect(data.reduce((sum, { refusals }) => sum + refusals, 0)).toBe(2);
  });
});

describe("health", () => {
  it("says of each dependency whether it works, what is off, and what went wrong", async () => {
    const { data } = await ask<{ data: DependencyJson[] }>("/health");
    const states = Object.fromEntries(data.map(({ name, state }) => [name, state]));
    expect(states).toMatchObject({
      ...{ database: "works", storage: "works", worker: "off", mail: "off", payments: "off", model: "fails" },
    });
    for (const { latencyMs } of data) expect(latencyMs).toBeGreaterThanOrEqual(0);
    const model = data.find(({ name }) => name === "model");
    expect(model?.lastError?.message).toContain("127.0.0.1:59999");
  });
});
