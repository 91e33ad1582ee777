import { eq } from "drizzle-orm";
import { afterAll, describe, expect, it } from "vitest";
import { stopLedger } from "#ledger";
import { announced } from "#platform/changes";
import { db } from "#platform/db";
import { users } from "#schema";
import { testDatabase } from "#test";
import { api } from "./app";
import { anOwner, aUser, type TestUser } from "./test-caller";

testDatabase();
afterAll(async () => {
  await announced();
  await stopLedger();
});

const reason = "for the launch";
const terms = { name: "Launch", count: 2, credits: 25, reason };

async function post(who: TestUser, path: string, body: object, key = "k1") {
  const headers = { ...who.headers, "content-type": "application/json", "idempotency-key": key };
  const answer = await api.request(`/api/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: answer.status, json: await answer.json() };
}

async function get(who: TestUser, path: string) {
  return (await api.request(`/api/v1${path}`, { headers: who.headers })).json();
}

async function anAdmin(): Promise<TestUser> {
  const admin = await aUser("admin");
  await db().update(users).set({ role: "admin" }).where(eq(users.id, admin.session.user.id));
  return admin;
}

describe("redeem codes of the back office", () => {
  it("are told once, redeemed by a customer, counted, and ended", async () => {
    const [admin, ada, bob] = [await anAdmin(), await aUser("ada"), await aUser("bob")];
    const made = await post(admin, "/admin/codes", { ...terms, lifetimeDays: 30 });
    expect(made).toMatchObject({ status: 201, json: { batch: { codes: 2, uses: 1, used: 0 } } });
    const again = await post(admin, "/admin/codes", { ...terms, lifetimeDays: 30 });
    expect(again).toEqual({ ...made, status: 200 });
    const { batch, codes } = made.json;
    expect((await post(ada, "/redemptions", { code: codes[0] })).status).toBe(201);
    const list = await get(admin, "/admin/codes");
    expect(list.data).toMatchObject([{ id: batch.id, used: 1, createdByMail: admin.session.user.email }]);
    expect(JSON.stringify(list)).not.toContain(codes[0]);
    const ended = await post(admin, `/admin/codes/${batch.id}/end`, { reason: "they were leaked" }, "k2");
    expect([ended.status, ended.json.endedAt]).toEqual([200, expect.any(String)]);
    expect((await post(bob, "/redemptions", { code: codes[1] })).json.code).toBe("code_expired");
    const log = await get(admin, `/admin/acts?object=${batch.id}`);
    expect(log.data.map(({ action }: { action: string }) => action)).toEqual(["codes.end", "codes.create"]);
  });

  it("stop an admin at the limits of giving to many, and an owner at none", async () => {
    const [admin, owner] = [await anAdmin(), await anOwner()];
    const many = { ...terms, count: 1_000, uses: 1_000, credits: 2 };
    expect((await post(admin, "/admin/codes", many)).json).toMatchObject({
      ...{ code: "gift_too_large", limit: 1_000_000, total: 2_000_000 },
    });
    expect((await post(owner, "/admin/codes", many)).status).toBe(201);
  });

  it("are not made with an end that is past, nor of nothing", async () => {
    const owner = await anOwner();
    const past = await post(owner, "/admin/codes", { ...terms, expiresAt: "2020-01-01T00:00:00Z" });
    const nothing = await post(owner, "/admin/codes", { ...terms, credits: 0 });
    expect([past.status, nothing.status]).toEqual([422, 422]);
  });
});

describe("promotion codes", () => {
  it("are told to be off where the site takes no payments", async () => {
    const owner = await anOwner();
    expect(await get(owner, "/admin/promotions")).toMatchObject({ code: "payments_off" });
    const wanted = { code: "spring25", discount: { percent: 25 }, reason };
    expect((await post(owner, "/admin/promotions", wanted)).json.code).toBe("payments_off");
  });

  it("that take something off for more than a year only owners make", async () => {
    const [owner, admin] = [await anOwner(), await anAdmin()];
    const answers = async (who: TestUser, duration: unknown) => {
      const wanted = { code: "SPRING25", discount: { percent: 100 }, duration, maxUses: 9, reason };
      const { status, json } = await post(who, "/admin/promotions", wanted);
      return [status, json.code];
    };
    // What is allowed finds that the site takes no payments.
    const off = [409, "payments_off"];
    expect(await answers(admin, "forever")).toEqual([403, "forbidden"]);
    expect(await answers(admin, { months: 13 })).toEqual([403, "forbidden"]);
    expect(await answers(admin, { months: 12 })).toEqual(off);
    expect(await answers(owner, "forever")).toEqual(off);
  });

  it("that take off nearly all, or an amount, only owners make for any number of uses", async () => {
    const [owner, admin] = [await anOwner(), await anAdmin()];
    const answers = async (who: TestUser, discount: object, maxUses: number | null) => {
      const wanted = { code: "SPRING25", discount, maxUses, reason };
      const { status, json } = await post(who, "/admin/promotions", wanted);
      return [status, json.errors?.[0]?.path ?? json.code];
    };
    const off = [409, "payments_off"];
    for (const discount of [{ percent: 100 }, { percent: 90.01 }, { amountCents: 500, currency: "usd" }]) {
      expect(await answers(admin, discount, null)).toEqual([422, "maxUses"]);
      expect(await answers(admin, discount, 10)).toEqual(off);
      expect(await answers(owner, discount, null)).toEqual(off);
    }
    expect(await answers(admin, { percent: 90 }, null)).toEqual(off);
  });

  it("take a percentage or an amount with its currency, not both and not more than all", async () => {
    const owner = await anOwner();
    for (const discount of [{ percent: 101 }, { percent: 25, amountCents: 5 }, { amountCents: 5 }]) {
      const wrong = await post(owner, "/admin/promotions", { code: "SPRING25", discount, reason });
      expect(wrong.status).toBe(422);
    }
  });
});
