import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { readBalance, reconcile } from "#ledger";
import { terminal } from "#platform/audit";
import { db } from "#platform/db";
import {
  customers,
  invoiceLines,
  lineGrants,
  lotPayments,
  mails,
  stripeEvents,
  subscriptions,
  trials,
} from "#schema";
import { runJobs, skipPauses, testDatabase } from "#test";
import { readAllowed } from "./entitlements";
import { listEvents, receiveEvent, replayEvent, tasks } from "./index";
import {
  about,
  aCard,
  aCharge,
  aCustomer,
  aDelivery,
  anInvoice,
  aSubscription,
  buyPack,
  type Customer,
  fakeStripe,
  inDays,
  month,
  now,
  subscribe,
  upgradeInMidst,
} from "./stripe.fixture";

testDatabase();

const fake = fakeStripe();
let ada: Customer;

beforeEach(async () => {
  ada = await aCustomer(fake);
});

const system = tasks.system ?? {};

/** Stripe delivers, and the worker does what there is to do. */
async function deliver(type: string, object: Record<string, unknown>, given = {}) {
  const { body, signature } = aDelivery(type, object, given);
  const stored = await receiveEvent(body, signature);
  await runJobs(system);
  return stored;
}

/** What was paid for each of the customer's lots, in cents. */
async function paidForLots({ accountId }: Customer): Promise<bigint[]> {
  const rows = await db().select().from(lotPayments).where(eq(lotPayments.accountId, accountId));
  expect(new Set(rows.map(({ currency }) => currency))).toEqual(new Set(["USD"]));
  return rows.map(({ amount }) => amount).sort((a, b) => Number(a - b));
}
const available = async ({ accountId }: Customer) => (await readBalance(db(), accountId)).available;

describe("a webhook", () => {
  it("is stored once by its id, answered, and its credits granted by a job", async () => {
    subscribe(ada);
    const { id, body, signature } = aDelivery("invoice.paid", about(ada));
    expect(await receiveEvent(body, signature)).toBe(true);
    expect(await receiveEvent(body, signature)).toBe(false);
    expect(await available(ada)).toBe(0n);
    await runJobs(system);
    expect(await available(ada)).toBe(1_000n);
    const [event] = await db().select().from(stripeEvents).where(eq(stripeEvents.id, id));
    expect(event).toMatchObject({ status: "done", attempts: 1, stripeCustomerId: ada.stripeId });
  });

  it("whose signature is wrong, whose body was altered, or that is replayed too late is refused", async () => {
    const good = aDelivery("invoice.paid", about(ada));
    const old = aDelivery("invoice.paid", about(ada), { signedAt: Math.floor(Date.now() / 1000) - 301 });
    for (const [body, signature] of [
      [good.body, undefined],
      [good.body, "t=1,v1=00"],
      [good.body.replace("invoice.paid", "invoice.Paid"), good.signature],
      [old.body, old.signature],
    ] as const) {
      await expect(receiveEvent(body, signature)).rejects.toMatchObject({ code: "signature_invalid" });
    }
    expect(await db().select().from(stripeEvents).where(eq(stripeEvents.id, good.id))).toEqual([]);
  });

  it("about somebody unknown is recorded, and grants nothing", async () => {
    const { id, body, signature } = aDelivery("invoice.paid", {
      object: "invoice",
      id: "in_x",
      customer: "cus_x",
    });
    await receiveEvent(body, signature);
    await runJobs(system);
    const [event] = await db().select().from(stripeEvents).where(eq(stripeEvents.id, id));
    expect(event).toMatchObject({ status: "ignored", error: "unknown_customer" });
  });

  it("that cannot be processed holds up no other, is given up in the end, and can be replayed", async () => {
    subscribe(ada);
    const eve = await aCustomer(fake);
    buyPack(eve);
    // What Stripe says of Ada cannot be read.
    const good = ada.world.subscriptions[0] ?? {};
    ada.world.subscriptions = [{ ...good, items: null }];
    const poison = aDelivery("invoice.paid", about(ada));
    await receiveEvent(poison.body, poison.signature);
    await deliver("invoice.paid", about(eve));
    expect(await available(eve)).toBe(500n);
    const givenUp = async () => (await listEvents({ status: "failed" }, { limit: 100 })).events;
    while ((await givenUp()).length === 0) {
      await skipPauses();
      await runJobs(system);
    }
    expect(await givenUp()).toMatchObject([{ id: poison.id, attempts: 14, error: expect.any(String) }]);
    ada.world.subscriptions = [good];
    await replayEvent(poison.id, terminal);
    await runJobs(system);
    expect(await givenUp()).toEqual([]);
    expect(await available(ada)).toBe(1_000n);
    // Fourteen tries, and a worker is begun for each.
  }, 60_000);

  it("about a customer who is not of the keys' mode waits for the right ones, and grants then", async () => {
    subscribe(ada);
    const mine = eq(customers.accountId, ada.accountId);
    await db().update(customers).set({ livemode: true }).where(mine);
    const { id, body, signature } = aDelivery("invoice.paid", about(ada));
    await receiveEvent(body, signature);
    await runJobs(system);
    const [event] = await db().select().from(stripeEvents).where(eq(stripeEvents.id, id));
    expect(event).toMatchObject({ status: "waiting", attempts: 1 });
    expect(event?.error).toBe("the customer is of Stripe's live mode, STRIPE_SECRET_KEY is a test key");
    expect(await available(ada)).toBe(0n);
    // Which is which is for the keys to say: the fake has only one.
    await db().update(customers).set({ livemode: false }).where(mine);
    await skipPauses();
    await runJobs(system);
    expect(await available(ada)).toBe(1_000n);
  });
});

