import { eq } from "drizzle-orm";
import Stripe from "stripe";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readBalance, stopLedger } from "#ledger";
import { announced } from "#platform/changes";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { type StripeSandbox, startStripeSandbox } from "#sandbox/stripe";
import { accounts, customers, mails, prices, topUpCharges, topUps, users } from "#schema";
import { runJobs, skipPauses, testDatabase } from "#test";
import { changeTopUp, connectStripe, readOverview, syncCatalogue, tasks } from "./index";
import { pay } from "./sandbox.fixture";

testDatabase();

let sandbox: StripeSandbox;
let stripe: Stripe;
const system = tasks.system ?? {};
const settings = { enabled: true, thresholdCredits: 100, packId: "small", currency: "usd" } as const;

beforeAll(async () => {
  sandbox = await startStripeSandbox();
  const { hostname: host, port } = new URL(sandbox.url);
  stripe = new Stripe(sandbox.secretKey, { protocol: "http", host, port });
  connectStripe({ url: sandbox.url, secretKey: sandbox.secretKey, webhookSecret: "whsec_test" });
  await syncCatalogue();
});
afterAll(async () => {
  await announced();
  await stopLedger();
  await sandbox.stop();
});

let userId: ReturnType<typeof newId<"user">>;
let accountId: ReturnType<typeof newId<"account">>;
let customer: string;

/** A customer with this card on file. */
async function aCustomer(card: string) {
  userId = newId("user");
  accountId = newId("account");
  await db()
    .insert(users)
    .values({ id: userId, name: "Ada", email: `${userId}@example.com` });
  await db().insert(accounts).values({ id: accountId, ownerType: "user", ownerId: userId });
  customer = (await stripe.customers.create({})).id;
  const cardId = await setCard(card);
  await db().insert(customers).values({ accountId, stripeId: customer, cardId });
}

async function setCard(card: string): Promise<string> {
  const { id } = await stripe.paymentMethods.attach(card, { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: id } });
  return id;
}

const available = async () => (await readBalance(db(), accountId)).available;
const charges = () => db().select().from(topUpCharges).where(eq(topUpCharges.accountId, accountId));
const setting = async () => (await db().select().from(topUps).where(eq(topUps.accountId, accountId)))[0];

/** What an event would have done. */
const look = async () => system["billing.look"]?.({ accountId }, Object.create(null));

/** The sweep of every minute, and whatever it asks for. */
async function sweep() {
  await runJobs(system);
  await system["billing.top-up-sweep"]?.({}, Object.create(null));
  await runJobs(system);
}

beforeEach(() => aCustomer("pm_card_visa"));

