import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readBalance, stopLedger } from "#ledger";
import { announced } from "#platform/changes";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { type StripeSandbox, startStripeSandbox } from "#sandbox/stripe";
import { accounts, checkouts, users } from "#schema";
import { runJobs, testDatabase } from "#test";
import {
  beginCheckout,
  type CheckoutRequest,
  cancelSubscription,
  changePlan,
  connectStripe,
  openPortal,
  previewChange,
  readCheckout,
  readOverview,
  receiveEvent,
  resumeSubscription,
  syncCatalogue,
  tasks,
} from "./index";

/** A customer buys on the sandbox's page, as they would on Stripe's; only its events tell us of it. */

testDatabase();

const webhookSecret = "whsec_test";
const system = tasks.system ?? {};
let sandbox: StripeSandbox;
let receiver: Server;

beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    await receiveEvent(await text(request), `${request.headers["stripe-signature"]}`);
    response.end("{}");
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  sandbox = await startStripeSandbox({ webhook: { url, secret: webhookSecret } });
  connectStripe({ url: sandbox.url, secretKey: sandbox.secretKey, webhookSecret });
  await syncCatalogue();
});
afterAll(async () => {
  await announced();
  await sandbox.stop();
  receiver.closeAllConnections();
  receiver.close();
  await stopLedger();
});

let accountId: ReturnType<typeof newId<"account">>;

beforeEach(async () => {
  const userId = newId("user");
  accountId = newId("account");
  await db()
    .insert(users)
    .values({ id: userId, name: "Ada", email: `${userId}@example.com` });
  await db().insert(accounts).values({ id: accountId, ownerType: "user", ownerId: userId });
});

const premium: CheckoutRequest & { kind: "plan" } = {
  kind: "plan",
  planId: "premium",
  interval: "month",
  currency: "usd",
  returnTo: "/tools",
};
const pack: CheckoutRequest = { kind: "pack", packId: "small", currency: "usd", returnTo: "/tools" };
const available = async () => (await readBalance(db(), accountId)).available;

async function pay(url: string, number = "4242424242424242") {
  const fields = { action: "pay", email: "ada@example.com", expiry: "12 / 34", cvc: "123", number };
  return fetch(url, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
}

/** Everything sent so far arrives, and the worker does what there is to do. */
async function catchUp() {
  await sandbox.settled();
  await runJobs(system);
}

async function session(): Promise<string> {
  const rows = await db().select().from(checkouts).where(eq(checkouts.accountId, accountId));
  return rows.at(-1)?.sessionId ?? "";
}

describe("a purchase", () => {
  it("of a plan is open, then confirming, then done with its credits; looking again adds nothing", async () => {
    const url = await beginCheckout(accountId, premium, "k1");
    expect(await beginCheckout(accountId, premium, "k1")).toBe(url);
    expect((await readCheckout(accountId, await session())).state).toBe("open");
    expect((await pay(url)).headers.get("location")).toContain("/billing/return?session_id=cs_");
    await catchUp();
    for (let look = 0; look < 3; look++) {
      const outcome = await readCheckout(accountId, await session());
      expect(outcome).toMatchObject({ state: "done", creditsAdded: 4_000n, returnTo: "/tools" });
      await catchUp();
    }
    expect(await available()).toBe(4_000n);
    const overview = await readOverview(accountId);
    expect(overview).toMatchObject({
      plan: { id: "premium" },
      subscription: { status: "active" },
      nextCharge: { amountCents: 3_900, currency: "usd" },
      card: { last4: "4242" },
    });
    await expect(beginCheckout(accountId, premium, "k2")).rejects.toMatchObject({
      code: "already_subscribed",
    });
  });

  it("is made on a page in the customer's language, and so is the portal", async () => {
    const owner = sql`${users.id} = (select owner_id from accounts where id = ${accountId})`;
    await db().update(users).set({ locale: "zh" }).where(owner);
    for (const url of [await beginCheckout(accountId, pack, "k1"), await openPortal(accountId, "/billing")]) {
      expect(await (await fetch(url)).text()).toContain('lang="zh-Hans"');
    }
  });

  it("of a pack grants when it is paid, and nothing after a declined card", async () => {
    const url = await beginCheckout(accountId, pack, "k1");
    expect((await pay(url, "4000000000000002")).status).toBe(422);
    await catchUp();
    expect(await available()).toBe(0n);
    await pay(url);
    await catchUp();
    expect(await available()).toBe(500n);
    expect((await readCheckout(accountId, await session())).state).toBe("done");
  });

  it("closes the page for another plan that was begun before", async () => {
    const first = await beginCheckout(accountId, premium, "k1");
    const second = await beginCheckout(accountId, { ...premium, interval: "year" }, "k2");
    expect((await pay(first)).status).toBeGreaterThanOrEqual(400);
    await pay(second);
    await catchUp();
    expect((await readOverview(accountId)).subscription?.price.interval).toBe("year");
  });
});

describe("a subscriber", () => {
  beforeEach(async () => {
    await pay(await beginCheckout(accountId, premium, "k1"));
    await catchUp();
  });

  it("upgrades at once, for what the preview said", async () => {
    const wanted = { planId: "enterprise", interval: "month" } as const;
    const preview = await previewChange(accountId, wanted);
    expect(preview.kind).toBe("upgrade");
    expect(preview.dueNowCents).toBeGreaterThan(15_000);
    expect(await changePlan(accountId, wanted, "c1")).toEqual({ state: "done", payUrl: null });
    await catchUp();
    expect((await readOverview(accountId)).plan.id).toBe("enterprise");
    const balance = await available();
    expect(balance).toBeGreaterThan(24_900n);
    expect(balance).toBeLessThanOrEqual(25_001n);
  });

  it("cancels at the period's end, and resumes", async () => {
    await cancelSubscription(accountId);
    expect(await readOverview(accountId)).toMatchObject({
      ...{ plan: { id: "premium" }, nextCharge: null, pendingChange: { kind: "cancel" } },
    });
    await resumeSubscription(accountId);
    expect(await readOverview(accountId)).toMatchObject({ pendingChange: null, plan: { id: "premium" } });
    expect(await available()).toBe(4_000n);
  });
});
