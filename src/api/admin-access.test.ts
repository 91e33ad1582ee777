import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createKeyCache, createSuspendedAccounts, handleAuth, hasOwner, requireKey } from "#identity";
import { stopLedger } from "#ledger";
import { announced, stopHearing } from "#platform/changes";
import { newId } from "#platform/id";
import { acts, users } from "#schema";
import { runJobs, testDatabase, testFolder } from "#test";
import { toolTasks } from "#tools";
import { api } from "./app";
import { aKey, anOwner, aUser, origin, signedInAgain, type TestUser } from "./test-caller";
import { balanceOf, begun, fund, read, start, untilWorking, work } from "./test-tools";

const { db } = testDatabase();
testFolder();

const password = "correct horse battery";
const reason = "stolen cards";
let owner: TestUser;
let ada: TestUser;

beforeAll(async () => {
  owner = await anOwner();
});

beforeEach(async () => {
  ada = await aUser("ada");
  await fund(ada, 100n);
});

afterAll(async () => {
  vi.useRealTimers();
  await announced();
  await stopHearing();
  await stopLedger();
});

type Asked = { by?: TestUser; key?: string; on?: TestUser; reason?: string };

function act(name: "suspend" | "restore" | "sign-out", given: Asked = {}) {
  const { by = owner, key = newId("request"), on = ada } = given;
  return api.request(`/api/v1/admin/customers/${on.session.user.id}/${name}`, {
    method: "POST",
    headers: { ...by.headers, "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify({ reason: given.reason ?? reason }),
  });
}

async function done(name: Parameters<typeof act>[0], given: Asked = {}) {
  const answer = await act(name, given);
  expect(answer.status).toBe(200);
  return answer.json();
}

const statusOf = async (user: TestUser) =>
  (await api.request("/api/v1/me", { headers: user.headers })).status;
const actsOn = ({ session }: TestUser) =>
  db().select().from(acts).where(eq(acts.customerId, session.user.id)).orderBy(acts.id);

function signIn(email: string, secret: string): Promise<Response> {
  const headers = { "content-type": "application/json", origin };
  const body = JSON.stringify({ email, password: secret });
  const request = new Request(`${origin}/api/auth/sign-in/email`, { method: "POST", headers, body });
  return handleAuth(request, "192.0.2.7");
}

describe("a suspended customer", () => {
  it("is signed out everywhere, cannot sign in, and hears why only after the right password", async () => {
    const eve = await aUser("eve", { password });
    const phone = await signedInAgain(eve);
    const { suspendedAt } = await done("suspend", { on: eve });
    expect(suspendedAt).toMatch(/^20/);
    expect([await statusOf(eve), await statusOf(phone)]).toEqual([401, 401]);
    await expect(signIn(eve.session.user.email, password)).rejects.toMatchObject({ code: "suspended" });
    await expect(signIn(eve.session.user.email, "wrong")).rejects.toMatchObject({
      code: "wrong_credentials",
    });
    expect(await done("restore", { on: eve })).toEqual({ suspendedAt: null });
    expect((await signIn(eve.session.user.email, password)).status).toBe(200);
    // What was ended stays so.
    expect(await statusOf(phone)).toBe(401);
    expect(await actsOn(eve)).toMatchObject([
      { action: "user.suspend", reason, after: { suspendedAt, devices: 2 }, actorId: owner.session.user.id },
      { action: "user.restore", before: { suspendedAt }, after: { suspendedAt: null } },
    ]);
  });

  it("has keys that stop at once here and within 5 s elsewhere, and work again when restored", async () => {
    const key = await aKey(ada, { kind: "own" });
    const balance = async () => {
      const answer = await api.request("/api/v1/balance", { headers: key.headers });
      return answer.status === 200 ? 200 : (await answer.json()).code;
    };
    vi.useFakeTimers({ toFake: ["performance"] });
    const elsewhere = createKeyCache();
    expect(await elsewhere.find(key.secret)).not.toBeNull();
    expect(await balance()).toBe(200);
    await done("suspend");
    expect(await balance()).toBe("suspended");
    vi.advanceTimersByTime(4_000);
    await expect(elsewhere.find(key.secret)).rejects.toMatchObject({ code: "suspended" });
    await done("restore");
    expect(await balance()).toBe(200);
    vi.advanceTimersByTime(4_000);
    expect(await elsewhere.find(key.secret)).toMatchObject({ apiKeyId: key.id });
    vi.useRealTimers();
    expect((await requireKey(ada.session, key.id)).revokedAt).toBeNull();
  });

  it("has what runs and what waits cancelled, and every credit back", async () => {
    const running = await begun(ada, { input: { text: "x", behave: "forever" } });
    const working = untilWorking();
    const worker = work(running);
    await working;
    const waiting = await begun(ada);
    const access = await api.request(`/api/v1/admin/customers/${ada.session.user.id}/access`, {
      headers: owner.headers,
    });
    expect(await access.json()).toMatchObject({ runs: 2, held: 10, devices: 1, keys: 0, suspendedAt: null });
    await done("suspend");
    await runJobs(toolTasks.system ?? {});
    await worker;
    await done("restore");
    const again = await signedInAgain(ada);
    expect(await balanceOf(again)).toEqual([100, 0]);
    for (const { id } of [running, waiting]) {
      expect(await read(again, `/runs/${id}`)).toMatchObject({ status: "canceled", charged: 0 });
    }
  });

  it("is charged nothing new by a service key; what was charged is told again, and open holds still end", async () => {
    const service = await aKey(owner);
    const asService = { ...service.headers, "toolmint-account": ada.session.accountId };
    const post = async (path: string, body: object, key: string = newId("request")) => {
      const headers = { ...asService, "content-type": "application/json", "idempotency-key": key };
      const answer = await api.request(`/api/v1${path}`, {
        ...{ method: "POST", headers, body: JSON.stringify(body) },
      });
      return answer.json();
    };
    const four = { credits: 4, tool: "upscaler" };
    const key = newId("request");
    const charged = await post("/charges", four, key);
    const [first, second] = [await post("/holds", four), await post("/holds", four)];
    vi.useFakeTimers({ toFake: ["performance"] });
    const elsewhere = createSuspendedAccounts();
    expect(await elsewhere.has(ada.session.accountId)).toBe(false);
    await done("suspend");
    expect(await post("/charges", four)).toMatchObject({ code: "suspended", status: 403 });
    expect(await post("/holds", four)).toMatchObject({ code: "suspended" });
    expect(await post("/charges", four, key)).toEqual({ ...charged, repeated: true });
    expect(await post(`/holds/${first.holdId}/capture`, { credits: 1 })).toMatchObject({ credits: 1 });
    expect(await post(`/holds/${second.holdId}/release`, {})).toMatchObject({ held: 0, available: 95 });
    // Another process that has not heard of it.
    vi.advanceTimersByTime(4_000);
    expect(await elsewhere.has(ada.session.accountId)).toBe(true);
    await done("restore");
    expect(await post("/charges", four)).toMatchObject({ credits: 4, available: 91 });
    vi.useRealTimers();
  });

  it("begins no run, whichever comes first: what began is cancelled, what comes after refused", async () => {
    const service = await aKey(owner);
    const asService = { ...service.headers, "toolmint-account": ada.session.accountId };
    const starts = [1, 2, 3].map(() => start({ ...ada, headers: asService }));
    const [, ...answers] = await Promise.all([done("suspend"), ...starts]);
    for (const answer of answers) {
      const { code } = await answer.json();
      expect([undefined, "suspended"]).toContain(code);
    }
    expect((await (await start({ ...ada, headers: asService })).json()).code).toBe("suspended");
    await runJobs(toolTasks.system ?? {});
    await done("restore");
    expect(await balanceOf(await signedInAgain(ada))).toEqual([100, 0]);
  });
});

describe("suspending", () => {
  it("gives a repeated key the first answer, and another request with it a conflict", async () => {
    const key = newId("request");
    const first = await done("suspend", { key });
    await done("restore");
    expect(await done("suspend", { key })).toEqual(first);
    expect(await statusOf(await signedInAgain(ada))).toBe(200);
    expect((await act("suspend", { key, on: await aUser("eve") })).status).toBe(409);
    expect((await actsOn(ada)).map(({ action }) => action)).toEqual(["user.suspend", "user.restore"]);
  });

  it("is not for oneself, nor on staff by who may not change staff, and leaves an owner", async () => {
    const admin = await aUser("admin");
    await db().update(users).set({ role: "admin" }).where(eq(users.id, admin.session.user.id));
    const codeOf = async (given: Asked) => (await (await act("suspend", given)).json()).code;
    expect(await codeOf({ on: owner })).toBe("not_yourself");
    expect(await codeOf({ by: admin, on: owner })).toBe("forbidden");
    const second = await anOwner("second");
    // Two who suspend each other at once: one of them stays.
    const answers = await Promise.all([
      act("suspend", { by: owner, on: second }),
      act("suspend", { by: second, on: owner }),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await hasOwner()).toBe(true);
    await db().update(users).set({ suspendedAt: null }).where(eq(users.role, "owner"));
    owner = await signedInAgain(owner);
  });
});

it("signing out everywhere ends every device and no key, once for its key", async () => {
  const phone = await signedInAgain(ada);
  const key = await aKey(ada, { kind: "own" });
  const request = newId("request");
  expect(await done("sign-out", { key: request })).toEqual({ devices: 2 });
  expect([await statusOf(ada), await statusOf(phone)]).toEqual([401, 401]);
  const again = await signedInAgain(ada);
  expect(await done("sign-out", { key: request })).toEqual({ devices: 2 });
  expect(await statusOf(again)).toBe(200);
  expect((await api.request("/api/v1/balance", { headers: key.headers })).status).toBe(200);
  expect(await actsOn(ada)).toMatchObject([{ action: "user.signOut", after: { devices: 2 }, reason }]);
});
