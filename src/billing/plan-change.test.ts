import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { db } from "#platform/db";
import { invoices, subscriptions } from "#schema";
import { testDatabase } from "#test";
import { cancelSubscription, changePlan, openPortal, previewChange, resumeSubscription } from "./index";
import { aPlan, type Customer, day, hour, pack, pay, post, sandboxSite } from "./sandbox.fixture";

/** Changes of a plan, driven through the sandbox on a test clock: when they happen, and what they cost. */

testDatabase();
const site = sandboxSite();

const pro = { planId: "pro", interval: "month" } as const;
const premium = { planId: "premium", interval: "month" } as const;
const enterprise = { planId: "enterprise", interval: "month" } as const;

/** After the renewal at the end of what is paid for was collected. */
async function nextPeriod(ada: Customer): Promise<void> {
  await ada.goTo((await ada.periodEnd()) + 8 * hour);
}

async function invoicesOf({ accountId }: Customer) {
  return db().select().from(invoices).where(eq(invoices.accountId, accountId)).orderBy(invoices.createdAt);
}

describe("a downgrade", () => {
  it("waits for the period's end, takes nothing, and is billed from then on", async () => {
    const ada = await site.aSubscriber("plan:premium:month:usd");
    const end = await ada.periodEnd();
    const preview = await previewChange(ada.accountId, pro);
    expect(preview).toMatchObject({ kind: "downgrade", dueNowCents: 0, creditsNow: 0n });
    expect(preview.effectiveAt.getTime()).toBe(end * 1000);
    expect(await changePlan(ada.accountId, pro, "c1")).toEqual({ state: "scheduled", payUrl: null });
    expect(await ada.overview()).toMatchObject({
      plan: { id: "premium" },
      pendingChange: { kind: "downgrade", price: { planId: "pro" } },
      nextCharge: { amountCents: 1_200 },
    });
    expect(await ada.available()).toBe(4_000n);
    await ada.goTo(end - hour);
    expect(await ada.planId()).toBe("premium");
    await nextPeriod(ada);
    expect(await ada.planId()).toBe("pro");
    // Pro's own 1,000, and of what was left as much as Pro carries over.
    expect(await ada.available()).toBe(2_000n);
    expect((await invoicesOf(ada)).map(({ totalCents }) => totalCents)).toEqual([3_900, 1_200]);
    expect((await ada.overview()).pendingChange).toBeNull();
  });

  it("can be followed by another, and by an upgrade", async () => {
    const ada = await site.aSubscriber("plan:enterprise:month:usd");
    await changePlan(ada.accountId, premium, "c1");
    await nextPeriod(ada);
    await changePlan(ada.accountId, pro, "c2");
    expect((await ada.overview()).pendingChange).toMatchObject({ price: { planId: "pro" } });
    await nextPeriod(ada);
    expect(await ada.planId()).toBe("pro");
    expect(await changePlan(ada.accountId, premium, "c3")).toMatchObject({ state: "done" });
    await nextPeriod(ada);
    expect(await ada.planId()).toBe("premium");
    expect((await invoicesOf(ada)).at(-1)?.totalCents).toBe(3_900);
  });

  it("from a year to a month waits for the year's end", async () => {
    const ada = await site.aSubscriber("plan:pro:year:usd");
    const end = await ada.periodEnd();
    expect(await changePlan(ada.accountId, pro, "c1")).toMatchObject({ state: "scheduled" });
    await ada.goTo(end + 8 * hour);
    expect((await ada.overview()).subscription).toMatchObject({
      status: "active",
      price: { interval: "month" },
    });
    expect((await invoicesOf(ada)).map(({ totalCents }) => totalCents)).toEqual([12_000, 1_200]);
  });

  it("is taken back, and then the plan renews as it was", async () => {
    const ada = await site.aSubscriber("plan:premium:month:usd");
    await changePlan(ada.accountId, pro, "c1");
    await expect(changePlan(ada.accountId, enterprise, "c2")).rejects.toMatchObject({
      code: "change_pending",
    });
    await resumeSubscription(ada.accountId);
    expect((await ada.overview()).pendingChange).toBeNull();
    await nextPeriod(ada);
    expect(await ada.planId()).toBe("premium");
    expect((await invoicesOf(ada)).map(({ totalCents }) => totalCents)).toEqual([3_900, 3_900]);
  });

  it("gives way to a cancellation", async () => {
    const ada = await site.aSubscriber("plan:premium:month:usd");
    await changePlan(ada.accountId, pro, "c1");
    await cancelSubscription(ada.accountId);
    expect(await ada.overview()).toMatchObject({ pendingChange: { kind: "cancel" }, nextCharge: null });
    await nextPeriod(ada);
    expect(await ada.planId()).toBe("free");
    expect(await invoicesOf(ada)).toHaveLength(1);
  });
});

