import { describe, expect, it } from "vitest";
import { testDatabase } from "#test";
import { changePlan, changeTopUp, tasks } from "./index";
import { aPlan, hour, pack, sandboxSite } from "./sandbox.fixture";

process.env.STRIPE_TAX = "true";

testDatabase();
const site = sandboxSite();

describe("with STRIPE_TAX", () => {
  it("Stripe Tax is asked at every purchase, renewal, upgrade and auto top-up", async () => {
    const ada = await site.aCustomer();
    await ada.buy(pack);
    await ada.buy(aPlan("premium"));
    await ada.goTo((await ada.periodEnd()) + 8 * hour);
    await changePlan(ada.accountId, { planId: "enterprise", interval: "month" }, "c1");
    await site.catchUp();
    const low = {
      thresholdCredits: 900_000,
      packId: "small",
      monthlyLimitCents: 900,
      currency: "usd",
    } as const;
    await changeTopUp(ada.accountId, { enabled: true, ...low });
    await site.catchUp();
    await tasks.system?.["billing.top-up-sweep"]?.({}, Object.create(null));
    await site.catchUp();
    const { data } = await site.stripe.invoices.list({ customer: ada.stripeId });
    expect(data.map(({ total, automatic_tax }) => [total > 0, automatic_tax.enabled])).toEqual(
      Array.from({ length: 5 }, () => [true, true]),
    );
  });
});