describe("the failures others had", () => {
  it("a replayed invoice.paid grants once, also with another event id, also in parallel", async () => {
    subscribe(ada);
    await deliver("invoice.paid", about(ada), { id: "evt_same" });
    expect(await deliver("invoice.paid", about(ada), { id: "evt_same" })).toBe(false);
    await deliver("invoice.paid", about(ada), { id: "evt_other" });
    const many = Array.from({ length: 8 }, () => aDelivery("invoice.paid", about(ada)));
    await Promise.all(many.map(({ body, signature }) => receiveEvent(body, signature)));
    await Promise.all([runJobs(system), runJobs(system), runJobs(system)]);
    expect(await available(ada)).toBe(1_000n);
  });

  it("bought credits stay when the subscription ends", async () => {
    subscribe(ada);
    buyPack(ada);
    await deliver("invoice.paid", about(ada));
    ada.world.subscriptions = [
      aSubscription(`sub_${ada.stripeId}`, "plan:pro:month:usd", {
        ...{ ...month, status: "canceled", ended_at: Math.floor(now.getTime() / 1000) },
      }),
    ];
    await deliver("customer.subscription.deleted", about(ada));
    const { lots } = await readBalance(db(), ada.accountId);
    expect(lots.find(({ source }) => source === "pack")?.remaining).toBe(500n);
  });

  it("cancelling in Stripe ends the access", async () => {
    subscribe(ada);
    await deliver("invoice.paid", about(ada));
    expect((await readAllowed(db(), ada.accountId)).planId).toBe("pro");
    const ended = { ...month, status: "canceled", ended_at: Math.floor(now.getTime() / 1000) };
    ada.world.subscriptions = [aSubscription(`sub_${ada.stripeId}`, "plan:pro:month:usd", ended)];
    await deliver("customer.subscription.deleted", about(ada));
    expect((await readAllowed(db(), ada.accountId)).planId).toBe("free");
  });

  it("past_due keeps the plan for its grace, tells the customer, and then gives Free", async () => {
    subscribe(ada);
    const name = ada.stripeId;
    const owed = (since: Date) => {
      const next = { start: since, end: inDays(30) };
      const line = { id: `il2_${name}`, price: "plan:pro:month:usd", cents: 1_200, ...next };
      ada.world.subscriptions = [aSubscription(`sub_${name}`, line.price, { ...next, status: "past_due" })];
      ada.world.invoices[1] = anInvoice(`in2_${name}`, [line], {
        ...{ at: since, subscription: `sub_${name}`, status: "open" },
      });
    };
    owed(inDays(-2));
    await deliver("invoice.payment_failed", about(ada));
    expect((await readAllowed(db(), ada.accountId)).planId).toBe("pro");
    owed(inDays(-8));
    await deliver("customer.subscription.updated", about(ada));
    expect((await readAllowed(db(), ada.accountId)).planId).toBe("free");
    const letters = await db()
      .select()
      .from(mails)
      .where(sql`${mails.key} like ${`%in2_${name}`}`);
    expect(letters.map(({ kind }) => kind).sort()).toEqual(["billing.graceEnded", "billing.paymentFailed"]);
    expect(await available(ada)).toBe(1_000n);
  });

  it("a pack is not credited while its payment is open, nor when it failed", async () => {
    buyPack(ada, "open");
    await deliver("checkout.session.completed", about(ada));
    expect(await available(ada)).toBe(0n);
    ada.world.invoices = [];
    buyPack(ada, "void");
    await deliver("invoice.voided", about(ada));
    expect(await available(ada)).toBe(0n);
  });

  it("of two subscriptions bought at once one stays, and the other gives nothing", async () => {
    subscribe(ada, `a_${ada.stripeId}`);
    subscribe(ada, `b_${ada.stripeId}`);
    const [first = {}, second = {}] = ada.world.subscriptions;
    // The newer one becomes known first.
    ada.world.subscriptions = [{ ...second, created: Math.floor(now.getTime() / 1000) }];
    const [invoiceA = {}, invoiceB = {}] = ada.world.invoices;
    ada.world.invoices = [invoiceB];
    await deliver("invoice.paid", about(ada));
    expect(await available(ada)).toBe(1_000n);
    ada.world.subscriptions.push(first);
    ada.world.invoices.push(invoiceA);
    fake.beforeAnswer = () => undefined;
    const { body, signature } = aDelivery("customer.subscription.created", about(ada));
    await receiveEvent(body, signature);
    await runJobs({ "billing.event": system["billing.event"] ?? (() => undefined) });
    const rows = await db().select().from(subscriptions).where(eq(subscriptions.accountId, ada.accountId));
    expect(rows.filter(({ surplus }) => !surplus).map(({ id }) => id)).toEqual([`sub_a_${ada.stripeId}`]);
    expect(await available(ada)).toBe(1_000n);
  });

  it("an upgrade told in any order gives the difference, and never a negative number", async () => {
    subscribe(ada);
    upgradeInMidst(ada);
    await deliver("customer.subscription.updated", about(ada));
    expect(await available(ada)).toBe(4_000n);
    expect((await readAllowed(db(), ada.accountId)).planId).toBe("premium");
    // What was paid for the lots is what came in: what was credited back is not sold twice.
    expect(await paidForLots(ada)).toEqual([1_200n, 1_350n]);
  });

  it("a lot knows what was paid for it", async () => {
    subscribe(ada);
    buyPack(ada);
    await deliver("invoice.paid", about(ada));
    expect(await paidForLots(ada)).toEqual([900n, 1_200n]);
    expect(await reconcile(db())).toEqual([]);
  });

  it("an upgrade that is not paid leaves plan and credits as they were", async () => {
    subscribe(ada);
    await deliver("invoice.paid", about(ada));
    const name = ada.stripeId;
    const waiting = { pending_update: { subscription_items: [{ price: { id: "plan:premium:month:usd" } }] } };
    ada.world.subscriptions = [aSubscription(`sub_${name}`, "plan:pro:month:usd", { ...month, ...waiting })];
    const line = {
      id: `ilb_${name}`,
      price: "plan:premium:month:usd",
      cents: 1_950,
      ...month,
      proration: true,
    };
    ada.world.invoices.push(
      anInvoice(`inu_${name}`, [line], { at: now, subscription: `sub_${name}`, status: "open" }),
    );
    await deliver("customer.subscription.updated", about(ada));
    expect(await available(ada)).toBe(1_000n);
    expect((await readAllowed(db(), ada.accountId)).planId).toBe("pro");
  });

  it("cancelling and subscribing again, or the same card in another account, gives no other trial", async () => {
    const trial = {
      ...{ start: inDays(-1), end: inDays(6), status: "trialing" },
      ...{
        trial_start: Math.floor(inDays(-1).getTime() / 1000),
        trial_end: Math.floor(inDays(6).getTime() / 1000),
      },
    };
    const card = aCard(`fp_${ada.stripeId}`);
    ada.world.card = card;
    ada.world.subscriptions = [aSubscription(`sub_${ada.stripeId}`, "plan:pro:month:usd", trial)];
    await deliver("customer.subscription.created", about(ada));
    expect(await available(ada)).toBe(200n);
    const only = { "billing.event": system["billing.event"] ?? (() => undefined) };
    const eve = await aCustomer(fake);
    eve.world.card = card;
    eve.world.subscriptions = [aSubscription(`sub_${eve.stripeId}`, "plan:pro:month:usd", trial)];
    const again = aDelivery("customer.subscription.created", about(eve));
    await receiveEvent(again.body, again.signature);
    await runJobs(only);
    expect(await available(eve)).toBe(0n);
    const ended = { ...trial, status: "canceled", ended_at: Math.floor(now.getTime() / 1000) };
    ada.world.subscriptions = [
      aSubscription(`sub_${ada.stripeId}`, "plan:pro:month:usd", ended),
      aSubscription(`sub2_${ada.stripeId}`, "plan:pro:month:usd", trial),
    ];
    const second = aDelivery("customer.subscription.created", about(ada));
    await receiveEvent(second.body, second.signature);
    await runJobs(only);
    expect(await available(ada)).toBe(0n);
    expect(await db().select().from(trials).where(eq(trials.accountId, ada.accountId))).toHaveLength(1);
  });

  it("a price that is off sale takes nothing from whoever pays it", async () => {
    subscribe(ada);
    await deliver("invoice.paid", about(ada));
    await db().execute(sql`update prices set on_sale = false where lookup_key = 'plan:pro:month:usd'`);
    await deliver("customer.subscription.updated", about(ada));
    expect(await available(ada)).toBe(1_000n);
    expect((await readAllowed(db(), ada.accountId)).planId).toBe("pro");
    await db().execute(sql`update prices set on_sale = true where lookup_key = 'plan:pro:month:usd'`);
  });
});

