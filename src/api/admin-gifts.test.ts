import { eq } from "drizzle-orm";
import { afterAll, describe, expect, it } from "vitest";
import { creditTasks } from "#credits";
import { stopLedger } from "#ledger";
import { announced, hearChanges, stopHearing } from "#platform/changes";
import { db } from "#platform/db";
import { users } from "#schema";
import { runJobs, testDatabase } from "#test";
import { api } from "./app";
import { anOwner, aUser, type TestUser } from "./test-caller";

testDatabase();
afterAll(async () => {
  await announced();
  await stopHearing();
  await stopLedger();
});

const reason = "the upscaler was down on Monday";

function post(who: TestUser, path: string, body: object, key = "k1"): Promise<Response> {
  const headers = { ...who.headers, "content-type": "application/json", "idempotency-key": key };
  return Promise.resolve(
    api.request(`/api/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) }),
  );
}

async function get(who: TestUser, path: string) {
  const answer = await api.request(`/api/v1${path}`, { headers: who.headers });
  return answer.json();
}

async function anAdmin(): Promise<TestUser> {
  const admin = await aUser("admin");
  await db().update(users).set({ role: "admin" }).where(eq(users.id, admin.session.user.id));
  return admin;
}

/** Whoever's address begins so. */
const filterOf = ({ session }: TestUser) => ({ query: session.user.email });

describe("gifts", () => {
  it("are previewed, given, seen by the customer as a gift and live, and taken back", async () => {
    const [ada, admin] = [await aUser("ada"), await anAdmin()];
    const heard: unknown[] = [];
    await hearChanges(ada.session.accountId, (change) => heard.push(change));
    const wanted = { credits: 50, filter: filterOf(ada) };
    const preview = await post(admin, "/admin/gifts/preview", wanted);
    expect(await preview.json()).toEqual({ people: 1, unconfirmed: 0, suspended: 0, total: 50 });

    const given = await post(admin, "/admin/gifts", { ...wanted, name: "Monday", people: 1, reason });
    expect(given.status).toBe(201);
    const gift = await given.json();
    expect(gift).toMatchObject({ status: "giving", people: 1, given: 0, filter: filterOf(ada) });
    await runJobs(creditTasks.system ?? {});
    await announced();
    await expect.poll(() => heard).toContainEqual(expect.objectContaining({ balance: true }));
    const { data } = await get(ada, "/entries");
    expect(data).toMatchObject([{ kind: "issued", source: "promo", cause: "gift", credits: 50 }]);
    expect(await get(admin, `/admin/gifts/${gift.id}`)).toMatchObject({ status: "given", left: 50 });

    const undone = await post(
      admin,
      `/admin/gifts/${gift.id}/undo`,
      { reason: "for the wrong people" },
      "k2",
    );
    expect([undone.status, (await undone.json()).status]).toEqual([200, "undoing"]);
    await runJobs(creditTasks.system ?? {});
    expect((await get(admin, "/admin/gifts")).data).toMatchObject([
      { id: gift.id, status: "undone", taken: 50, createdByMail: admin.session.user.email },
    ]);
    expect((await get(ada, "/entries")).data[0]).toMatchObject({
      kind: "reversed",
      cause: "gift",
      credits: -50,
    });
    const log = await get(admin, `/admin/acts?object=${gift.id}`);
    expect(log.data).toMatchObject([
      { action: "gift.undo", reason: "for the wrong people", before: { given: 1 }, after: { left: 50 } },
      { action: "gift.give", reason, after: { people: 1, total: 50 } },
    ]);
  });

  it("answer a repeat with 200 and the same gift", async () => {
    const [ada, owner] = [await aUser("ada"), await anOwner()];
    const body = { credits: 5, filter: filterOf(ada), name: "Twice", people: 1, reason };
    const first = await post(owner, "/admin/gifts", body);
    const again = await post(owner, "/admin/gifts", body);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect((await again.json()).id).toBe((await first.json()).id);
  });

  it("stop an admin at the limits, an owner at none, and everybody at a segment that has grown", async () => {
    const [ada, admin, owner] = [await aUser("ada"), await anAdmin(), await anOwner()];
    const large = { credits: 10_001, filter: filterOf(ada) };
    const refused = await post(admin, "/admin/gifts/preview", large);
    expect([refused.status, await refused.json()]).toMatchObject([
      403,
      { code: "adjustment_too_large", limit: 10_000 },
    ]);
    expect((await post(owner, "/admin/gifts/preview", large)).status).toBe(200);
    const everybody = { credits: 1, filter: {}, name: "All", people: 1, reason };
    const grown = await post(owner, "/admin/gifts", everybody);
    expect([grown.status, (await grown.json()).code]).toEqual([409, "segment_changed"]);
  });

  it("take nothing but a filter of the list", async () => {
    const owner = await anOwner();
    const wrong = await post(owner, "/admin/gifts/preview", { credits: 1, filter: { plans: "pro" } });
    expect(wrong.status).toBe(422);
    const past = {
      credits: 1,
      filter: {},
      name: "Late",
      people: 1,
      reason,
      expiresAt: "2020-01-01T00:00:00Z",
    };
    expect((await post(owner, "/admin/gifts", past)).status).toBe(422);
  });
});
