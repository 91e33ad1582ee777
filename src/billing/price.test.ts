import { eq, sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { db } from "#platform/db";
import { prices } from "#schema";
import { testDatabase } from "#test";
import { seedPrices } from "./index";

testDatabase();

beforeAll(async () => {
  await seedPrices();
});

const pro = sql`${prices.lookupKey} = 'plan:pro:month:usd'`;

describe("prices", () => {
  it("come from the catalogue once", async () => {
    expect(await seedPrices()).toBe(0);
    const [row] = await db().select().from(prices).where(pro);
    expect(row).toMatchObject({ planId: "pro", interval: "month", amountCents: 1_200, credits: 1_000n });
  });

  it("keep their terms, whoever edits the table", async () => {
    const [row] = await db().select().from(prices).where(pro);
    const edit = (values: object) =>
      db()
        .update(prices)
        .set(values)
        .where(eq(prices.id, row?.id ?? "prc_"));
    await edit({ stripePriceId: "price_1" });
    for (const values of [
      { credits: 1n },
      { amountCents: 1 },
      { entitlements: {} },
      { stripePriceId: "price_2" },
    ]) {
      await expect(edit(values)).rejects.toThrow();
    }
  });
});
