import { describe, expect, it } from "vitest";
import {
  givesPlan,
  graceDays,
  graceEnd,
  isStatus,
  liveStatuses,
  meanings,
  subscriptionStatuses,
} from "./access";

const now = new Date("2026-06-15T00:00:00Z");
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

  it("gives the plan, or changes, only for a subscription that is live", () => {
    for (const status of subscriptionStatuses) {
      const { access, live, changeable } = meanings[status];
      if (!live) expect([access, changeable]).toEqual(["free", false]);
    }
  });

  it("knows Stripe's words and no others", () => {
    expect(subscriptionStatuses.every(isStatus)).toBe(true);
    expect(isStatus("toString")).toBe(false);
  });
});