describe("a cancellation", () => {
  it("ends the plan when what was paid ends; packs stay", async () => {
    const ada = await site.aSubscriber("plan:premium:month:usd");
    await ada.buy(pack);
    await cancelSubscription(ada.accountId);
    await ada.goTo((await ada.periodEnd()) - hour);
    expect([await ada.planId(), await ada.available()]).toEqual(["premium", 4_500n]);
    await ada.goTo((await ada.periodEnd()) + 8 * hour);
    expect([await ada.planId(), await ada.available()]).toEqual(["free", 500n]);
    expect(await ada.overview()).toMatchObject({ subscription: null, nextCharge: null, next: [] });
  });

  it("of a subscription that has ended in Stripe meanwhile is what was wanted", async () => {
    const ada = await site.aSubscriber("plan:premium:month:usd");
    site.sandbox.control.holdEvents();
    await site.stripe.subscriptions.cancel(ada.subscription);
    expect(await ada.planId()).toBe("premium");
    await cancelSubscription(ada.accountId);
    expect(await ada.planId()).toBe("free");
    site.sandbox.control.releaseEvents();
    await site.catchUp();
  });

  it("that is taken back lets the plan renew", async () => {
    const ada = await site.aSubscriber("plan:premium:month:usd");
    await cancelSubscription(ada.accountId);
    await resumeSubscription(ada.accountId);
    await nextPeriod(ada);
    expect(await ada.planId()).toBe("premium");
    expect(await invoicesOf(ada)).toHaveLength(2);
  });

  it("on a day of Stripe's dashboard is shown with that day, and can be taken back", async () => {
    const ada = await site.aSubscriber("plan:premium:year:usd");
    const at = Math.floor(Date.now() / 1000) + 40 * day;
    await site.stripe.subscriptions.update(ada.subscription, { cancel_at: at });
    await site.catchUp();
    const { pendingChange } = await ada.overview();
    expect(pendingChange).toMatchObject({ kind: "cancel" });
    expect(pendingChange?.at?.getTime()).toBe(at * 1000);
    await resumeSubscription(ada.accountId);
    expect((await ada.overview()).pendingChange).toBeNull();
    expect((await site.stripe.subscriptions.retrieve(ada.subscription)).cancel_at).toBeNull();
  });
});

describe("in Stripe's portal", () => {
  it("cancelling and keeping the plan are noticed", async () => {
    const ada = await site.aSubscriber("plan:premium:month:usd");
    const portal = await openPortal(ada.accountId, "/billing");
    await post(portal, { action: "cancel", subject: ada.subscription });
    await site.catchUp();
    expect((await ada.overview()).pendingChange).toMatchObject({ kind: "cancel" });
    await post(portal, { action: "resume", subject: ada.subscription });
    await site.catchUp();
    expect(await ada.overview()).toMatchObject({ pendingChange: null, nextCharge: { amountCents: 3_900 } });
  });

  it("a cancellation at once ends the access; what was paid for stays to be spent", async () => {
    const ada = await site.aSubscriber("plan:premium:month:usd");
    await site.stripe.subscriptions.cancel(ada.subscription);
    await site.catchUp();
    expect([await ada.planId(), await ada.available()]).toEqual(["free", 4_000n]);
    expect((await ada.overview()).subscription).toBeNull();
  });

  it("another card is the one that pays from then on", async () => {
    const ada = await site.aCustomer();
    await ada.buy(aPlan("premium"));
    expect((await ada.overview()).card).toMatchObject({ last4: "4242" });
    await pay(await openPortal(ada.accountId, "/billing"), { number: "5555555555554444", action: "card" });
    await site.catchUp();
    expect((await ada.overview()).card).toMatchObject({ brand: "mastercard", last4: "4444" });
    await nextPeriod(ada);
    const [charge] = (await site.stripe.charges.list({ customer: ada.stripeId, limit: 1 })).data;
    expect(charge?.payment_method_details?.card?.last4).toBe("4444");
  });
});

