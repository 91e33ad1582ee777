import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { charge, reconcile } from "#ledger";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { invoices } from "#schema";
import { testDatabase } from "#test";
import { beginCheckout, changePlan, readCheckout } from "./index";
import { aPlan, type Customer, hour, pack, sandboxSite } from "./sandbox.fixture";

/** Money that goes back: disputes and refunds as the sandbox makes them, event by event. */

testDatabase();
const site = sandboxSite();

async function lastCharge({ stripeId }: Customer): Promise<string> {
  const [found] = (await site.stripe.charges.list({ customer: stripeId, limit: 1 })).data;
  return found?.id ?? "";
}

const spend = ({ accountId }: Customer, credits: bigint) =>
  charge({ accountId, key: newId("run"), credits, cause: "test" });

describe("a dispute", () => {
  it("takes back what is unspent and stops purchases; lost, it stays so", async () => {
    const ada = await site.aCustomer();
    await ada.buy(pack);
    await spend(ada, 120n);
    const dispute = site.sandbox.control.openDispute(await lastCharge(ada));
    await site.catchUp();
    expect(await ada.available()).toBe(0n);
    expect(await ada.customer()).toMatchObject({ flag: "dispute" });
    const [open] = await db().select().from(invoices).where(eq(invoices.accountId, ada.accountId));
    expect(open).toMatchObject({
      dispute: "open",
    });
    expect((await ada.overview()).flagged).toBe(true);
    await expect(beginCheckout(ada.accountId, pack, "k2")).rejects.toMatchObject({ code: "account_flagged" });
    site.sandbox.control.closeDispute(dispute.id, "lost");
    await site.catchUp();
    expect(await ada.available()).toBe(0n);
    expect(await ada.customer()).toMatchObject({ flag: "dispute" });
    const [invoice] = await db().select().from(invoices).where(eq(invoices.accountId, ada.accountId));
    expect(invoice).toMatchObject({ dispute: "lost", refundedCents: 900 });
    expect(await reconcile(db())).toEqual([]);
  });

  it("that is won brings back what was taken, and no more", async () => {
    const ada = await site.aCustomer();
    await ada.buy(pack);
    await spend(ada, 120n);
    const dispute = site.sandbox.control.openDispute(await lastCharge(ada));
    await site.catchUp();
    site.sandbox.control.closeDispute(dispute.id, "won");
    await site.catchUp();
    expect(await ada.available()).toBe(380n);
    expect(await ada.customer()).toMatchObject({ flag: null });
    await ada.buy(pack);
    expect(await ada.available()).toBe(880n);
  });

  it("by the card that disputes what it has paid is noticed as it comes", async () => {
    const ada = await site.aCustomer();
    await ada.buy(pack, "4000000000000259");
    expect(await ada.available()).toBe(0n);
    expect(await ada.customer()).toMatchObject({ flag: "dispute" });
    expect(await readCheckout(ada.accountId, await ada.session())).toMatchObject({ creditsAdded: 0n });
  });

  it("of a year takes back every month of it that was given, and gives none while it is open", async () => {
    const ada = await site.aSubscriber("plan:pro:year:usd");
    const start = Math.floor(((await ada.overview()).subscription?.periodStart.getTime() ?? 0) / 1000);
    await ada.goTo(start + 31 * 24 * hour + 8 * hour);
    expect(await ada.granted()).toHaveLength(2);
    const before = await ada.available();
    const dispute = site.sandbox.control.openDispute(await lastCharge(ada));
    await site.catchUp();
    await ada.goTo(start + 62 * 24 * hour + 8 * hour);
    expect(await ada.granted()).toHaveLength(2);
    expect(await ada.available()).toBeLessThan(before);
    site.sandbox.control.closeDispute(dispute.id, "won");
    await site.catchUp();
    expect(await ada.available()).toBeGreaterThanOrEqual(1_000n);
    expect(await reconcile(db())).toEqual([]);
  });
});

describe("a refund", () => {
  it("of a part takes that share, the rest takes the rest, and what was spent marks the account", async () => {
    const ada = await site.aCustomer();
    await ada.buy(pack);
    const refund = (amount: number) =>
      lastCharge(ada).then((id) => site.stripe.refunds.create({ charge: id, amount }));
    await refund(300);
    await site.catchUp();
    expect(await ada.available()).toBe(334n);
    await spend(ada, 100n);
    await refund(600);
    await site.catchUp();
    expect(await ada.available()).toBe(0n);
    expect(await ada.customer()).toMatchObject({ flag: "refund" });
    // It is no dispute: the customer may go on buying.
    await ada.buy(pack);
    expect(await ada.available()).toBe(500n);
  });

  it("of an upgrade takes the upgrade's credits and leaves the plan's", async () => {
    const ada = await site.aSubscriber("plan:pro:month:usd");
    await changePlan(ada.accountId, { planId: "premium", interval: "month" }, "c1");
    await site.catchUp();
    expect(await ada.available()).toBe(4_000n);
    await site.stripe.refunds.create({ charge: await lastCharge(ada) });
    await site.catchUp();
    expect(await ada.available()).toBe(1_000n);
  });

  it("of a plan leaves packs alone", async () => {
    const ada = await site.aCustomer();
    await ada.buy(aPlan("premium"));
    const plan = await lastCharge(ada);
    await ada.buy(pack);
    await site.stripe.refunds.create({ charge: plan });
    await site.catchUp();
    expect(await ada.available()).toBe(500n);
  });
});
