import { eq, sql } from "drizzle-orm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readBalance, reconcile } from "#ledger";
import { db } from "#platform/db";
import { lineGrants, stripeEvents, subscriptions } from "#schema";
import { runJobs, testDatabase } from "#test";
import { readAllowed } from "./entitlements";
import { receiveEvent, tasks } from "./index";
import {
  about,
  aCharge,
  aCustomer,
  aDelivery,
  aSubscription,
  buyPack,
  type Customer,
  fakeStripe,
  month,
  now,
  subscribe,
  upgradeInMidst,
} from "./stripe.fixture";

/** Webhooks in any order, any number of times, at once: the same books. */

testDatabase();

const fake = fakeStripe();
const system = tasks.system ?? {};

const available = async ({ accountId }: Customer) => (await readBalance(db(), accountId)).available;

describe("order", () => {
  it("does not matter: a slow, older answer never takes back what a later one has brought", async () => {
    let resolve = () => {};
    const release = new Promise<void>((done) => {
      resolve = done;
    });
    let held = false;
    fake.beforeAnswer = (path) => {
      if (path !== "/v1/subscriptions" || held) return;
      held = true;
      return release;
    };
    const ada = await aCustomer(fake);
    await receive(aDelivery("customer.subscription.created", about(ada)));
    const running = runJobs(system);
    await expect.poll(() => held).toBe(true);
    subscribe(ada);
    await receive(aDelivery("invoice.paid", about(ada)));
    await runJobs(system);
    expect(await available(ada)).toBe(1_000n);
    resolve();
    await running;
    expect(await available(ada)).toBe(1_000n);
    const rows = await db().select().from(subscriptions).where(eq(subscriptions.accountId, ada.accountId));
    expect(rows.map(({ status }) => status)).toEqual(["active"]);
  });

  it("a thousand webhooks shuffled, doubled and delivered at once, while all goes on, end as in order", {
    timeout: 240_000,
  }, async () => {
    const someone = () => Promise.all(Array.from({ length: 20 }, () => aCustomer(fake)));
    const [inOrder, shuffled] = [await someone(), await someone()];
    // How far each goes: from a plan alone to the end of it.
    const stepsOf = (index: number) => history.slice(0, 1 + (index % history.length));

    for (const [step, happen] of history.entries()) {
      for (const one of inOrder.filter((_one, index) => stepsOf(index).length > step)) {
        happen(one);
        await receive(aDelivery("invoice.paid", about(one)));
      }
      await runJobs(system);
    }

    const told: Delivery[] = [];
    const tell = async (one: Customer, type = "invoice.paid") => {
      const delivery = aDelivery(type, about(one));
      told.push(delivery);
      await receive(delivery);
    };
    const happenings = shuffled.flatMap((one, index) => {
      const left = stepsOf(index);
      return left.map(() => () => {
        left.shift()?.(one);
        return tell(one);
      });
    });
    const types = [
      "invoice.paid",
      "customer.subscription.updated",
      "charge.refunded",
      "payment_intent.created",
    ];
    const others = Array.from(
      { length: 640 },
      (_, index) => () => tell(at(shuffled, index), at(types, index)),
    );
    const again = Array.from({ length: 300 }, (_, index) => async () => {
      if (told.length > 0) await receive(at(told, index * 7));
    });
    const all = [...happenings, ...others, ...again];
    expect(all).toHaveLength(1_000);
    const [mixed = all] = fc.sample(fc.shuffledSubarray(all, { minLength: all.length }), {
      ...{ numRuns: 1, seed: 8 },
    });
    const lanes = Array.from({ length: 8 }, (_, lane) => mixed.filter((_one, place) => place % 8 === lane));
    await Promise.all([
      ...lanes.map(async (lane) => {
        for (const happen of lane) await happen();
      }),
      runJobs(system),
      runJobs(system),
    ]);
    await Promise.all([runJobs(system), runJobs(system)]);

    for (const [index, one] of shuffled.entries()) {
      expect(await books(one), `after ${stepsOf(index).length} steps`).toEqual(
        await books(at(inOrder, index)),
      );
    }
    expect(await available(at(shuffled, 0))).toBe(1_000n);
    expect(await available(at(shuffled, history.length - 1))).toBe(4_250n);
    const open = await db().select().from(stripeEvents).where(sql`${stripeEvents.status} <> 'done'`);
    expect(
      open.filter(({ stripeCustomerId }) => shuffled.some((one) => one.stripeId === stripeCustomerId)),
    ).toEqual([]);
    expect(await reconcile(db())).toEqual([]);
  });
});

type Delivery = ReturnType<typeof aDelivery>;
const receive = ({ body, signature }: Delivery) => receiveEvent(body, signature);

function at<T>(list: readonly T[], index: number): T {
  const found = list[index % list.length];
  if (found === undefined) throw new Error("an empty list");
  return found;
}

/** What a customer goes through: a plan, a pack, an upgrade, half of the pack paid back, the plan's end. */
const history: ((one: Customer) => void)[] = [
  subscribe,
  buyPack,
  upgradeInMidst,
  ({ world, stripeId }) => {
    world.charges = [aCharge(`inp_${stripeId}`, 900, { amount_refunded: 450 })];
  },
  ({ world, stripeId }) => {
    const ended = { ...month, status: "canceled", ended_at: Math.floor(now.getTime() / 1000) };
    world.subscriptions = [aSubscription(`sub_${stripeId}`, "plan:premium:month:usd", ended)];
  },
];

/** All that a customer has, by names that do not name the customer. */
async function books({ accountId, stripeId }: Customer) {
  const name = (id: string) => id.replace(stripeId, "");
  const [granted, subscribed, { lots }] = await Promise.all([
    db().select().from(lineGrants).where(eq(lineGrants.accountId, accountId)),
    db().select().from(subscriptions).where(eq(subscriptions.accountId, accountId)),
    readBalance(db(), accountId),
  ]);
  return {
    granted: granted
      .map(({ lineId, month, credits, reversed }) => `${name(lineId)} ${month}: ${credits - reversed}`)
      .sort(),
    subscribed: subscribed.map(({ id, status, priceId }) => `${name(id)} ${status} ${priceId}`).sort(),
    lots: lots.map(({ source, remaining }) => `${source} ${remaining}`).sort(),
    plan: (await readAllowed(db(), accountId)).planId,
  };
}
