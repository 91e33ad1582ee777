import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { db } from "#platform/db";
import { type Id, newId } from "#platform/id";
import { accounts, customers, prices, subscriptions } from "#schema";
import { testDatabase } from "#test";
import {
  givesPlan,
  graceDays,
  graceEnd,
  isStatus,
  liveStatuses,
  meanings,
  subscriptionStatuses,
  trialStatuses,
} from "./access";
import { seedPrices } from "./index";

testDatabase();

const now = new Date("2026-06-15T00:00:00Z");

async function addSubscription(
  accountId: Id<"account">,
  status: string,
  count: number,
  surplus: boolean,
): Promise<void> {
  const [price] = await db().select().from(prices).where(eq(prices.lookupKey, "plan:pro:month:usd"));
  if (!price) throw new Error("no price");
  await db()
    .insert(subscriptions)
    .values({
      ...{ id: `sub_${status}_${count}`, accountId, priceId: price.id, itemId: "si_1", status, surplus },
      ...{ periodStart: now, periodEnd: now, createdAt: now },
    });
}

const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);

describe("what a subscription's status gives", () => {
  it.each([
    ["trialing", true],
    ["active", true],
    ["unpaid", false],
    ["paused", false],
    ["incomplete", false],
    ["incomplete_expired", false],
    ["canceled", false],
  ] as const)("%s gives the plan: %s", (status, expected) => {
    expect(givesPlan({ status, pastDueSince: null }, now)).toBe(expected);
    expect(givesPlan({ status, pastDueSince: daysAgo(1) }, now)).toBe(expected);
  });

  it("keeps the plan of a subscription past due until its grace ends, and not a moment longer", () => {
    const since = daysAgo(graceDays);
    expect(graceEnd(since)).toEqual(now);
    expect(givesPlan({ status: "past_due", pastDueSince: daysAgo(graceDays - 1) }, now)).toBe(true);
    expect(givesPlan({ status: "past_due", pastDueSince: since }, new Date(now.getTime() - 1))).toBe(true);
    expect(givesPlan({ status: "past_due", pastDueSince: since }, now)).toBe(false);
  });

  it("counts as the account's subscription whatever Stripe may still collect for", () => {
    expect(liveStatuses).toEqual(["trialing", "active", "past_due", "unpaid", "paused"]);
  });

  it("lets the database keep one of them, and one only, for each account", async () => {
    await seedPrices();
    for (const status of subscriptionStatuses) {
      const accountId = newId("account");
      await db()
        .insert(accounts)
        .values({ id: accountId, ownerType: "user", ownerId: newId("user") });
      await db()
        .insert(customers)
        .values({ accountId, stripeId: `cus_${status}` });
      const add = (count: number, surplus = false) => addSubscription(accountId, status, count, surplus);
      await add(1);
      await add(2, true);
      if (liveStatuses.includes(status)) await expect(add(3)).rejects.toThrow();
      else await add(3);
      const rows = await db().select().from(subscriptions).where(eq(subscriptions.accountId, accountId));
      expect([status, rows.length]).toEqual([status, liveStatuses.includes(status) ? 2 : 3]);
    }
  });

  it("gives the plan, renews, changes or is owed for only while it is live, and then is not over", () => {
    for (const status of subscriptionStatuses) {
      const { access, live, changeable, trial, renews, owes, over } = meanings[status];
      if (live) expect(over).toBe(null);
      else expect([access, changeable, trial, renews, owes]).toEqual(["free", false, false, false, false]);
    }
  });

  it("is owed for where the plan is kept only for a grace", () => {
    for (const status of subscriptionStatuses) {
      if (meanings[status].access === "grace") expect(meanings[status].owes).toBe(true);
    }
    expect(trialStatuses).toEqual(["trialing"]);
  });

  it("knows Stripe's words and no others", () => {
    expect(subscriptionStatuses.every(isStatus)).toBe(true);
    expect(isStatus("toString")).toBe(false);
  });
});
