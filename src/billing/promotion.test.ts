import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { terminal } from "#platform/audit";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { acts } from "#schema";
import { testDatabase } from "#test";
import {
  beginCheckout,
  endPromotion,
  listInvoices,
  listPromotions,
  makePromotion,
  type NewPromotion,
} from "./index";
import { aPlan, type Customer, pack, pay, post, sandboxSite } from "./sandbox.fixture";

/** Promotion codes, made through the real SDK and used on the page where customers pay. */

testDatabase();
const site = sandboxSite();

const by = { ...terminal, id: newId("user"), role: "admin" };
const request = (key: string = newId("request")) => ({ by, reason: "the spring campaign", key });
const usual: NewPromotion = {
  ...{ code: "SPRING25", discount: { percent: 25 }, duration: "once", planIds: [], packIds: [] },
  ...{ maxUses: null, firstPurchaseOnly: false, expiresAt: null },
};
const refused = (code: string) => expect.objectContaining({ name: "Refusal", code });

let made = 0;
const aPromotion = (wanted: Partial<NewPromotion> = {}) => {
  made += 1;
  return makePromotion({ ...usual, code: `CODE${made}`, ...wanted }, request());
};

/** Enters a code on the page; says whether it was taken, and leaves the page open. */
async function enter({ accountId }: Customer, wanted: typeof pack, code: string) {
  const url = await beginCheckout(accountId, wanted, newId("checkout"));
  const answer = await post(url, { action: "code", code });
  return { url, isTaken: answer.status === 200 };
}

async function buyWith(customer: Customer, wanted: typeof pack, code: string): Promise<number | undefined> {
  const { url, isTaken } = await enter(customer, wanted, code);
  if (!isTaken) return undefined;
  await pay(url);
  await site.catchUp();
  const { invoices } = await listInvoices(customer.accountId, { limit: 1 });
  return invoices[0]?.totalCents;
}

it("takes its percentage off at checkout, counts the use, and stands in the audit log", async () => {
  const promotion = await makePromotion({ ...usual, maxUses: 2 }, request());
  expect(promotion).toMatchObject({ code: "SPRING25", discount: { percent: 25 }, active: true, used: 0 });
  const ada = await site.aCustomer();
  expect(await buyWith(ada, pack, "spring25")).toBe(675);
  expect(await ada.available()).toBe(500n);
  expect(await buyWith(await site.aCustomer(), pack, "SPRING25")).toBe(675);
  expect(await buyWith(await site.aCustomer(), pack, "SPRING25")).toBeUndefined();
  const { promotions } = await listPromotions({ limit: 10 });
  expect(promotions).toMatchObject([{ id: promotion.id, used: 2, maxUses: 2 }]);
  const log = await db().select().from(acts).where(eq(acts.objectId, "SPRING25"));
  expect(log).toMatchObject([{ action: "promotion.make", reason: "the spring campaign" }]);
});

it("in one currency is taken in no other, and for a pack only not for a plan", async () => {
  const { code } = await aPromotion({
    ...{ discount: { amountCents: 200, currency: "usd" }, packIds: ["small"] },
  });
  const ada = await site.aCustomer();
  expect((await enter(ada, { ...pack, currency: "eur" }, code)).isTaken).toBe(false);
  expect((await enter(ada, aPlan("pro"), code)).isTaken).toBe(false);
  expect(await buyWith(ada, pack, code)).toBe(700);
});

it("for plans holds as long as it says: here for two months of three", async () => {
  const { code } = await aPromotion({
    discount: { percent: 50 },
    duration: { months: 2 },
    planIds: ["premium"],
  });
  const ada = await site.aCustomer();
  expect((await enter(ada, pack, code)).isTaken).toBe(false);
  const totals = [await buyWith(ada, aPlan("premium"), code)];
  for (let month = 0; month < 2; month++) {
    await ada.goTo((await ada.periodEnd()) + 7_200);
    const { invoices } = await listInvoices(ada.accountId, { limit: 1 });
    totals.push(invoices[0]?.totalCents);
  }
  const [full = 0] = totals.slice(-1).map((total) => total ?? 0);
  expect(totals).toEqual([full / 2, full / 2, full]);
});

it("for the first purchase is not taken from whoever has paid before", async () => {
  const { code } = await aPromotion({ firstPurchaseOnly: true });
  const ada = await site.aCustomer();
  await ada.buy(pack);
  expect(await buyWith(ada, pack, code)).toBeUndefined();
  expect(await buyWith(await site.aCustomer(), pack, code)).toBe(675);
});

it("is made once for one request, however often it is sent, and its name only once", async () => {
  const asked = request();
  const sent = await Promise.all([1, 2, 3].map(() => makePromotion({ ...usual, code: "ONCE" }, asked)));
  expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
  const all = await site.stripe.promotionCodes.list({ code: "ONCE" });
  expect(all.data).toHaveLength(1);
  await expect(makePromotion({ ...usual, code: "ONCE" }, request())).rejects.toEqual(
    refused("promotion_refused"),
  );
  await expect(makePromotion({ ...usual, code: "TWICE" }, asked)).rejects.toEqual(
    refused("idempotency_conflict"),
  );
  const log = await db().select().from(acts).where(eq(acts.objectId, "ONCE")).orderBy(acts.id);
  expect(log.map(({ action }) => action)).toEqual(["promotion.make", "promotion.make", "stripe.refused"]);
});

it("switched off is taken no more", async () => {
  const promotion = await aPromotion();
  const [ada, bob] = [await site.aCustomer(), await site.aCustomer()];
  expect(await buyWith(ada, pack, promotion.code)).toBe(675);
  const asked = request();
  expect(await endPromotion(promotion.id, asked)).toMatchObject({ active: false, used: 1 });
  expect(await endPromotion(promotion.id, asked)).toMatchObject({ active: false });
  expect((await enter(bob, pack, promotion.code)).isTaken).toBe(false);
  await expect(endPromotion("promo_none", request())).rejects.toEqual(refused("not_found"));
});
