import { eq, sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { addProvider, changeProvider } from "#models";
import { terminal } from "#platform/audit";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import {
  customers,
  disputes,
  invoices,
  mails,
  providers,
  reconciliations,
  responseTimes,
  runs,
  stripeEvents,
  users,
} from "#schema";
import { testDatabase } from "#test";
import { api } from "./app";
import type { NeedJson, TodayJson } from "./contract";
import { aUser, type TestUser } from "./test-caller";

testDatabase();

let owner: TestUser;
let support: TestUser;

beforeAll(async () => {
  owner = await aUser("owner");
  support = await aUser("support");
  for (const [{ session }, role] of [
    [owner, "owner"],
    [support, "support"],
  ] as const) {
    await db().update(users).set({ role }).where(eq(users.id, session.user.id));
  }
});

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);

async function ask<T>(path: string, who = owner): Promise<T> {
  const answer = await api.request(`/api/v1/admin/overview/${path}`, { headers: who.headers });
  expect(answer.status).toBe(200);
  return await answer.json();
}

async function needs(who = owner): Promise<Record<string, NeedJson["found"]>> {
  const { data } = await ask<{ data: NeedJson[] }>("needs", who);
  return Object.fromEntries(data.map(({ name, found }) => [name, found]));
}

function aRun(
  hours: number,
  status: "succeeded" | "failed",
  tool = "resize",
  accountId: string | null = null,
) {
  const createdAt = hoursAgo(hours);
  const id = newId("run", createdAt.getTime());
  return {
    ...{ id, accountId, tool, status, input: {}, inputHash: "", idempotencyKey: id, createdAt },
    ...{ startedAt: createdAt, endedAt: new Date(createdAt.getTime() + 2_000), expiresAt: hoursAgo(-24) },
  };
}

