import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectStripe, seedPrices, syncCatalogue } from "#billing";
import { type Config, parseConfig } from "#platform/config";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { singleton } from "#platform/singleton";
import { type StripeSandbox, startStripeSandbox } from "#sandbox/stripe";
import { accounts, customers, users } from "#schema";
import { testDatabase, testFolder } from "#test";
import { type Check, checks } from "./checks";

/** What doctor says of payments, in each state they can be in. */

const folder = testFolder();
const database = testDatabase();
let sandbox: StripeSandbox;

beforeAll(async () => {
  await seedPrices();
  sandbox = await startStripeSandbox();
});
afterAll(() => sandbox.stop());

async function payments(): Promise<Check> {
  for (const check of checks) {
    if (check.name === "payments")
      return check({ url: database.url(), embedded: true, release: async () => {} });
  }
  throw new Error("doctor does not look at payments");
}

const use = (secretKey: string, url = sandbox.url) =>
  connectStripe({ url, secretKey, webhookSecret: "whsec_test" });
const remedy = "Check STRIPE_SECRET_KEY; then: npm run ops -- stripe sync, and stripe check";

/** A customer of Stripe's by this id. @param livemode null: nobody knows */
async function aCustomer(stripeId: string, livemode: boolean | null): Promise<void> {
  const [userId, accountId] = [newId("user"), newId("account")];
  await db()
    .insert(users)
    .values({ id: userId, name: "Ada", email: `${userId}@example.com` });
  await db().insert(accounts).values({ id: accountId, ownerType: "user", ownerId: userId });
  await db().insert(customers).values({ accountId, stripeId, livemode });
}

describe("of payments, doctor says", () => {
  it.each([
    ["http://localhost:3000", "No keys: a site started here sells by the sandbox, with test cards."],
    [
      "https://tools.example.com",
      "Set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET: without them nothing can be bought (docs/going-live.md).",
    ],
  ])("what is sold at %s without keys", async (BASE_URL, sentence) => {
    const given = { BASE_URL, AUTH_SECRET: "x".repeat(32), DATA_DIR: folder, DATABASE_URL: database.url() };
    singleton<Config>("config").set(parseConfig(given));
    expect(await payments()).toEqual({ name: "payments", state: "off", sentence });
  });

  it("that Stripe does not take the key", async () => {
    use("sk_test_another");
    const { state, sentence } = await payments();
    expect(state).toBe("fails");
    expect(sentence).toContain("Invalid API Key");
    expect(sentence).toContain(remedy);
  });

  it("that Stripe cannot be reached", async () => {
    use(sandbox.secretKey, "http://127.0.0.1:9");
    const { state, sentence } = await payments();
    expect(state).toBe("fails");
    expect(sentence).toContain(remedy);
  });

  it("which prices Stripe does not know, and that it knows all once they were brought there", async () => {
    use(sandbox.secretKey);
    expect(await payments()).toEqual({
      ...{ name: "payments", state: "fails" },
      sentence: `Stripe does not know 45 of the prices on sale. ${remedy}`,
    });
    await syncCatalogue();
    expect(await payments()).toEqual({
      ...{ name: "payments", state: "works" },
      sentence: "Stripe answers, and knows every price on sale.",
    });
  });

  it("how many customers are of the keys' other mode", async () => {
    await aCustomer("cus_live", true);
    const { state, sentence } = await payments();
    expect([state, sentence]).toEqual(["fails", `1 customer is of Stripe's live mode. ${remedy}`]);
    await db().delete(customers).where(eq(customers.stripeId, "cus_live"));
  });

  it("how many customers Stripe does not know", async () => {
    await aCustomer("cus_a", null);
    await aCustomer("cus_b", null);
    const { state, sentence } = await payments();
    expect([state, sentence]).toEqual([
      "fails",
      `Stripe does not know 2 of this site's customers. ${remedy}`,
    ]);
  });
});