describe("an upgrade", () => {
  /** Somebody on Premium whose card is then another. */
  async function withCard(card: string) {
    const ada = await site.aSubscriber("plan:premium:month:usd");
    await ada.setCard(card);
    await ada.goTo(Math.floor(Date.now() / 1000) + 10 * day);
    return ada;
  }

  it("whose payment fails leaves plan and credits as they were, and owes nothing", async () => {
    const ada = await withCard("pm_card_chargeCustomerFail");
    await expect(changePlan(ada.accountId, enterprise, "c1")).rejects.toMatchObject({
      code: "payment_failed",
      facts: { reason: "generic_decline" },
    });
    await site.catchUp();
    expect([await ada.planId(), await ada.available()]).toEqual(["premium", 4_000n]);
    expect(await ada.overview()).toMatchObject({ pendingChange: null, pastDue: null });
    expect((await invoicesOf(ada)).map(({ status }) => status)).toEqual(["paid", "void"]);
    // With another card it goes through, for what the preview says.
    await ada.setCard("pm_card_visa");
    const { dueNowCents, creditsNow } = await previewChange(ada.accountId, enterprise);
    expect(await changePlan(ada.accountId, enterprise, "c2")).toMatchObject({ state: "done" });
    await site.catchUp();
    expect([await ada.planId(), await ada.available()]).toEqual(["enterprise", 4_000n + creditsNow]);
    const totals = (await invoicesOf(ada))
      .filter(({ status }) => status === "paid")
      .map((one) => one.totalCents);
    expect(totals.sort((a, b) => a - b)).toEqual([3_900, dueNowCents]);
    await nextPeriod(ada);
    expect((await invoicesOf(ada)).at(-1)).toMatchObject({ status: "paid", totalCents: 19_900 });
  });

  it("without a card is refused for that, changes nothing, and goes through with another card", async () => {
    const ada = await site.aSubscriber("plan:premium:month:usd");
    for (const { id } of (await site.stripe.paymentMethods.list({ customer: ada.stripeId })).data)
      await site.stripe.paymentMethods.detach(id);
    await expect(changePlan(ada.accountId, enterprise, "c1")).rejects.toMatchObject({ code: "card_missing" });
    await site.catchUp();
    expect([await ada.planId(), await ada.available()]).toEqual(["premium", 4_000n]);
    await ada.setCard("pm_card_visa");
    expect(await changePlan(ada.accountId, enterprise, "c2")).toMatchObject({ state: "done" });
    expect(await ada.planId()).toBe("enterprise");
  });

  it("that the bank asks about waits for its page, and happens when it is confirmed there", async () => {
    const ada = await withCard("pm_card_threeDSecure2Required");
    const outcome = await changePlan(ada.accountId, enterprise, "c1");
    expect(outcome).toMatchObject({ state: "payment_needed", payUrl: expect.stringMatching(/^http/) });
    await site.catchUp();
    expect([await ada.planId(), await ada.available()]).toEqual(["premium", 4_000n]);
    expect((await ada.overview()).pendingChange).toMatchObject({
      kind: "upgrade_unpaid",
      price: { planId: "enterprise" },
      payUrl: outcome.payUrl,
    });
    expect((await pay(outcome.payUrl ?? "", { number: "4000000000003220" })).status).toBe(303);
    await site.catchUp();
    expect(await ada.planId()).toBe("enterprise");
    expect(await ada.available()).toBeGreaterThan(4_000n);
    expect((await ada.overview()).pendingChange).toBeNull();
  });

  it("that is not confirmed within a day lapses, and nothing is owed", async () => {
    const ada = await withCard("pm_card_threeDSecure2Required");
    const { payUrl } = await changePlan(ada.accountId, enterprise, "c1");
    expect((await pay(payUrl ?? "", { number: "4000000000003220", confirms: false })).status).toBe(422);
    await ada.goTo(Math.floor(Date.now() / 1000) + 11 * day + hour);
    expect([await ada.planId(), await ada.available()]).toEqual(["premium", 4_000n]);
    expect(await ada.overview()).toMatchObject({ pendingChange: null, pastDue: null });
    expect((await invoicesOf(ada)).map(({ status }) => status)).toEqual(["paid", "void"]);
  });

  it("that waits for the bank can be taken back", async () => {
    const ada = await withCard("pm_card_threeDSecure2Required");
    await changePlan(ada.accountId, enterprise, "c1");
    await resumeSubscription(ada.accountId);
    expect(await ada.overview()).toMatchObject({ plan: { id: "premium" }, pendingChange: null });
    expect((await invoicesOf(ada)).map(({ status }) => status)).toEqual(["paid", "void"]);
  });

  it("asked twice with the same key is charged once", async () => {
    const ada = await site.aSubscriber("plan:pro:month:usd");
    const twice = [changePlan(ada.accountId, premium, "c1"), changePlan(ada.accountId, premium, "c1")];
    await Promise.allSettled(twice);
    await site.catchUp();
    expect(await invoicesOf(ada)).toHaveLength(2);
    expect(await ada.planId()).toBe("premium");
  });

  it("in the second in which the plan was bought takes nothing that was paid for", async () => {
    const ada = await site.aSubscriber("plan:pro:month:usd");
    await changePlan(ada.accountId, premium, "c1");
    await site.catchUp();
    expect(await ada.available()).toBe(4_000n);
    expect((await ada.granted()).map(({ reversed }) => reversed)).toEqual([0n, 0n]);
  });

  it("from month to year gives the year's first month less what the month had given", async () => {
    const ada = await site.aSubscriber("plan:pro:month:usd");
    const wanted = { planId: "pro", interval: "year" } as const;
    const { creditsNow } = await previewChange(ada.accountId, wanted);
    await changePlan(ada.accountId, wanted, "c1");
    await site.catchUp();
    // The seconds since the preview are worth one credit at most.
    expect(Math.abs(Number((await ada.available()) - 1_000n - creditsNow))).toBeLessThanOrEqual(1);
    expect((await ada.overview()).subscription).toMatchObject({ price: { interval: "year" } });
    const [row] = await db().select().from(subscriptions).where(eq(subscriptions.accountId, ada.accountId));
    expect((row?.periodEnd.getTime() ?? 0) - Date.now()).toBeGreaterThan(360 * day * 1000);
  });
});
