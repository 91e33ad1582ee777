import { eq, sql } from "drizzle-orm";
import { afterAll, expect, test } from "vitest";
import { terminal } from "#platform/audit";
import { announce, announced, stopHearing } from "#platform/changes";
import { type Id, newId } from "#platform/id";
import { accounts, acts, flags, prices, subscriptions, users } from "#schema";
import { testDatabase } from "#test";
import { deleteFlag, flagsOf, isOn, listFlags, type NewFlag, saveFlag } from "./index";
import { placeOf } from "./rule";

const { db } = testDatabase();
afterAll(async () => {
  await announced();
  await stopHearing();
});

const by = { ...terminal, id: newId("user"), role: "admin" };
const request = (key: string = newId("request")) => ({ by, reason: "the new editor", key });
const usual: NewFlag = { text: "The new editor", state: "rules", plans: [], percent: 0, people: [] };
const save = (key: string, wanted: Partial<NewFlag>) => saveFlag(key, { ...usual, ...wanted }, request());

async function somebody() {
  const [userId, accountId] = [newId("user"), newId("account")];
  const email = `${userId}@example.com`;
  await db().insert(users).values({ id: userId, name: "Ada", email });
  await db().insert(accounts).values({ id: accountId, ownerType: "user", ownerId: userId });
  return { userId, accountId, email };
}

async function pays(accountId: Id<"account">, planId: "pro" | "premium") {
  const id = newId("price");
  const entitlements = { tools: "all", concurrentRuns: 1, fileMb: 1, retentionDays: 1, priority: 1 };
  await db()
    .insert(prices)
    .values({
      ...{ id, kind: "plan", planId, interval: "month", currency: "usd", onSale: false, entitlements },
      ...{ amountCents: 1_200, lookupKey: id, credits: 1_000n },
    });
  await db().execute(sql`insert into customers (account_id) values (${accountId})`);
  await db()
    .insert(subscriptions)
    .values({
      ...{ id: newId("request"), accountId, priceId: id, itemId: "si_1", status: "active" },
      ...{ periodStart: new Date(), periodEnd: new Date(Date.now() + 9e8), createdAt: new Date() },
    });
}

test("a flag that nobody has made is off, one that is off or on is so for everybody", async () => {
  const { accountId } = await somebody();
  expect(await isOn("made-up", accountId)).toBe(false);
  await save("editor", { state: "on" });
  expect(await isOn("editor", accountId)).toBe(true);
  await save("editor", { state: "off", percent: 100 });
  expect(await isOn("editor", accountId)).toBe(false);
  expect(await flagsOf(accountId)).toEqual({ editor: false });
});

test("by plan it is on for those who have it, and by name for anybody", async () => {
  const [ada, bob, eve] = [await somebody(), await somebody(), await somebody()];
  await pays(ada.accountId, "premium");
  await pays(bob.accountId, "pro");
  await save("by-plan", { plans: ["premium"], percent: 100, people: [eve.email.toUpperCase()] });
  const on = await Promise.all([ada, bob, eve].map(({ accountId }) => isOn("by-plan", accountId)));
  expect(on).toEqual([true, false, true]);
  await save("by-plan", { plans: ["free"], percent: 100 });
  expect(await isOn("by-plan", eve.accountId)).toBe(true);
  expect(await isOn("by-plan", ada.accountId)).toBe(false);
  await expect(save("by-plan", { people: ["nobody@example.com"] })).rejects.toEqual(
    expect.objectContaining({ code: "invalid_request" }),
  );
});

test("a percentage is about that many, the same ones each time, and whoever has it keeps it when it grows", () => {
  const ids = Array.from({ length: 4_000 }, () => newId("account"));
  const on = (key: string, percent: number) => ids.filter((id) => placeOf(key, id) < percent);
  const [quarter, half] = [on("editor", 25), on("editor", 50)];
  expect(quarter.length).toBeGreaterThan(800);
  expect(quarter.length).toBeLessThan(1_200);
  expect(on("editor", 25)).toEqual(quarter);
  expect(quarter.every((id) => half.includes(id))).toBe(true);
  expect([on("editor", 0).length, on("editor", 100).length]).toEqual([0, 4_000]);
  // Another feature has others first.
  expect(on("other", 25).filter((id) => quarter.includes(id)).length).toBeLessThan(400);
  expect(placeOf("editor", "acct_0000000000000000000000000a")).toBeCloseTo(97.2208, 3);
});

test("a change counts at once, and another process's as soon as it is told; it stands in the audit log", async () => {
  const { accountId } = await somebody();
  const asked = request();
  await saveFlag("audited", { ...usual, state: "on" }, asked);
  await saveFlag("audited", { ...usual, state: "on" }, asked);
  await save("audited", { state: "off" });
  expect(await isOn("audited", accountId)).toBe(false);
  // As if another process had done it.
  await db().update(flags).set({ state: "on" }).where(eq(flags.key, "audited"));
  announce({ owner: "flags" });
  await announced();
  await expect.poll(() => isOn("audited", accountId)).toBe(true);
  const log = await db().select().from(acts).where(eq(acts.objectId, "audited")).orderBy(acts.id);
  expect(log).toMatchObject([
    { action: "flag.make", before: null, after: { state: "on" }, reason: "the new editor" },
    { action: "flag.change", before: { state: "on" }, after: { state: "off" } },
  ]);
});

test("deleted it is off, and in no list", async () => {
  const { accountId } = await somebody();
  await save("gone", { state: "on" });
  await deleteFlag("gone", request());
  expect(await isOn("gone", accountId)).toBe(false);
  expect((await listFlags()).some(({ key }) => key === "gone")).toBe(false);
  await expect(deleteFlag("gone", request())).rejects.toEqual(expect.objectContaining({ code: "not_found" }));
});
