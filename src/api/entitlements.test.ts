import { randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import sharp from "sharp";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { seed } from "#billing/catalogue";
import { stopLedger } from "#ledger";
import { announced } from "#platform/changes";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { customers, prices, runs, subscriptions } from "#schema";
import { testDatabase, testFolder } from "#test";
import { api } from "./app";
import { aUser, type TestUser } from "./test-caller";
import { begun, fund, refused, start } from "./test-tools";

testDatabase();
testFolder();

let ada: TestUser;
const day = 86_400_000;

beforeEach(async () => {
  ada = await aUser("ada");
  await fund(ada, 100n);
});

afterAll(async () => {
  await announced();
  await stopLedger();
});

const free = { tools: "all", concurrentRuns: 1, fileMb: 1, retentionDays: 200, priority: 7 };

/** Ada pays for a plan that allows this, as Stripe's last word says. */
async function subscribed(entitlements: object, status = "active", pastDueSince: Date | null = null) {
  const { accountId } = ada.session;
  const id = newId("price");
  await db()
    .insert(prices)
    .values({
      ...{ id, kind: "plan", planId: "pro", interval: "month", currency: "usd", onSale: false },
      ...{ amountCents: 1_200, lookupKey: id, credits: 1_000n, entitlements },
    });
  await db().insert(customers).values({ accountId }).onConflictDoNothing();
  await db()
    .insert(subscriptions)
    .values({
      ...{ id: newId("request"), accountId, priceId: id, itemId: "si_1", status, pastDueSince },
      ...{ periodStart: new Date(), periodEnd: new Date(Date.now() + 30 * day), createdAt: new Date() },
    });
}

describe("what the plan allows is enforced where a run is made", () => {
  it("how many run at once: Free's without a subscription", async () => {
    const most = seed.plans[0]?.entitlements.concurrentRuns ?? 0;
    for (let count = 0; count < most; count++) await begun(ada, { input: { text: "x", price: 1 } });
    expect(await refused(start(ada, { input: { text: "x", price: 1 } }))).toEqual([429, "rate_limited"]);
  });

  it("how many run at once, how long results are kept, and who goes first: the price's", async () => {
    await subscribed({ ...free, concurrentRuns: 6 });
    const first = await begun(ada, { input: { text: "x", price: 1 } });
    for (let count = 1; count < 6; count++) await begun(ada, { input: { text: "x", price: 1 } });
    expect(await refused(start(ada, { input: { text: "x", price: 1 } }))).toEqual([429, "rate_limited"]);
    const [row] = await db().select().from(runs).where(sql`${runs.id} = ${first.id}`);
    expect(Math.round(((row?.expiresAt.getTime() ?? 0) - Date.now()) / day)).toBe(200);
    const { rows } = await db().execute<{ priority: number }>(
      sql`select priority from graphile_worker.jobs where key = ${first.id}`,
    );
    expect(rows).toEqual([{ priority: 7 }]);
  });

  it("which tools may be run", async () => {
    await subscribed({ ...free, concurrentRuns: 6, tools: ["test-stream"] });
    expect(await refused(start(ada, { input: { text: "x" } }))).toEqual([403, "plan_required"]);
    expect((await start(ada, { tool: "test-stream", input: { text: "x" } })).status).toBe(201);
  });

  it("how large a file may be, also one that was uploaded under a larger plan", async () => {
    const noise = sharp(randomBytes(40 * 40 * 3), { raw: { width: 40, height: 40, channels: 3 } });
    const file = new File([new Uint8Array(await noise.png().toBuffer())], "noise.png", { type: "image/png" });
    const upload = () => {
      const body = new FormData();
      body.set("file", file);
      const headers = { ...ada.headers, "idempotency-key": newId("request") };
      return api.request("/api/v1/uploads", { method: "POST", body, headers });
    };
    const { id } = await (await upload()).json();
    await subscribed({ ...free, fileMb: 0.001 });
    expect(await refused(await upload())).toEqual([413, "upload_too_large"]);
    const run = start(ada, { tool: "test-picture", input: { images: [id] } });
    expect(await refused(await run)).toEqual([413, "upload_too_large"]);
  });

  it.each([
    ["past_due", new Date(Date.now() - day), 201],
    ["past_due", new Date(Date.now() - 30 * day), 429],
    ["unpaid", null, 429],
    ["canceled", null, 429],
    ["incomplete", null, 429],
  ])("a plan that is %s since %s answers %i", async (status, since, expected) => {
    // Free allows every tool, so what tells them apart is a plan that allows more at once.
    await subscribed({ ...free, concurrentRuns: 6 }, status, since);
    for (let count = 0; count < 5; count++) await begun(ada, { input: { text: "x", price: 1 } });
    const answer = await start(ada, { input: { text: "x", price: 1 } });
    expect(answer.status).toBe(expected);
  });
});
