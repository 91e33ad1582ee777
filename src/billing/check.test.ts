import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { prices, subscriptions } from "#schema";
import { testDatabase } from "#test";
import { checkAll, syncCatalogue } from "./index";
import { aPlan, hour, pack, sandboxSite } from "./sandbox.fixture";

/** What the operator runs, and the night: `ops stripe sync` and `ops stripe check`. */

testDatabase();
const site = sandboxSite({ synced: false });

describe("the catalogue in Stripe", () => {
  const key = "plan:premium:month:usd";

  it("comes there once; a changed price is replaced, and whoever pays the old one keeps what it promised", async () => {
    // As an earlier catalogue had it: cheaper, with fewer credits.
    const { id: product } = await site.stripe.products.create({ id: "toolmint_premium", name: "Premium" });
    const recurring = { interval: "month" } as const;
    const stripeOld = await site.stripe.prices.create({
      ...{ product, currency: "usd", unit_amount: 2_900, lookup_key: key, recurring },
    });
    const entitlements = { tools: "all", concurrentRuns: 9, fileMb: 9, retentionDays: 9, priority: 9 };
    await db()
      .insert(prices)
      .values({
        ...{ id: newId("price"), kind: "plan", planId: "premium", interval: "month", currency: "usd" },
        ...{ amountCents: 2_900, credits: 2_900n, lookupKey: key, stripePriceId: stripeOld.id, entitlements },
      });
    const ada = await site.aSubscriber(key);
    expect([await ada.planId(), await ada.available()]).toEqual(["premium", 2_900n]);

    const first = await syncCatalogue();
    expect(first.replaced).toEqual([key]);
    expect(first.created).toHaveLength(45);
    expect(await syncCatalogue()).toEqual({ replaced: [], created: [], failed: [], kept: 45, setAside: 0 });

    const [stripeNew] = (await site.stripe.prices.list({ lookup_keys: [key] })).data;
    expect(stripeNew).toMatchObject({ unit_amount: 3_900, active: true });
    expect(await site.stripe.prices.retrieve(stripeOld.id)).toMatchObject({
      active: false,
      unit_amount: 2_900,
    });
    expect(await db().select().from(prices).where(eq(prices.lookupKey, key))).toHaveLength(2);

    await ada.goTo((await ada.periodEnd()) + 8 * hour);
    expect(await ada.overview()).toMatchObject({
      plan: { id: "premium", entitlements: { concurrentRuns: 9 } },
      nextCharge: { amountCents: 2_900 },
    });
    expect((await ada.granted()).map(({ credits }) => credits)).toEqual([2_900n, 2_900n]);
    const eve = await site.aCustomer();
    await eve.buy(aPlan("premium"));
    expect(await eve.available()).toBe(4_000n);
  });

  it("comes back after somebody retired a price in Stripe's dashboard", async () => {
    const [price] = (await site.stripe.prices.list({ lookup_keys: ["pack:small:usd"] })).data;
    await site.stripe.prices.update(price?.id ?? "", { active: false });
    expect((await syncCatalogue()).created).toEqual(["pack:small:usd"]);
    expect(await syncCatalogue()).toMatchObject({ created: [], kept: 45 });
    const ada = await site.aCustomer();
    await ada.buy(pack);
    expect(await ada.available()).toBe(500n);
  });
});

describe("the comparison with Stripe", () => {
  beforeAll(() => syncCatalogue());

  it("finds what no event told, mends it, and then finds nothing", async () => {
    const ada = await site.aCustomer();
    await site.catchUp();
    site.sandbox.control.holdEvents();
    await ada.buy(aPlan("premium"));
    expect([await ada.planId(), await ada.available()]).toEqual(["free", 0n]);
    const { differences } = await checkAll();
    const mine = differences.filter(({ accountId }) => accountId === ada.accountId);
    expect(mine.map(({ what, before }) => [what, before])).toEqual([
      ["subscription", null],
      ["invoice", null],
      ["credits", null],
    ]);
    expect(mine.find(({ what }) => what === "credits")?.after).toBe("4000");
    expect([await ada.planId(), await ada.available()]).toEqual(["premium", 4_000n]);
    expect((await checkAll()).differences).toEqual([]);
    site.sandbox.control.releaseEvents({ order: "reverse", times: 2 });
    await site.catchUp();
    expect(await ada.available()).toBe(4_000n);
  });

  it("mends a row that somebody changed by hand, and one whose end was never told", async () => {
    const ada = await site.aSubscriber("plan:premium:month:usd");
    const mine = eq(subscriptions.accountId, ada.accountId);
    await db().update(subscriptions).set({ status: "canceled" }).where(mine);
    expect(await ada.planId()).toBe("free");
    expect((await checkAll()).differences).toMatchObject([
      {
        what: "subscription",
        before: expect.stringMatching(/^canceled/),
        after: expect.stringMatching(/^active/),
      },
    ]);
    expect(await ada.planId()).toBe("premium");
    site.sandbox.control.holdEvents();
    await site.stripe.subscriptions.cancel(ada.subscription);
    expect((await checkAll()).differences).toMatchObject([{ what: "subscription", id: ada.subscription }]);
    expect(await ada.planId()).toBe("free");
    site.sandbox.control.releaseEvents();
    await site.catchUp();
  });

  it("reports a customer that cannot be looked at, and goes on with the others", async () => {
    const [ada, eve] = [await site.aCustomer(), await site.aCustomer()];
    await site.stripe.customers.del(ada.stripeId);
    await site.catchUp();
    site.sandbox.control.holdEvents();
    await eve.buy(pack);
    const { customers, differences } = await checkAll();
    expect(customers).toBeGreaterThan(1);
    expect(differences.map(({ accountId }) => accountId)).toContain(eve.accountId);
    expect(await eve.available()).toBe(500n);
    site.sandbox.control.releaseEvents();
    await site.catchUp();
  });
});
