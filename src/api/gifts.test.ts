import { eq } from "drizzle-orm";
import { afterAll, describe, expect, it } from "vitest";
import { createCodes, creditTasks, openReferralLink, readReferrals, unsubscribeLink } from "#credits";
import { stopLedger } from "#ledger";
import { terminal } from "#platform/audit";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { users } from "#schema";
import { runJobs, testDatabase } from "#test";
import { api } from "./app";
import { aUser, origin, type TestUser } from "./test-caller";

testDatabase();
afterAll(stopLedger);

function post(who: TestUser, path: string, body: object, key = "k1"): Promise<Response> {
  const headers = { ...who.headers, "content-type": "application/json", "idempotency-key": key };
  return Promise.resolve(
    api.request(`/api/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) }),
  );
}

async function aCode(): Promise<string> {
  const [code] = await createCodes(
    {
      name: "api",
      count: 1,
      credits: 25n,
      uses: 1,
      oncePerPerson: false,
      lifetimeDays: null,
      expiresAt: null,
    },
    terminal,
  );
  return code ?? "";
}

async function aStaffMember(role: "admin" | "owner"): Promise<TestUser> {
  const somebody = await aUser(role);
  await db().update(users).set({ role }).where(eq(users.id, somebody.session.user.id));
  return somebody;
}

describe("POST /redemptions", () => {
  it("redeems a code, and answers a repeat with 200 and the same", async () => {
    const ada = await aUser("ada");
    const code = await aCode();
    const first = await post(ada, "/redemptions", { code });
    expect(first.status).toBe(201);
    expect(await first.json()).toEqual({ credits: 25, expiresAt: null });
    const again = await post(ada, "/redemptions", { code });
    expect([again.status, await again.json()]).toEqual([200, { credits: 25, expiresAt: null }]);
    const balance = await Promise.resolve(api.request("/api/v1/balance", { headers: ada.headers }));
    expect(await balance.json()).toMatchObject({ available: 25 });
  });

  it("is for people whose address is confirmed", async () => {
    const eve = await aUser("eve", { verified: false });
    expect((await post(eve, "/redemptions", { code: await aCode() })).status).toBe(403);
  });

  it("stops whoever guesses", async () => {
    const guesser = await aUser("guesser");
    const statuses: number[] = [];
    for (let i = 0; i < 21; i++) {
      statuses.push((await post(guesser, "/redemptions", { code: `guess ${i}` }, `k${i}`)).status);
    }
    expect(statuses.slice(0, 20).every((status) => status === 404)).toBe(true);
    expect(statuses[20]).toBe(429);
    expect((await post(guesser, "/redemptions", { code: await aCode() }, "right")).status).toBe(429);
  });
});

describe("POST /admin/customers/{id}/adjustments", () => {
  it("shows what it comes to, does it with a reason, and leaves it in the log", async () => {
    const [ada, admin] = [await aUser("ada"), await aStaffMember("admin")];
    const path = `/admin/customers/${ada.session.user.id}/adjustments`;
    const preview = await post(admin, `${path}/preview`, { credits: 100 });
    expect(await preview.json()).toEqual({ asked: 100, moved: 100, before: 0, after: 100 });
    expect((await post(admin, path, { credits: 100 })).status).toBe(422);
    const done = await post(admin, path, { credits: 100, reason: "lost a run on Monday" });
    expect([done.status, await done.json()]).toEqual([
      201,
      { asked: 100, moved: 100, before: 0, after: 100 },
    ]);
    const taken = await post(admin, path, { credits: -130, reason: "given to the wrong one" }, "k2");
    expect(await taken.json()).toEqual({ asked: -130, moved: -100, before: 100, after: 0 });
    const log = await Promise.resolve(
      api.request(`/api/v1/admin/acts?object=${ada.session.user.id}`, { headers: admin.headers }),
    );
    expect((await log.json()).data).toMatchObject([
      { action: "credits.adjust", actorRole: "admin", reason: "given to the wrong one" },
      { action: "credits.adjust", actorRole: "admin", reason: "lost a run on Monday" },
    ]);
  });

  it("lets an admin move ADJUSTMENT_LIMIT at once, and an owner any number", async () => {
    const [ada, admin, owner] = [
      await aUser("ada"),
      await aStaffMember("admin"),
      await aStaffMember("owner"),
    ];
    const path = `/admin/customers/${ada.session.user.id}/adjustments`;
    const large = { credits: 10_001, reason: "a large customer" };
    const refused = await post(admin, path, large);
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ code: "adjustment_too_large", limit: 10_000 });
    expect((await post(admin, `${path}/preview`, { credits: 10_001 })).status).toBe(403);
    expect((await post(owner, path, large)).status).toBe(201);
  });
});

describe("signing up by somebody's link", () => {
  it("makes one theirs, by the cookie that the link left", async () => {
    const ada = await aUser("ada");
    await openReferralLink(db(), ada.session.accountId);
    const link = (await readReferrals(ada.session.accountId))?.link ?? "";
    const code = new URL(link).searchParams.get("ref") ?? "";
    const email = `bob.${newId("user").slice(-8)}@example.net`;
    const answer = await api.request("/api/auth/sign-up/email", {
      method: "POST",
      headers: { "content-type": "application/json", origin, cookie: `a=b; toolmint.referral=${code}` },
      body: JSON.stringify({ name: "Bob", email, password: "correct horse battery" }),
    });
    expect(answer.status).toBe(200);
    await runJobs(creditTasks.system ?? {});
    expect(await readReferrals(ada.session.accountId)).toMatchObject({ signedUp: 1, rewarded: 0 });
  });
});

describe("POST /unsubscribe", () => {
  it("needs no session and no origin, only the mail's token; looking at the link ends nothing", async () => {
    const ada = await aUser("ada");
    const link = new URL(unsubscribeLink(ada.session.user.id, "lowBalance"));
    const path = link.pathname + link.search;
    const look = await api.request(path);
    expect([look.status, look.headers.get("location")]).toEqual([
      303,
      expect.stringContaining("/unsubscribe?token="),
    ]);
    expect(await choices(ada)).toEqual({ expiring: true, lowBalance: true, news: true });
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const click = await api.request(path, { method: "POST", headers, body: "List-Unsubscribe=One-Click" });
    expect([click.status, await click.json()]).toEqual([200, { kind: "lowBalance" }]);
    expect(await choices(ada)).toEqual({ expiring: true, lowBalance: false, news: true });
    expect((await api.request("/api/v1/unsubscribe?token=made.up.x", { method: "POST" })).status).toBe(410);
  });

  it("is undone on the account page", async () => {
    const ada = await aUser("ada");
    for (const lowBalance of [false, true]) {
      const answer = await api.request("/api/v1/me/mail-choices", {
        method: "PATCH",
        headers: { ...ada.headers, "content-type": "application/json" },
        body: JSON.stringify({ lowBalance }),
      });
      expect(await answer.json()).toEqual({ expiring: true, lowBalance, news: true });
    }
  });
});

async function choices({ headers }: TestUser): Promise<unknown> {
  return (await api.request("/api/v1/me/mail-choices", { headers })).json();
}