describe("what needs a hand", () => {
  it("is nothing on a site where all is well", async () => {
    const all = await needs();
    expect(Object.keys(all)).toEqual([
      ...[
        "events",
        "disputes",
        "pastDue",
        "differences",
        "tools",
        "providers",
        "jobs",
        "mails",
        "reports",
        "welcomes",
      ],
    ]);
    for (const found of Object.values(all)) expect(found).toMatchObject({ state: "known", count: 0 });
  });

  it("is counted with the age of the oldest", async () => {
    const event = { type: "invoice.paid", status: "failed" as const, livemode: true };
    await db()
      .insert(stripeEvents)
      .values([
        { ...event, id: "evt_1", createdAt: hoursAgo(5), receivedAt: hoursAgo(5) },
        { ...event, id: "evt_2", createdAt: hoursAgo(3), receivedAt: hoursAgo(3) },
        { ...event, id: "evt_3", createdAt: hoursAgo(9), receivedAt: hoursAgo(9), status: "done" },
      ]);
    const mail = { recipient: "a@example.com", kind: "welcome", locale: "en" as const, subject: "Hello" };
    const text = { html: "", text: "" };
    await db()
      .insert(mails)
      .values([
        { ...mail, ...text, id: newId("mail"), status: "failed", createdAt: hoursAgo(2) },
        { ...mail, ...text, id: newId("mail"), status: "failed", createdAt: hoursAgo(24 * 8) },
        { ...mail, ...text, id: newId("mail"), status: "sent" },
      ]);
    await db()
      .insert(reconciliations)
      .values({ id: newId("reconciliation"), status: "done", asOf: hoursAgo(1), findingCount: 4 });
    const { accountId } = support.session;
    await db().insert(customers).values({ accountId, stripeId: "cus_1" });
    const invoice = {
      id: "in_1",
      accountId,
      reason: "pack" as const,
      status: "paid" as const,
      currency: "usd",
    };
    const paid = { totalCents: 900, dispute: "open" as const, createdAt: hoursAgo(30), paidAt: hoursAgo(30) };
    await db()
      .insert(invoices)
      .values({ ...invoice, ...paid });
    const dispute = { invoiceId: "in_1", accountId, amountCents: 900, currency: "usd", reason: "fraudulent" };
    await db()
      .insert(disputes)
      .values([
        { ...dispute, id: "du_1", status: "needs_response", dueAt: hoursAgo(-48), createdAt: hoursAgo(20) },
        { ...dispute, id: "du_2", status: "under_review", dueAt: hoursAgo(-24), createdAt: hoursAgo(25) },
      ]);
    await db().execute(sql`select graphile_worker.add_job('billing.look', '{}', max_attempts => 1)`);
    await db().execute(sql`update graphile_worker._private_jobs set attempts = 1`);
    const found = await needs();
    expect(found.events).toMatchObject({ count: 2 });
    expect(Math.round(ageHours(found.events))).toBe(5);
    expect(found.disputes).toMatchObject({ count: 1, dueAt: expect.stringContaining("T") });
    expect(Math.round(ageHours(found.disputes))).toBe(20);
    expect(found.mails).toMatchObject({ count: 1 });
    expect(found.differences).toMatchObject({ count: 4 });
    expect(found.jobs).toMatchObject({ count: 1 });
  });

  it("is a tool that succeeds much less than the week before, not one that always fails as often", async () => {
    const usual = Array.from({ length: 20 }, (_, n) => aRun(30 + n, n < 2 ? "failed" : "succeeded"));
    const lately = Array.from({ length: 6 }, (_, n) => aRun(1 + n, n < 3 ? "failed" : "succeeded"));
    const steady = [...usual, ...lately].map((_, n) =>
      aRun(n < 20 ? 30 + n : n - 19, n % 2 ? "failed" : "succeeded", "ocr"),
    );
    await db()
      .insert(runs)
      .values([...usual, ...lately, ...steady]);
    expect((await needs()).tools).toMatchObject({
      count: 1,
      tools: [{ slug: "resize", success: 0.5, usualSuccess: 0.9, failed: 3 }],
    });
  });

  it("is a tool of a small site most of whose few runs fail by our own faults, not by what was put in", async () => {
    const failed = (tool: string, errorCode: string, n: number) =>
      ({ ...aRun(n, "failed", tool), errorCode }) as const;
    await db()
      .insert(runs)
      .values([
        ...[1, 2, 3].map((n) => failed("slogans", n === 3 ? "crashed" : "model_unavailable", n)),
        aRun(1, "succeeded", "slogans"),
        ...[1, 2, 3].map((n) => failed("scan", "file_corrupt", n)),
        ...[1, 2].map((n) => failed("new", "tool_unavailable", n)),
        ...[7, 8, 9].map((n) => failed("mended", "crashed", n)),
      ]);
    const { tools } = await needs();
    expect(tools).toMatchObject({
      tools: [{ slug: "resize" }, { slug: "slogans", success: 0.25, usualSuccess: null, failed: 3 }],
    });
  });

  it("is a provider of models that rested and has not answered since", async () => {
    const server = {
      name: "p",
      protocol: "openai",
      baseUrl: "https://example.com/v1",
      key: null,
      enabled: true,
    };
    const wish = { ...server, protocol: "openai" as const, maxConcurrent: null, maxPerMinute: null };
    const told = async () => (await needs()).providers;
    const id = await addProvider(wish, terminal);
    const set = (values: Partial<typeof providers.$inferInsert>) =>
      db().update(providers).set(values).where(eq(providers.id, id));
    await set({ failures: 2, lastError: "500: no", lastErrorAt: hoursAgo(1) });
    expect(await told()).toMatchObject({ count: 0 });
    await set({ failures: 3, restsUntil: hoursAgo(0.5) });
    expect(await told()).toMatchObject({ count: 1 });
    await set({ failures: 1, lastError: "429: too many" });
    expect(await told()).toMatchObject({ count: 0 });
    await set({ lastError: "401: wrong key" });
    expect(await told()).toMatchObject({ count: 1 });
    await changeProvider(id, wish, terminal);
    expect(await told()).toMatchObject({ count: 0 });
  });

  it("shows each role only what its pages show", async () => {
    expect(Object.keys(await needs(support))).toEqual(["pastDue", "tools", "mails", "reports", "welcomes"]);
    expect(await ask<TodayJson>("today", support)).not.toHaveProperty("moneyIn");
  });
});

