import { and, eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { terminal } from "#platform/audit";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { prices, subscriptions, topUps } from "#schema";
import { testDatabase } from "#test";
import type { Catalogue, PlanId } from "./catalogue";
import { readCatalogue } from "./edition";
import {
  beginCheckout,
  changePlan,
  effectsOf,
  listSyncStates,
  previewChange,
  publishDraft,
  saveDraft,
} from "./index";
import { aPlan, hour, sandboxSite } from "./sandbox.fixture";
import { syncAccount } from "./sync";
import { topUp } from "./top-up";

/** A publication as customers and Stripe meet it. */

testDatabase();
const site = sandboxSite();

async function publish(change: (catalogue: Catalogue) => Catalogue) {
  const { version, ...catalogue } = await readCatalogue(db());
  const content = change(catalogue);
  const effects = await effectsOf(catalogue, content);
  await saveDraft(content, { version, revision: 0 }, newId("user"));
  await publishDraft({ version, revision: 1 }, { by: terminal, reason: "a new offer" });
  return effects;
}

const dearer =
  (id: PlanId, cents: number, credits: number) =>
  ({ plans, packs }: Catalogue): Catalogue => ({
    packs,
    plans: plans.map((plan) =>
      plan.id === id && plan.prices
        ? {
            ...plan,
            creditsPerMonth: credits,
            prices: { ...plan.prices, month: { ...plan.prices.month, usd: cents } },
          }
        : plan,
    ),
  });

const withoutSmall = ({ plans, packs }: Catalogue): Catalogue => ({
  plans,
  packs: packs.map((pack) => (pack.id === "small" ? { ...pack, archived: true } : pack)),
});

describe("a published price", () => {
  it("is what the next customer pays; a subscriber renews for their own, with its credits", async () => {
    const ada = await site.aSubscriber("plan:pro:month:usd");
    const effects = await publish(dearer("pro", 1_500, 1_100));
    expect(effects).toMatchObject([{ kind: "plan", id: "pro", subscribers: 1, trials: 0 }]);
    expect((await listSyncStates(db())).find(({ amountCents }) => amountCents === 1_500)?.state).toBe(
      "waiting",
    );
    await site.catchUp();
    expect((await listSyncStates(db())).every(({ state }) => state === "synced")).toBe(true);
    const eve = await site.aCustomer();
    await eve.buy(aPlan("pro"));
    const paid = async (accountId: typeof ada.accountId) =>
      (
        await db()
          .select({ cents: prices.amountCents, credits: prices.credits })
          .from(subscriptions)
          .innerJoin(prices, eq(prices.id, subscriptions.priceId))
          .where(eq(subscriptions.accountId, accountId))
      )[0];
    expect(await paid(eve.accountId)).toEqual({ cents: 1_500, credits: 1_100n });
    await ada.goTo((await ada.periodEnd()) + 3 * hour);
    expect(await paid(ada.accountId)).toEqual({ cents: 1_200, credits: 1_000n });
    expect((await ada.overview()).nextCharge).toMatchObject({ amountCents: 1_200 });
  });

  it("is not charged to whoever was shown another one", async () => {
    const ada = await site.aSubscriber("plan:pro:month:usd");
    const premium = { planId: "premium", interval: "month" } as const;
    const { priceId } = await previewChange(ada.accountId, premium);
    await publish(dearer("premium", 4_500, 5_000));
    await site.catchUp();
    const changed = changePlan(ada.accountId, { ...premium, priceId }, "k1");
    await expect(changed).rejects.toMatchObject({ code: "price_changed" });
    expect((await ada.overview()).plan.id).toBe("pro");
    const shown = await previewChange(ada.accountId, premium);
    expect(shown.renewal.amountCents).toBe(4_500);
    await changePlan(ada.accountId, { ...premium, priceId: shown.priceId }, "k2");
    expect((await ada.overview()).plan.id).toBe("premium");
  });

  it("that is archived is sold no more, here and in Stripe, and pauses who tops up with it", async () => {
    const ada = await site.aCustomer();
    await ada.buy({ kind: "pack", packId: "small", currency: "usd", returnTo: "/tools" });
    await db()
      .insert(topUps)
      .values({
        ...{ accountId: ada.accountId, enabled: true, thresholdCredits: 10_000n, packId: "small" },
        ...{ currency: "usd", monthlyLimitCents: 5_000 },
      });
    const effects = await publish(withoutSmall);
    expect(effects).toMatchObject([{ kind: "pack", id: "small", topUps: 1, topUpsStopped: 1 }]);
    await site.catchUp();
    const small = { kind: "pack", packId: "small", currency: "usd", returnTo: "/tools" } as const;
    await expect(beginCheckout(ada.accountId, small, "k1")).rejects.toMatchObject({ code: "not_for_sale" });
    const key = "pack:small:usd";
    expect((await site.stripe.prices.list({ lookup_keys: [key], active: true })).data).toEqual([]);
    await topUp({ accountId: ada.accountId }, Object.create(null));
    const own = and(eq(topUps.accountId, ada.accountId), eq(topUps.pausedReason, "other"));
    expect(await db().$count(topUps, own)).toBe(1);
    // The card is the one there was: nothing begins again, and no second letter is written.
    await syncAccount(ada.accountId);
    expect(await db().$count(topUps, own)).toBe(1);
    expect(await ada.available()).toBe(500n);
  });
});
