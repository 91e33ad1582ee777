import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { readBalance } from "#ledger";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { log } from "#platform/log";
import { type StripeSandbox, startStripeSandbox } from "#sandbox/stripe";
import { checkouts, customers, invoices, lotPayments, stripeEvents, topUps, trials } from "#schema";
import { testDatabase } from "#test";
import {
  beginCheckout,
  cancelSubscription,
  changePlan,
  changeTopUp,
  checkAll,
  connectStripe,
  countOfOtherMode,
  countUnknown,
  countUnsynced,
  resumeSubscription,
  syncCatalogue,
  tasks,
} from "./index";
import { forget } from "./play-money";
import { aPlan, type Customer, pack, pay, sandboxSite } from "./sandbox.fixture";

/** A site that was tried with test keys, and then gets live ones, or those of another test account. */

testDatabase();
const site = sandboxSite();
const webhookSecret = "whsec_test";
let live: StripeSandbox;
let elsewhere: StripeSandbox;

beforeAll(async () => {
  live = await startStripeSandbox({ secretKey: "sk_live_sandbox", seed: "live" });
  elsewhere = await startStripeSandbox({ seed: "elsewhere" });
});
afterAll(async () => {
  await live.stop();
  await elsewhere.stop();
});

const use = ({ url, secretKey }: StripeSandbox) => connectStripe({ url, secretKey, webhookSecret });
const limited = { enabled: true, thresholdCredits: 10, packId: "small", monthlyLimitCents: 4_500 } as const;

/** Somebody with a trial, a pack and auto top-up, all of it in test mode. */
async function tried() {
  use(site.sandbox);
  await syncCatalogue();
  const ada = await site.aCustomer();
  await ada.buy(aPlan("pro"));
  await ada.buy(pack);
  await changeTopUp(ada.accountId, { ...limited, currency: "usd" });
  expect([await ada.planId(), await ada.available()]).toEqual(["pro", 700n]);
  return ada;
}

describe("a site that gets live keys after test keys", () => {
  it("tells which prices and customers are of test mode, and `stripe sync` sets them aside: plans end, credits stay", async () => {
    const ada = await tried();
    use(live);
    expect([await countUnsynced(), await countOfOtherMode()]).toEqual([45, 1]);
    const { created, setAside } = await syncCatalogue();
    expect([created.length, setAside]).toEqual([45, 1]);
    expect([await countUnsynced(), await countOfOtherMode()]).toEqual([0, 0]);
    expect([await ada.planId(), await ada.available()]).toEqual(["free", 700n]);
    expect(await ada.overview()).toMatchObject({
      ...{ subscription: null, card: null, topUp: { settings: null } },
      trial: { state: "available" },
    });
    for (const table of [customers, invoices, lotPayments, topUps, trials]) {
      expect(await db().$count(table, eq(table.accountId, ada.accountId))).toBe(0);
    }
  });

  it("makes a customer anew at the next checkout, whose look at Stripe finds nothing amiss", async () => {
    const ada = await tried();
    use(live);
    const begin = () => beginCheckout(ada.accountId, aPlan("pro"), newId("checkout"));
    // Until `stripe sync` has brought the prices.
    await expect(begin()).rejects.toMatchObject({ code: "payments_off" });
    const customer = await ada.customer();
    expect(customer?.livemode).toBe(true);
    expect(customer?.stripeId).not.toBe(ada.stripeId);
    await syncCatalogue();
    await begin();
    expect(await checkAll()).toMatchObject({ differences: [], setAside: 0, unreached: 0 });
    expect((await ada.customer())?.stripeId).toBe(customer?.stripeId);
    expect(await ada.available()).toBe(700n);
  });
});

