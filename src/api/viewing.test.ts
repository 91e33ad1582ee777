import { eq, sql } from "drizzle-orm";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { handleAuth, readSession, signVisitor } from "#identity";
import { stopLedger } from "#ledger";
import { announced } from "#platform/changes";
import { newId } from "#platform/id";
import { acts, sessions, users, viewings } from "#schema";
import { testDatabase } from "#test";
import { api } from "./app";
import { aUser, signedInAgain, type TestUser } from "./test-caller";

const { db } = testDatabase();
const reason = "cannot find her invoice";

let eve: TestUser;
let ada: TestUser;

beforeEach(async () => {
  eve = await aStaff("support");
  ada = await aUser("ada");
});

afterAll(async () => {
  await announced();
  await stopLedger();
});

async function aStaff(role: "support" | "analyst" | "owner"): Promise<TestUser> {
  const user = await aUser(role);
  await db().update(users).set({ role }).where(eq(users.id, user.session.user.id));
  return user;
}

function ask(method: string, path: string, by = eve, body: object = {}) {
  const headers = { ...by.headers, "content-type": "application/json", "idempotency-key": newId("request") };
  const unsafe = method !== "GET" && method !== "DELETE";
  return api.request(path, { method, headers, ...(unsafe && { body: JSON.stringify(body) }) });
}

const view = (on = ada, by = eve, given: object = {}) =>
  ask("POST", `/api/v1/admin/customers/${on.session.user.id}/view`, by, { reason, ...given });

const codeOf = async (answer: Response | Promise<Response>) => (await (await answer).json()).code;
const whoIs = async ({ headers }: TestUser) => (await readSession(new Headers(headers)))?.user.id;
const viewActs = () =>
  db().select().from(acts).where(eq(acts.customerId, ada.session.user.id)).orderBy(acts.id);

describe("viewing as a customer", () => {
  it("shows the site as theirs until it is ended, with both on record under who looks", async () => {
    const answer = await view();
    expect(answer.status).toBe(200);
    const { endsAt } = await answer.json();
    expect(new Date(endsAt).getTime() - Date.now()).toBeLessThanOrEqual(30 * 60_000);
    const me = await (await ask("GET", "/api/v1/me")).json();
    expect(me.user.id).toBe(ada.session.user.id);
    expect(me.account.id).toBe(ada.session.accountId);
    // The back office is not the customer's.
    expect((await ask("GET", "/api/v1/admin/customers")).status).toBe(404);
    expect((await ask("DELETE", "/api/v1/viewing")).status).toBe(204);
    expect(await whoIs(eve)).toBe(eve.session.user.id);
    const who = { actorId: eve.session.user.id, actorRole: "support", asUserId: ada.session.user.id };
    expect(await viewActs()).toMatchObject([
      { ...who, action: "view.start", reason, after: { endsAt } },
      { ...who, action: "view.end" },
    ]);
  });

  it("refuses every request that would change something, of every route and of better-auth's", async () => {
    await view();
    const { paths } = await (await api.request("/api/openapi.json")).json();
    const unsafe = Object.entries<Record<string, unknown>>(paths).flatMap(([path, methods]) =>
      Object.keys(methods)
        .filter((method) => method !== "get" && `${method} ${path}` !== "delete /api/v1/viewing")
        .map((method) => [method.toUpperCase(), path.replace(/\{\w+\}/g, "none")] as const),
    );
    expect(unsafe.length).toBeGreaterThan(20);
    const own = ["change-password", "sign-in/email", "reset-password", "send-verification-email"];
    for (const [method, path] of [...unsafe, ...own.map((name) => ["POST", `/api/auth/${name}`] as const)]) {
      expect({ [`${method} ${path}`]: await codeOf(ask(method, path)) }).toEqual({
        [`${method} ${path}`]: "viewing",
      });
    }
  });

  it("shows no secrets: neither where they are signed in nor a token, and adopts nothing tried before", async () => {
    await view();
    for (const path of ["/api/v1/me/sessions", "/api/auth/token"]) {
      expect(await codeOf(ask("GET", path))).toBe("viewing");
    }
    const visitor = signVisitor().setCookie.split(";")[0];
    const cookie = `${eve.headers.cookie}; ${visitor}`;
    const me = await api.request("/api/v1/me", { headers: { ...eve.headers, cookie } });
    expect(await me.json()).toMatchObject({ user: { id: ada.session.user.id }, adoptedRuns: 0 });
  });

  it("ends with its time, with the right, with signing out, and when the customer becomes staff", async () => {
    await view();
    await db().update(viewings).set({ startedAt: sql`now() - interval '30 minutes'`, endsAt: sql`now()` });
    expect(await whoIs(eve)).toBe(eve.session.user.id);
    await view();
    await db().update(users).set({ role: "analyst" }).where(eq(users.id, eve.session.user.id));
    expect(await whoIs(eve)).toBe(eve.session.user.id);
    await db().update(users).set({ role: "support" }).where(eq(users.id, eve.session.user.id));
    await db().update(users).set({ role: "analyst" }).where(eq(users.id, ada.session.user.id));
    expect(await whoIs(eve)).toBe(eve.session.user.id);
    await db().update(users).set({ role: "user" }).where(eq(users.id, ada.session.user.id));
    expect(await whoIs(eve)).toBe(ada.session.user.id);
    const out = new Request("http://localhost:3000/api/auth/sign-out", {
      method: "POST",
      headers: { ...eve.headers, "content-type": "application/json" },
      body: "{}",
    });
    expect((await handleAuth(out)).status).toBe(200);
    expect(await db().select().from(sessions).where(eq(sessions.id, eve.session.id))).toEqual([]);
    expect((await viewActs()).at(-1)).toMatchObject({ action: "view.end", actorId: eve.session.user.id });
    expect(await whoIs(await signedInAgain(eve))).toBe(eve.session.user.id);
  });

  it("is not of staff, nor longer than 30 minutes, nor without a reason or the right", async () => {
    const owner = await aStaff("owner");
    expect(await codeOf(view(owner))).toBe("forbidden");
    expect(await codeOf(view(eve))).toBe("forbidden");
    expect((await view(ada, eve, { minutes: 31 })).status).toBe(422);
    expect((await view(ada, eve, { reason: " " })).status).toBe(422);
    expect(await codeOf(view(ada, await aStaff("analyst")))).toBe("forbidden");
    expect(await viewActs()).toEqual([]);
  });
});
