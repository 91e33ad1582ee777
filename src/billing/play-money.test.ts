import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readBalance } from "#ledger";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { type StripeSandbox, startStripeSandbox } from "#sandbox/stripe";
import { customers, invoices, lotPayments, topUps, trials } from "#schema";
import { testDatabase } from "#test";
import {
  beginCheckout,
  changeTopUp,
  checkAll,
  connectStripe,
  countOfOtherMode,
  countUnsynced,
  openPortal,
  syncCatalogue,
} from "./index";
import { aPlan, pack, sandboxSite } from "./sandbox.fixture";

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

describe("a site with customers who paid with real money, and test keys", () => {
  it("sells them nothing, touches nothing of theirs, and the check says how many it cannot look at", async () => {
    const ada = await site.aCustomer();
    use(live);
    await db().delete(customers).where(eq(customers.accountId, ada.accountId));
    await openPortal(ada.accountId, "/billing");
    const before = await ada.customer();
    expect(before?.livemode).toBe(true);
    use(site.sandbox);
    await syncCatalogue();
    await expect(beginCheckout(ada.accountId, pack, newId("checkout"))).rejects.toMatchObject({
      code: "payments_off",
    });
    expect((await checkAll()).unreached).toBeGreaterThan(0);
    expect(await ada.customer()).toEqual(before);
  });
});

describe("test keys of another account, or a sandbox that was begun anew", () => {
  it("make a customer anew, and the check sets aside whom they do not know", async () => {
    const [ada, eve] = [await tried(), await site.aCustomer()];
    await eve.buy(pack);
    use(elsewhere);
    await syncCatalogue();
    await beginCheckout(ada.accountId, pack, newId("checkout"));
    expect((await ada.customer())?.stripeId).not.toBe(ada.stripeId);
    const { setAside, differences } = await checkAll();
    expect([setAside, differences]).toEqual([1, []]);
    expect(await eve.customer()).toBeUndefined();
    expect((await readBalance(db(), eve.accountId)).available).toBe(500n);
  });
});