describe("customers of a mode that nobody knows, on a site with live keys that do not know them", () => {
  const modeUnknown = async ({ accountId, stripeId }: Customer) => {
    await db().update(customers).set({ livemode: null }).where(eq(customers.accountId, accountId));
    await db().delete(stripeEvents).where(eq(stripeEvents.stripeCustomerId, stripeId));
  };

  it("are forgotten when they have paid nothing, and only told of when they have", async () => {
    const [ada, eve] = [await tried(), await site.aCustomer()];
    await site.catchUp();
    await modeUnknown(ada);
    await modeUnknown(eve);
    use(live);
    await syncCatalogue();
    expect([await countOfOtherMode(), await countUnknown()]).toEqual([0, 2]);
    expect(await checkAll()).toMatchObject({ setAside: 1, unknown: 1, unreached: 0 });
    expect(await eve.customer()).toBeUndefined();
    expect([(await ada.customer())?.stripeId, await ada.planId()]).toEqual([ada.stripeId, "pro"]);
    expect(await countUnknown()).toBe(1);
    await db().update(customers).set({ livemode: false }).where(eq(customers.accountId, ada.accountId));
    expect(await checkAll()).toMatchObject({ setAside: 1, unknown: 0 });
  });

  it("are known again by the events that told of them", async () => {
    const ada = await tried();
    await db().update(customers).set({ livemode: null }).where(eq(customers.accountId, ada.accountId));
    use(live);
    expect(await checkAll()).toMatchObject({ setAside: 1, unknown: 0 });
    expect([await ada.customer(), await ada.planId()]).toEqual([undefined, "free"]);
  });
});

describe("a site with customers who paid with real money, and test keys", () => {
  it("sells them nothing, touches nothing of theirs, and the check says how many it cannot look at", async () => {
    const ada = await site.aCustomer();
    use(live);
    await db().delete(customers).where(eq(customers.accountId, ada.accountId));
    await syncCatalogue();
    await pay(await beginCheckout(ada.accountId, aPlan("premium"), newId("checkout")));
    await checkAll();
    expect(await ada.planId()).toBe("premium");
    const before = await ada.customer();
    expect(before?.livemode).toBe(true);
    use(site.sandbox);
    await syncCatalogue();
    await expect(beginCheckout(ada.accountId, pack, newId("checkout"))).rejects.toMatchObject({
      code: "payments_off",
    });
    for (const act of [
      () => changePlan(ada.accountId, { planId: "pro", interval: "month" }, "c1"),
      () => cancelSubscription(ada.accountId),
      () => resumeSubscription(ada.accountId),
    ]) {
      await expect(act()).rejects.toMatchObject({ code: "payments_off" });
    }
    expect((await checkAll()).unreached).toBeGreaterThan(0);
    expect(await ada.customer()).toEqual(before);
    // At night nobody reads what the check answers.
    const told = vi.spyOn(log(), "error");
    await tasks.system?.["billing.check"]?.({}, Object.create(null));
    expect(told).toHaveBeenCalledWith(
      { customers: expect.any(Number) },
      expect.stringContaining("real money"),
    );
    told.mockRestore();
  });
});

describe("test keys of another account, or a sandbox that was begun anew", () => {
  it("make a customer anew, and the check sets aside whom they do not know", async () => {
    const [ada, eve] = [await tried(), await site.aCustomer()];
    await eve.buy(pack);
    use(elsewhere);
    await syncCatalogue();
    await beginCheckout(ada.accountId, pack, newId("checkout"));
    const anew = await ada.customer();
    expect(anew?.stripeId).not.toBe(ada.stripeId);
    // Another tab that judged the old customer at the same time takes nothing of the new one's.
    expect(await forget(ada)).toBe(false);
    expect(await ada.customer()).toEqual(anew);
    expect(await db().$count(checkouts, eq(checkouts.accountId, ada.accountId))).toBe(1);
    const { setAside, differences } = await checkAll();
    expect([setAside, differences]).toEqual([1, []]);
    expect(await eve.customer()).toBeUndefined();
    expect((await readBalance(db(), eve.accountId)).available).toBe(500n);
  });
});
