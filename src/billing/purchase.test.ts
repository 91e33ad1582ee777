import { and, eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { requireSession, updateProfile } from "#identity";
import { startSession } from "#identity/fixture";
import { readBalance } from "#ledger";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { accounts, checkouts, lotPayments, users } from "#schema";
import { testDatabase } from "#test";
import { findCustomer } from "./customer";
import {
  beginCheckout,
  cancelSubscription,
  changePlan,
  listInvoices,
  openPortal,
  previewChange,
  readCheckout,
  readOverview,
  resumeSubscription,
} from "./index";
import { aPlan, pack, pay, post, sandboxSite } from "./sandbox.fixture";

/** A customer buys on the sandbox's page, as they would on Stripe's; only its events tell us of it. */

testDatabase();

const site = sandboxSite();

let accountId: ReturnType<typeof newId<"account">>;

beforeEach(async () => {
  const userId = newId("user");
  accountId = newId("account");
  await db()
    .insert(users)
    .values({ id: userId, name: "Ada", email: `${userId}@example.com` });
  await db().insert(accounts).values({ id: accountId, ownerType: "user", ownerId: userId });
});

const premium = aPlan("premium");
const available = async () => (await readBalance(db(), accountId)).available;

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
    await site.catchUp();
    for (let look = 0; look < 3; look++) {
      const outcome = await readCheckout(accountId, await session());
      expect(outcome).toMatchObject({ state: "done", creditsAdded: 4_000n, returnTo: "/tools" });
      await site.catchUp();
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

  it("leaves a customer in Stripe whose language follows the site's, told by a job", async () => {
    await openPortal(accountId, "/billing");
    const languages = async () => {
      const { stripeId } = (await findCustomer(accountId)) ?? {};
      const known = await site.stripe.customers.retrieve(stripeId ?? "");
      return known.deleted ? [] : known.preferred_locales;
    };
    const [account] = await db().select().from(accounts).where(eq(accounts.id, accountId));
    const cookie = await startSession(`${account?.ownerId}`);
    const session = await requireSession(new Headers({ cookie }));
    await updateProfile(session, { locale: "zh" });
    expect(await languages()).toEqual(["en"]);
    await site.catchUp();
    expect(await languages()).toEqual(["zh"]);
  });

  it("of a pack grants when it is paid, and nothing after a declined card", async () => {
    const url = await beginCheckout(accountId, pack, "k1");
    expect((await pay(url, { number: "4000000000000002" })).status).toBe(422);
    await site.catchUp();
    expect(await available()).toBe(0n);
    await pay(url);
    await site.catchUp();
    expect(await available()).toBe(500n);
    expect((await readCheckout(accountId, await session())).state).toBe("done");
  });

  it("with a promotion code costs less and brings the same credits, also when nothing is left to pay", async () => {
    for (const [code, percent_off, wanted] of [
      ["HALF", 50, pack],
      ["TASTE", 100, pack],
      ["GIFT", 100, premium],
    ] as const) {
      const coupon = await site.stripe.coupons.create({ percent_off, duration: "once" });
      await site.stripe.promotionCodes.create({ promotion: { type: "coupon", coupon: coupon.id }, code });
      const url = await beginCheckout(accountId, wanted, code);
      await post(url, { action: "code", code });
      await pay(url);
      await site.catchUp();
    }
    const { invoices } = await listInvoices(accountId, { limit: 10 });
    expect(invoices.map(({ totalCents, credits }) => [totalCents, credits]).sort()).toEqual([
      [0, 4_000n],
      [0, 500n],
      [450, 500n],
    ]);
    expect(await available()).toBe(5_000n);
    // Revenue is deferred for what was paid, not for what it would have cost.
    const mine = await db().select().from(lotPayments).where(eq(lotPayments.accountId, accountId));
    expect(mine.map(({ amount }) => amount).sort()).toEqual([0n, 0n, 450n]);
  });

  it("closes the page for another plan that was begun before", async () => {
    const first = await beginCheckout(accountId, premium, "k1");
    const second = await beginCheckout(accountId, { ...premium, interval: "year" }, "k2");
    expect((await pay(first)).status).toBeGreaterThanOrEqual(400);
    await pay(second);
    await site.catchUp();
    expect((await readOverview(accountId)).subscription?.price.interval).toBe("year");
  });
});

describe("a page for another plan that Stripe does not know", () => {
  it("keeps nobody from buying, and is over", async () => {
    const ada = await site.aCustomer();
    await beginCheckout(ada.accountId, aPlan("pro"), newId("checkout"));
    const mine = eq(checkouts.accountId, ada.accountId);
    await db()
      .update(checkouts)
      .set({ sessionId: `cs_gone_${ada.accountId}` })
      .where(mine);
    await ada.buy(aPlan("premium"));
    expect(await ada.planId()).toBe("premium");
    expect(await db().$count(checkouts, and(mine, eq(checkouts.status, "expired")))).toBe(1);
  });
});

describe("a subscriber", () => {
  beforeEach(async () => {
    await pay(await beginCheckout(accountId, premium, "k1"));
    await site.catchUp();
  });

  it("upgrades at once, for what the preview said", async () => {
    const wanted = { planId: "enterprise", interval: "month" } as const;
    const preview = await previewChange(accountId, wanted);
    expect(preview.kind).toBe("upgrade");
    expect(preview.dueNowCents).toBeGreaterThan(15_000);
    expect(await changePlan(accountId, wanted, "c1")).toEqual({ state: "done", payUrl: null });
    await site.catchUp();
    expect((await readOverview(accountId)).plan.id).toBe("enterprise");
    // The invoice begins with what is given back of Premium.
    const { invoices } = await listInvoices(accountId, { limit: 2 });
    // Stripe tells their second: of two in one neither is the later.
    expect(invoices.map(({ planId }) => planId).toSorted()).toEqual(["enterprise", "premium"]);
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
