import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { listEntries } from "#ledger";
import { db } from "#platform/db";
import { freeRefills, mails, trials } from "#schema";
import { runJobs, skipPauses, testDatabase } from "#test";
import { beginCheckout, cancelSubscription, changePlan, readCheckout, tasks } from "./index";
import { aPlan, type Customer, day, hour, pay, sandboxSite } from "./sandbox.fixture";

/** Trials, bought on the hosted page and lived through on a test clock. Each person here has a card of their own. */

testDatabase();
const site = sandboxSite();

const cards = {
  visa: "4242424242424242",
  mastercard: "5555555555554444",
  amex: "378282246310005",
  fails: "4000000000000341",
  secure: "4000002500003155",
  other: "4000000000000259",
};
const now = () => Math.floor(Date.now() / 1000);

async function charged({ stripeId }: Customer): Promise<number> {
  const { data } = await site.stripe.charges.list({ customer: stripeId });
  return data.reduce((sum, { amount_captured }) => sum + amount_captured, 0);
}

describe("a trial", () => {
  it("gives its credits at once, charges when it ends, and goes on with the plan's credits", async () => {
    const ada = await site.aCustomer();
    await ada.buy(aPlan("pro"), cards.visa);
    const bought = await readCheckout(ada.accountId, await ada.session());
    expect(bought).toMatchObject({ state: "done", creditsAdded: 200n });
    expect(await ada.overview()).toMatchObject({
      plan: { id: "pro" },
      trial: { state: "running", credits: 200n },
      next: [{ kind: "trial_end", charge: { amountCents: 1_200 } }],
    });
    expect(await charged(ada)).toBe(0);
    // What it links to: no invoice, for nothing was paid.
    expect((await listEntries(db(), ada.accountId, { limit: 1 })).entries).toMatchObject([
      { cause: "trial", reference: { type: "subscription", id: (await ada.overview()).subscription?.id } },
    ]);
    const end = await ada.periodEnd();
    await ada.goTo(end - 2 * day);
    const soon = eq(mails.key, `trial-ending:${(await ada.overview()).subscription?.id}`);
    expect(await db().select().from(mails).where(soon)).toHaveLength(1);
    // Until the first payment is collected, nobody runs dry.
    await ada.goTo(end + hour / 2);
    expect([await ada.planId(), await ada.available()]).toEqual(["pro", 200n]);
    await ada.goTo(end + 8 * hour);
    expect([await ada.planId(), await ada.available()]).toEqual(["pro", 1_000n]);
    expect(await charged(ada)).toBe(1_200);
    expect((await ada.overview()).trial.state).toBe("used");
  });

  it("with a card that had one elsewhere is ended before anything is charged, and says why", async () => {
    const [ada, eve] = [await site.aCustomer(), await site.aCustomer()];
    await ada.buy(aPlan("pro"), cards.mastercard);
    await eve.buy(aPlan("pro"), cards.mastercard);
    expect([await ada.available(), await eve.available()]).toEqual([200n, 0n]);
    expect(await eve.planId()).toBe("free");
    expect(await readCheckout(eve.accountId, await eve.session())).toMatchObject({
      state: "failed",
      reason: "trial_used",
    });
    const [letter] = await db().select().from(mails).where(eq(mails.kind, "billing.trialRefused"));
    expect(letter?.key).toMatch(/^trial-refused:sub_/);
    // The way on: the same plan, without a trial.
    expect((await eve.overview()).trial.state).toBe("used");
    await eve.buy(aPlan("pro"), cards.mastercard);
    expect([await eve.planId(), await eve.available()]).toEqual(["pro", 1_000n]);
    expect(await charged(eve)).toBe(1_200);
  });

  it("of two that begin at once with one card is given to one", async () => {
    const [ada, eve] = [await site.aCustomer(), await site.aCustomer()];
    site.sandbox.control.holdEvents();
    for (const one of [ada, eve]) {
      await pay(await beginCheckout(one.accountId, aPlan("pro"), "k1"), { number: cards.amex });
    }
    site.sandbox.control.releaseEvents();
    await site.sandbox.settled();
    const system = tasks.system ?? {};
    await Promise.all([runJobs(system), runJobs(system), runJobs(system)]);
    await skipPauses();
    await site.catchUp();
    const given = [await ada.available(), await eve.available()].sort();
    expect(given).toEqual([0n, 200n]);
  });

  it("is offered once to an account, however often it is cancelled", async () => {
    const ada = await site.aCustomer();
    const nextAt = new Date((now() + 40 * day) * 1000);
    await db().insert(freeRefills).values({ accountId: ada.accountId, anchor: nextAt, nextAt });
    await ada.buy(aPlan("pro"), cards.other);
    await cancelSubscription(ada.accountId);
    // Free's own credits are told of once the account is on Free.
    expect(await ada.overview()).toMatchObject({
      ...{ plan: { id: "pro" }, pendingChange: { kind: "cancel" } },
      next: [{ kind: "cancellation" }],
    });
    await ada.goTo((await ada.periodEnd()) + 8 * hour);
    expect((await ada.overview()).next).toMatchObject([{ kind: "refill", at: nextAt, credits: 50n }]);
    expect([await ada.planId(), await ada.available()]).toEqual(["free", 0n]);
    expect(await charged(ada)).toBe(0);
    await ada.buy(aPlan("pro"), cards.visa);
    expect((await ada.overview()).subscription).toMatchObject({ status: "active", trialEnd: null });
    expect(await charged(ada)).toBe(1_200);
  });

  it("with a card whose bank asks begins when it is confirmed, and pays by itself when it ends", async () => {
    const ada = await site.aCustomer();
    await ada.buy(aPlan("pro"), cards.secure);
    expect([await ada.planId(), await ada.available()]).toEqual(["pro", 200n]);
    await ada.goTo((await ada.periodEnd()) + 8 * hour);
    expect(await ada.available()).toBe(1_000n);
  });

  it("whose first payment fails keeps the plan for its grace, without credits, and then is Free", async () => {
    const ada = await site.aCustomer();
    await ada.buy(aPlan("pro"), cards.fails);
    expect(await ada.available()).toBe(200n);
    const end = await ada.periodEnd();
    await ada.goTo(end + 8 * hour);
    expect([await ada.planId(), await ada.available()]).toEqual(["pro", 0n]);
    expect((await ada.overview()).pastDue).toMatchObject({ amountCents: 1_200 });
    await ada.goTo(end + 8 * day);
    expect(await ada.planId()).toBe("free");
  });

  it("of a year is changed to a month at its end, with nothing paid before", async () => {
    const ada = await site.aCustomer();
    await forget(cards.visa);
    await ada.buy(aPlan("pro", "year"), cards.visa);
    const month = { planId: "pro", interval: "month" } as const;
    expect(await changePlan(ada.accountId, month, "c1")).toMatchObject({ state: "scheduled" });
    expect((await ada.overview()).subscription).toMatchObject({ status: "trialing" });
    await ada.goTo((await ada.periodEnd()) + 8 * hour);
    expect([await ada.planId(), await ada.available()]).toEqual(["pro", 1_000n]);
    expect(await charged(ada)).toBe(1_200);
  });

  it("is left for a larger plan at once: its time ends, the plan is paid, its credits stay", async () => {
    const ada = await site.aCustomer();
    await forget(cards.visa);
    await ada.buy(aPlan("pro"), cards.visa);
    await ada.goTo(now() + 2 * day);
    expect(await changePlan(ada.accountId, { planId: "premium", interval: "month" }, "c1")).toMatchObject({
      state: "done",
    });
    await site.catchUp();
    expect([await ada.planId(), await ada.available()]).toEqual(["premium", 4_200n]);
    expect(await charged(ada)).toBe(3_900);
  });
});

/** As if nobody had had a trial with this card. */
async function forget(number: string): Promise<void> {
  const card = { number, exp_month: 12, exp_year: 2034 };
  const { card: known } = await site.stripe.paymentMethods.create({ type: "card", card });
  await db()
    .delete(trials)
    .where(eq(trials.cardFingerprint, known?.fingerprint ?? ""));
}