describe("what is recorded and grants nothing", () => {
  it.each([
    ["another currency than the price's", { currency: "eur" }, "currency_mismatch"],
    ["an amount of nothing", { cents: 0 }, "amount_zero"],
    ["a price nobody knows", { price: "price_unknown" }, "unknown_price"],
  ])("%s", async (_name, given, refused) => {
    const line = {
      id: `il_${ada.stripeId}`,
      price: "pack:small:usd",
      cents: 900,
      start: now,
      end: now,
      ...given,
    };
    ada.world.invoices.push(anInvoice(`in_${ada.stripeId}`, [line], { at: now }));
    await deliver("invoice.paid", about(ada));
    expect(await available(ada)).toBe(0n);
    const [row] = await db().select().from(invoiceLines).where(eq(invoiceLines.id, line.id));
    expect(row?.refused).toBe(refused);
  });
});

describe("a line of less than nothing", () => {
  it("grants and takes nothing by itself", async () => {
    buyPack(ada);
    await deliver("invoice.paid", about(ada));
    const line = { id: `il3_${ada.stripeId}`, price: "pack:small:usd", cents: -900, start: now, end: now };
    ada.world.invoices.push(anInvoice(`in3_${ada.stripeId}`, [line], { at: now }));
    await deliver("invoice.paid", about(ada));
    expect(await available(ada)).toBe(500n);
    const granted = await db().select().from(lineGrants).where(eq(lineGrants.lineId, line.id));
    expect(granted).toEqual([]);
    expect(await paidForLots(ada)).toEqual([900n]);
  });
});