describe("today", () => {
  it("stands beside the same weekday a week ago, up to the same hour, in the reader's zone", async () => {
    await db().update(users).set({ timeZone: "Asia/Shanghai" }).where(eq(users.id, owner.session.user.id));
    const { today, before } = await ask<TodayJson>("today");
    const length = ({ from, to }: TodayJson["today"]) => Date.parse(to) - Date.parse(from);
    expect(new Date(today.from).getUTCHours()).toBe(16);
    expect(Date.parse(today.from) - Date.parse(before.from)).toBe(7 * 24 * 3_600_000);
    expect(length(before)).toBe(length(today));
  });

  it("counts sign-ups, who ran something, and how the runs went", async () => {
    const { today, before } = await ask<TodayJson>("today");
    const [now, then] = [Date.parse(today.to), Date.parse(before.to)];
    const hours = (at: number) => (Date.now() - at) / 3_600_000;
    await db().delete(runs);
    await db()
      .insert(runs)
      .values([
        aRun(hours(now - 1), "succeeded", "ocr", "acct_1"),
        aRun(hours(now - 1), "failed", "ocr", "acct_1"),
        aRun(hours(then - 1), "succeeded", "ocr", "acct_2"),
        // Later on that day: not yet.
        aRun(hours(then + 60_000), "succeeded", "ocr", "acct_3"),
      ]);
    const { signUps, runs: ran } = await ask<TodayJson>("today");
    expect(signUps).toMatchObject({ today: 2, before: 0 });
    const headers = owner.headers;
    const listed = await api.request(`/api/v1/admin/runs?status=failed&tool=ocr&from=${today.from}`, {
      headers,
    });
    expect((await listed.json()).data).toMatchObject([{ tool: "ocr", status: "failed", seconds: 2 }]);
    expect(ran).toMatchObject({
      today: { customers: 1, succeeded: 1, failed: 1, p95Seconds: 2 },
      before: { customers: 1, succeeded: 1, failed: 0 },
    });
  });

  it("tells how long the API's slowest answers take", async () => {
    const { today } = await ask<TodayJson>("today");
    await db()
      .insert(responseTimes)
      .values({
        ...{ step: "hour", at: new Date(today.from), route: "/api/v1/runs", method: "GET", statusClass: 2 },
        ...{ requests: 100, b3: 90, b5: 10 },
      });
    const { api: answers } = await ask<TodayJson>("today");
    // Half of the fifth bucket, from 10 to 20 ms.
    expect(answers).toEqual({ state: "known", today: { p95Ms: 15 }, before: { p95Ms: null } });
  });

  it("loses one part when one cannot be read, and keeps the others", async () => {
    await db().execute(sql`alter table lot_payments rename to gone`);
    const found = await ask<TodayJson>("today").finally(() =>
      db().execute(sql`alter table gone rename to lot_payments`),
    );
    expect(found.credits).toEqual({ state: "unknown" });
    expect(found.signUps).toMatchObject({ state: "known" });
    expect((await ask<TodayJson>("today")).credits).toMatchObject({
      ...{ state: "known", today: { sold: 0, used: 0, expired: 0, outstanding: 0 } },
    });
  });
});

function ageHours(found: NeedJson["found"] | undefined): number {
  if (found?.state !== "known" || !found.oldestAt) return Number.NaN;
  return (Date.now() - Date.parse(found.oldestAt)) / 3_600_000;
}
