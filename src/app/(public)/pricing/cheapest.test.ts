import fc from "fast-check";
import { expect, test } from "vitest";
import { seed } from "#billing/catalogue";
import { cheapestWay } from "./cheapest";

test("what Free brings costs nothing", () => {
  expect(cheapestWay(50, "usd", seed)).toEqual({ planId: "free", packs: [], cents: 0, credits: 50 });
});

test("a little more is a small pack, a plan's worth is the plan", () => {
  expect(cheapestWay(400, "usd", seed)).toMatchObject({
    planId: "free",
    packs: [{ id: "small", count: 1 }],
    cents: 900,
  });
  expect(cheapestWay(1_000, "usd", seed)).toMatchObject({ planId: "pro", packs: [], cents: 1_200 });
  expect(cheapestWay(1_300, "usd", seed)).toMatchObject({
    planId: "pro",
    packs: [{ id: "small", count: 1 }],
    cents: 2_100,
  });
});

test("the way brings enough, and no single plan with one kind of pack is cheaper", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100_000 }), (credits) => {
      const way = cheapestWay(credits, "usd", seed);
      expect(way.credits).toBeGreaterThanOrEqual(credits);
      for (const plan of seed.plans) {
        for (const pack of seed.packs) {
          const missing = Math.max(0, credits - plan.creditsPerMonth);
          const many = Math.ceil(missing / (pack.credits + pack.bonus));
          expect(way.cents).toBeLessThanOrEqual((plan.prices?.month.usd ?? 0) + many * pack.prices.usd);
        }
      }
    }),
  );
});