describe("what is paid back", () => {
  it("takes the unspent part of the same share, once, and never more than is left", async () => {
    buyPack(ada);
    await deliver("invoice.paid", about(ada));
    ada.world.charges = [aCharge(`inp_${ada.stripeId}`, 900, { amount_refunded: 450 })];
    await deliver("charge.refunded", about(ada));
    await deliver("charge.refunded", about(ada));
    expect(await available(ada)).toBe(250n);
    ada.world.charges = [aCharge(`inp_${ada.stripeId}`, 900, { amount_refunded: 900 })];
    await deliver("charge.refunded", about(ada));
    expect(await available(ada)).toBe(0n);
  });

  it("by a dispute comes again when it is won; until then the account is flagged", async () => {
    buyPack(ada);
    await deliver("invoice.paid", about(ada));
    const charge = aCharge(`inp_${ada.stripeId}`, 900, { disputed: true });
    const dispute = {
      ...{ id: `dp_${ada.stripeId}`, charge: charge.id, amount: 900, created: 1_790_000_000 },
      ...{ currency: "usd", reason: "fraudulent", evidence_details: { due_by: null } },
    };
    const flag = async () =>
      (await db().select().from(customers).where(eq(customers.accountId, ada.accountId)))[0]?.flag;
    ada.world.charges = [charge];
    ada.world.disputes = [{ ...dispute, status: "needs_response" }];
    await deliver("charge.dispute.created", about(ada));
    expect([await available(ada), await flag()]).toEqual([0n, "dispute"]);
    ada.world.disputes = [{ ...dispute, status: "won" }];
    await deliver("charge.dispute.closed", about(ada));
    expect([await available(ada), await flag()]).toEqual([500n, null]);
  });
});
