import { describe, expect, it } from "vitest";
import {
  currencies,
  defaultCurrency,
  intervals,
  packLookupKey,
  planIds,
  planLookupKey,
  seed,
} from "./catalogue";

const { plans, packs } = seed;

describe("the catalogue", () => {
  it("sells every plan but Free, in every currency, a year for less than twelve months", () => {
    expect(plans.map(({ id }) => id)).toEqual(planIds);
    for (const { id, prices } of plans) {
      if (id === "free") expect(prices).toBeNull();
      for (const currency of prices ? currencies : []) {
        const month = prices?.month[currency] ?? 0;
        const year = prices?.year[currency] ?? 0;
        expect(Number.isInteger(month) && Number.isInteger(year)).toBe(true);
        expect(month).toBeGreaterThan(0);
        expect(year).toBeGreaterThan(month);
        expect(year).toBeLessThan(12 * month);
      }
    }
  });

  it("gives more with every larger plan, and takes nothing away", () => {
    for (const [index, plan] of plans.entries()) {
      const below = plans[index - 1];
      if (!below) continue;
      expect(plan.creditsPerMonth).toBeGreaterThan(below.creditsPerMonth);
      expect(plan.rolloverCap).toBeGreaterThanOrEqual(below.rolloverCap);
      expect(plan.entitlements.concurrentRuns).toBeGreaterThanOrEqual(below.entitlements.concurrentRuns);
      expect(plan.entitlements.fileMb).toBeGreaterThanOrEqual(below.entitlements.fileMb);
      expect(plan.entitlements.retentionDays).toBeGreaterThanOrEqual(below.entitlements.retentionDays);
      expect(plan.entitlements.priority).toBeLessThanOrEqual(below.entitlements.priority);
    }
  });

  it("never makes a credit dearer in a larger pack", () => {
    for (const [index, pack] of packs.entries()) {
      const below = packs[index - 1];
      if (!below) continue;
      for (const currency of currencies) {
        expect(pack.prices[currency] / (pack.credits + pack.bonus)).toBeLessThan(
          below.prices[currency] / (below.credits + below.bonus),
        );
      }
    }
  });

  it("gives every price a lookup key of its own", () => {
    const keys = [
      ...planIds.flatMap((plan) =>
        intervals.flatMap((interval) => currencies.map((one) => planLookupKey(plan, interval, one))),
      ),
      ...packs.flatMap(({ id }) => currencies.map((one) => packLookupKey(id, one))),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(currencies).toContain(defaultCurrency);
  });
});
