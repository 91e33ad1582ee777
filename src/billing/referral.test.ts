import { eq } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { openReferralLink, readReferrals } from "#credits";
import { listEntries, reconcile, submit } from "#ledger";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { invoices, referrals } from "#schema";
import { testDatabase } from "#test";
import { beginCheckout } from "./index";
import { type Customer, pack, pay, sandboxSite } from "./sandbox.fixture";
import { settleAccount, syncAccount } from "./sync";

/** Whoever sent a customer is rewarded by what Stripe tells of that customer, and by nothing else. */

testDatabase();
const site = sandboxSite();

let ada: Customer;
let bob: Customer;

beforeEach(async () => {
  ada = await site.aCustomer();
  bob = await signedUpBy(ada);
});

async function signedUpBy({ accountId: referrerId }: Customer): Promise<Customer> {
  await openReferralLink(db(), referrerId);
  const customer = await site.aCustomer();
  await db().insert(referrals).values({ accountId: customer.accountId, referrerId });
  return customer;
}

/** Buys a pack of 500; what Stripe tells of it is still on its way. */
async function payFor({ accountId }: Customer) {
  await pay(await beginCheckout(accountId, pack, newId("checkout")));
}

/** The operator pays all that somebody bought back, in Stripe. */
async function payBack({ stripeId: customer }: Customer) {
  const { data } = await site.stripe.charges.list({ customer });
  for (const { id } of data) await site.stripe.refunds.create({ charge: id });
}

const both = async () => [await ada.available(), await bob.available()];
const spend = ({ accountId }: Customer, credits: bigint) =>
  submit({ verb: "charge", accountId, key: newId("request"), credits, cause: "tool:t" });
const statusOf = async ({ accountId }: Customer) =>
  (await db().select().from(referrals).where(eq(referrals.accountId, accountId)))[0]?.status;

test("the first paid invoice rewards both sides, once, however often and at once it is told", async () => {
  await payFor(bob);
  await Promise.all([site.catchUp(), site.catchUp()]);
  const { accountId } = bob;
  await Promise.all([syncAccount(accountId), syncAccount(accountId), settleAccount(accountId)]);
  expect(await both()).toEqual([100n, 600n]);
  const [first] = await db().select().from(invoices).where(eq(invoices.accountId, accountId));
  await bob.buy(pack);
  expect(await both()).toEqual([100n, 1_100n]);
  expect(await readReferrals(ada.accountId)).toMatchObject({ signedUp: 1, rewarded: 1, earned: 100n });
  const { entries } = await listEntries(db(), accountId, { limit: 10 });
  const reward = entries.find(({ cause }) => cause === "referral");
  expect(reward?.reference).toEqual({ type: "invoice", id: first?.id });
});

test("whoever nobody sent earns nobody anything", async () => {
  await ada.buy(pack);
  expect(await both()).toEqual([500n, 0n]);
});

test("both sides stand or neither, with the invoice itself", async () => {
  const most = 2n ** 53n - 1n;
  const full = { key: "full", credits: most, source: "promo", expiresAt: null, cause: "promo" } as const;
  await submit({ verb: "grant", accountId: ada.accountId, ...full });
  await payFor(bob);
  await expect(syncAccount(bob.accountId)).rejects.toThrow();
  expect(await both()).toEqual([most, 0n]);
  expect(await statusOf(bob)).toBe("waiting");
  // Once there is room, the invoice is booked with all that follows.
  await spend(ada, 1_000n);
  await syncAccount(bob.accountId);
  expect(await both()).toEqual([most - 900n, 600n]);
});

test("the refund takes back what is unspent of both, once, and for good", async () => {
  await bob.buy(pack);
  await spend(ada, 70n);
  await payBack(bob);
  await Promise.all([site.catchUp(), syncAccount(bob.accountId), syncAccount(bob.accountId)]);
  expect(await both()).toEqual([0n, 0n]);
  expect(await readReferrals(ada.accountId)).toMatchObject({ signedUp: 1, rewarded: 0, earned: 0n });
  await bob.buy(pack);
  expect(await both()).toEqual([0n, 500n]);
});

test("a refund that is told before the reward makes it none", async () => {
  await payFor(bob);
  await payBack(bob);
  await site.catchUp();
  expect(await both()).toEqual([0n, 0n]);
  expect(await statusOf(bob)).toBe("reversed");
});

test("those whom one customer sent are paid back at the same moment without a deadlock", async () => {
  const people = [bob, await signedUpBy(ada), await signedUpBy(ada)];
  await Promise.all(people.map(payFor));
  await site.catchUp();
  expect(await ada.available()).toBe(300n);
  await Promise.all(people.map(payBack));
  await Promise.all([
    site.catchUp(),
    ...people.flatMap(({ accountId }) => [syncAccount(accountId), settleAccount(accountId)]),
    ...[1n, 2n, 3n].map((credits) => spend(ada, credits).catch(() => null)),
  ]);
  for (const person of people) expect(await person.available()).toBe(0n);
  expect(await ada.available()).toBe(0n);
});

test("the books are right", async () => {
  expect(await reconcile(db())).toEqual([]);
});