describe("auto top-up", () => {
  it("is off until it is turned on", async () => {
    await sweep();
    expect(await charges()).toEqual([]);
  });

  it("buys a pack when the credits are low, once for one need, however often it is asked", async () => {
    await changeTopUp(accountId, { ...settings, monthlyLimitCents: 10_000 });
    await sweep();
    await sweep();
    await Promise.all([sweep(), sweep()]);
    expect(await available()).toBe(500n);
    expect(await charges()).toMatchObject([{ status: "paid", amountCents: 900 }]);
    expect((await stripe.invoices.list({ customer })).data).toHaveLength(1);
  });

  it("charges nothing while its customer is suspended, whoever asked for it before, and goes on after", async () => {
    await changeTopUp(accountId, { ...settings, monthlyLimitCents: 10_000 });
    const suspend = (suspendedAt: Date | null) =>
      db().update(users).set({ suspendedAt }).where(eq(users.id, userId));
    // Turning it on has asked for a charge already.
    await suspend(new Date());
    await sweep();
    expect(await charges()).toEqual([]);
    expect((await stripe.invoices.list({ customer })).data).toEqual([]);
    await suspend(null);
    await sweep();
    expect(await charges()).toMatchObject([{ status: "paid" }]);
  });

  it("stops at its monthly limit, and says so once", async () => {
    await changeTopUp(accountId, { ...settings, thresholdCredits: 100_000, monthlyLimitCents: 2_000 });
    for (let minute = 0; minute < 5; minute++) await sweep();
    expect(await available()).toBe(1_000n);
    expect(await charges()).toHaveLength(2);
    const letters = await db().select().from(mails).where(eq(mails.kind, "billing.topUpLimit"));
    expect(letters).toHaveLength(1);
  });

  it("pauses when the card is declined, until the card is another", async () => {
    await aCustomer("pm_card_chargeCustomerFail");
    await changeTopUp(accountId, { ...settings, monthlyLimitCents: 10_000 });
    await sweep();
    await sweep();
    expect(await charges()).toMatchObject([{ status: "failed", failure: "declined" }]);
    expect(await setting()).toMatchObject({ pausedReason: "declined" });
    expect(await available()).toBe(0n);
    await setCard("pm_card_visa");
    await look();
    expect(await setting()).toMatchObject({ pausedReason: null, enabled: true });
    await sweep();
    expect(await available()).toBe(500n);
  });

  it("stays paused when the card that was refused is entered again", async () => {
    await aCustomer("pm_card_chargeCustomerFail");
    await look();
    await changeTopUp(accountId, { ...settings, monthlyLimitCents: 10_000 });
    await sweep();
    await setCard("pm_card_chargeCustomerFail");
    await look();
    await sweep();
    expect(await charges()).toHaveLength(1);
    expect(await setting()).toMatchObject({ pausedReason: "declined" });
    await setCard("pm_card_visa");
    await look();
    await sweep();
    expect(await available()).toBe(500n);
  });

  it("pauses when the bank asks for a confirmation, and says where to give it", async () => {
    await aCustomer("pm_card_authenticationRequired");
    await changeTopUp(accountId, { ...settings, monthlyLimitCents: 10_000 });
    await sweep();
    expect(await setting()).toMatchObject({ pausedReason: "authentication_required" });
    const [charge] = await charges();
    expect(charge).toMatchObject({ status: "failed", failure: "authentication_required" });
    expect(charge?.payUrl).toMatch(/^http/);
  });

  it("a charge under way is gone on with, not made again", async () => {
    await changeTopUp(accountId, { ...settings, monthlyLimitCents: 10_000 });
    // The process that began it died before Stripe had answered.
    const [price] = await db().select().from(prices).where(eq(prices.lookupKey, "pack:small:usd"));
    const charge = {
      id: newId("topUp"),
      accountId,
      amountCents: 900,
      currency: "usd",
      createdAt: new Date(),
    };
    await db()
      .insert(topUpCharges)
      .values({ ...charge, priceId: price?.id ?? "prc_" });
    await skipPauses();
    await sweep();
    await sweep();
    expect(await charges()).toMatchObject([{ status: "paid" }]);
    expect(await available()).toBe(500n);
  });

  it("that waited for a confirmation is withdrawn before another card is charged, so one need is paid once", async () => {
    await aCustomer("pm_card_authenticationRequired");
    await changeTopUp(accountId, { ...settings, monthlyLimitCents: 10_000 });
    await sweep();
    await setCard("pm_card_visa");
    await look();
    await sweep();
    expect(await available()).toBe(500n);
    const { data } = await stripe.invoices.list({ customer });
    expect(data.map(({ status }) => status).sort()).toEqual(["paid", "void"]);
  });

  it("that is confirmed on the invoice's page gives its credits and counts against the limit", async () => {
    await aCustomer("pm_card_authenticationRequired");
    await changeTopUp(accountId, { ...settings, monthlyLimitCents: 1_000 });
    await sweep();
    const [charge] = await charges();
    await pay(charge?.payUrl ?? "", { number: "4000002760003184" });
    await look();
    expect(await available()).toBe(500n);
    expect(await charges()).toMatchObject([{ status: "paid", payUrl: null }]);
    const { topUp } = await readOverview(accountId);
    expect(topUp).toMatchObject({ spentThisMonthCents: 900, limitReached: true, payUrl: null });
  });

  it("that Stripe refuses for another reason is not tried every minute, and goes on when it is saved again", async () => {
    await changeTopUp(accountId, { ...settings, monthlyLimitCents: 10_000 });
    // Taken away behind our back: Stripe knows no such card of this customer any more.
    const [kept] = (await stripe.paymentMethods.list({ customer })).data;
    await stripe.paymentMethods.detach(kept?.id ?? "");
    for (let minute = 0; minute < 3; minute++) await sweep();
    expect(await charges()).toMatchObject([{ status: "failed", failure: "other" }]);
    expect(await setting()).toMatchObject({ pausedReason: "other" });
    await setCard("pm_card_visa");
    await changeTopUp(accountId, { ...settings, monthlyLimitCents: 10_000 });
    await look();
    await sweep();
    expect(await available()).toBe(500n);
  });

  it("never charges more than the limit, whatever the invoice comes to", async () => {
    // What a customer owes is added to the next invoice, as tax is.
    await stripe.customers.update(customer, { balance: 200 });
    await changeTopUp(accountId, { ...settings, monthlyLimitCents: 1_000 });
    for (let minute = 0; minute < 3; minute++) await sweep();
    expect(await available()).toBe(0n);
    expect(await charges()).toMatchObject([{ status: "failed", failure: "limit", amountCents: 1_100 }]);
    expect((await stripe.charges.list({ customer })).data).toEqual([]);
    const letters = await db().select().from(mails).where(eq(mails.kind, "billing.topUpLimit"));
    expect(letters.filter(({ key }) => key?.includes(accountId))).toHaveLength(1);
  });

  it("cannot be in another currency than the plan", async () => {
    const [price] = (await stripe.prices.list({ lookup_keys: ["plan:premium:month:usd"] })).data;
    await stripe.subscriptions.create({ customer, items: [{ price: price?.id ?? "" }] });
    await look();
    await expect(
      changeTopUp(accountId, { ...settings, currency: "eur", monthlyLimitCents: 10_000 }),
    ).rejects.toMatchObject({ code: "currency_fixed", facts: { currency: "usd" } });
  });
});
