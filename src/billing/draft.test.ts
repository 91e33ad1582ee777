import { and, eq } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { terminal } from "#platform/audit";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { acts, catalogueDrafts, catalogueEditions, prices } from "#schema";
import { testDatabase } from "#test";
import { type Catalogue, seed } from "./catalogue";
import { readCatalogue, readCatalogueNow, readFree } from "./edition";
import { discardDraft, publishDraft, readDraft, saveDraft, seedPrices } from "./index";

testDatabase();

const [ada, eve] = [newId("user"), newId("user")];
const why = { by: terminal, reason: "a dearer Pro" };
const fresh = async () => ({ version: (await readCatalogue(db())).version, revision: 0 });

/** The catalogue with Pro at so many cents a month. */
async function proAt(cents: number): Promise<Catalogue> {
  const { plans, packs } = await readCatalogue(db());
  return {
    packs,
    plans: plans.map((plan) =>
      plan.id === "pro" && plan.prices
        ? { ...plan, prices: { ...plan.prices, month: { ...plan.prices.month, usd: cents } } }
        : plan,
    ),
  };
}

const rowsOf = (lookupKey: string) => db().select().from(prices).where(eq(prices.lookupKey, lookupKey));
const proRows = () => rowsOf("plan:pro:month:usd");

beforeEach(async () => {
  await db().delete(catalogueDrafts);
  await seedPrices();
});

describe("a draft of the catalogue", () => {
  it("is the seed's until something is published, and nobody but staff sees it", async () => {
    expect(await readCatalogue(db())).toEqual({ ...seed, version: 0 });
    await saveDraft(await proAt(1_300), await fresh(), ada);
    expect(await readDraft(db())).toMatchObject({ revision: 1, baseVersion: 0, savedBy: ada });
    expect(await readCatalogueNow(db())).toMatchObject(seed);
    await discardDraft({ version: 0, revision: 1 });
    expect(await readDraft(db())).toBeNull();
  });

  it("that somebody else has saved meanwhile is refused, with what they changed", async () => {
    const seen = await fresh();
    await saveDraft(await proAt(1_300), seen, ada);
    await expect(saveDraft(await proAt(1_400), seen, eve)).rejects.toMatchObject({
      code: "draft_stale",
      facts: { revision: 1, errors: [{ path: "plans.pro.prices.month.usd", message: "1400 → 1300" }] },
    });
    await expect(publishDraft(seen, why)).rejects.toMatchObject({ code: "draft_stale" });
    expect(await saveDraft(await proAt(1_400), { ...seen, revision: 1 }, eve)).toBe(2);
  });

  it("loses no pack: what was sold once is archived", async () => {
    const catalogue = await proAt(1_300);
    const fewer = { ...catalogue, packs: catalogue.packs.slice(1) };
    await expect(saveDraft(fewer, await fresh(), ada)).rejects.toMatchObject({ code: "invalid_request" });
  });
});

describe("publishing", () => {
  it("retires the prices that changed and makes new ones, and records who, why and what", async () => {
    const seen = await fresh();
    await saveDraft(await proAt(1_500), seen, ada);
    const version = await publishDraft({ ...seen, revision: 1 }, why);
    expect(version).toBe(seen.version + 1);
    expect((await proRows()).map(({ amountCents, onSale }) => [amountCents, onSale])).toEqual([
      [1_200, false],
      [1_500, true],
    ]);
    expect(await rowsOf("plan:premium:month:usd")).toMatchObject([{ onSale: true }]);
    expect(await readDraft(db())).toBeNull();
    const path = "plans.pro.prices.month.usd";
    const [act] = await db()
      .select()
      .from(acts)
      .where(and(eq(acts.action, "catalogue.publish"), eq(acts.objectId, `${version}`)));
    expect(act).toMatchObject({ before: { [path]: 1_200 }, after: { [path]: 1_500 }, reason: why.reason });
    // A start of the site, which seeds, brings the file's figures back no more.
    await seedPrices();
    expect((await proRows()).filter(({ onSale }) => onSale)).toMatchObject([{ amountCents: 1_500 }]);
  });

  it("by two at once has one winner, and the other is refused", async () => {
    const seen = await fresh();
    await saveDraft(await proAt(1_600), seen, ada);
    const mine = { ...seen, revision: 1 };
    const outcomes = await Promise.allSettled([publishDraft(mine, why), publishDraft(mine, why)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(outcomes.find(({ status }) => status === "rejected")).toMatchObject({
      reason: { code: "draft_stale" },
    });
    expect(await db().$count(catalogueEditions)).toBe(seen.version + 1);
    expect((await proRows()).filter(({ onSale }) => onSale)).toHaveLength(1);
  });

  it("takes off sale what is archived, keeps its rows, and brings it back under new ones", async () => {
    const { plans, packs } = await readCatalogue(db());
    const withSmall = (archived: boolean) => ({
      plans,
      packs: packs.map((pack) => (pack.id === "small" ? { ...pack, archived } : pack)),
    });
    const onSale = async () => (await rowsOf("pack:small:usd")).map((row) => row.onSale);
    for (const [archived, rows] of [
      [true, [false]],
      [false, [false, true]],
    ] as const) {
      const seen = await fresh();
      await saveDraft(withSmall(archived), seen, ada);
      await publishDraft({ ...seen, revision: 1 }, why);
      expect(await onSale()).toEqual(rows);
    }
  });

  it("changes what Free gives at once, for those who pay for nothing", async () => {
    const { plans, packs } = await readCatalogue(db());
    const seen = await fresh();
    const more = plans.map((plan) => (plan.id === "free" ? { ...plan, creditsPerMonth: 70 } : plan));
    await saveDraft({ plans: more, packs }, seen, ada);
    await publishDraft({ ...seen, revision: 1 }, why);
    expect(await readFree(db())).toMatchObject({ creditsPerMonth: 70 });
  });
});
