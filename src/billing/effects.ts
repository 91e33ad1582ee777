import { and, eq, inArray, isNull, or, sql } from "drizzle-orm";
import { db, type Queryable } from "#platform/db";
import { checkouts, prices, subscriptions, topUps, users } from "#schema";
import { liveStatuses } from "./access";
import type { Catalogue, Pack, Plan } from "./catalogue";
import { differenceOf } from "./catalogue-form";

/** Whom a publication concerns, and how its prices stand in Stripe. */

/** Of one plan or pack that changes. Whatever is counted here keeps what it has, but for Free and top-ups. */
export type Effect = {
  kind: "plan" | "pack";
  id: string;
  archived: boolean;
  /** Pay for it now, and go on with their own terms. */
  subscribers: number;
  /** Of them: in a trial, which ends as it was promised. */
  trials: number;
  /** Change to it at the end of their period, for the price that they were told. */
  scheduled: number;
  /** Are on Stripe's page with the old price, which holds there. */
  checkouts: number;
  /** Auto top-ups that buy it: from now on for the new price, or paused if it is archived. */
  topUps: number;
  /** Of them: the new price is above their monthly limit, so that they buy nothing. */
  topUpsStopped: number;
  /** Of Free: everybody without a plan, at once. */
  freeCustomers: number;
};

/** What going from one catalogue to the other does to whom. */
export async function effectsOf(before: Catalogue, after: Catalogue): Promise<Effect[]> {
  const changed = new Set(
    differenceOf(before, after).map(({ path }) => path.split(".").slice(0, 2).join(".")),
  );
  return Promise.all([
    ...after.plans.filter(({ id }) => changed.has(`plans.${id}`)).map(effectOfPlan),
    ...after.packs.filter(({ id }) => changed.has(`packs.${id}`)).map(effectOfPack),
  ]);
}

const none = {
  ...{ subscribers: 0, trials: 0, scheduled: 0, checkouts: 0, topUps: 0, topUpsStopped: 0, freeCustomers: 0 },
};

async function effectOfPlan({ id, archived }: Plan): Promise<Effect> {
  const live = and(inArray(subscriptions.status, liveStatuses), eq(subscriptions.surplus, false));
  if (id === "free") {
    const all = await db().$count(users);
    const paying = await db().$count(subscriptions, live);
    return { ...none, kind: "plan", id, archived, freeCustomers: Math.max(0, all - paying) };
  }
  const own = db().select({ id: prices.id }).from(prices).where(eq(prices.planId, id));
  const [subscribers, trials, scheduled, open] = await Promise.all([
    db().$count(subscriptions, and(live, inArray(subscriptions.priceId, own))),
    db().$count(
      subscriptions,
      and(
        eq(subscriptions.status, "trialing"),
        eq(subscriptions.surplus, false),
        inArray(subscriptions.priceId, own),
      ),
    ),
    db().$count(subscriptions, and(live, inArray(subscriptions.nextPriceId, own))),
    db().$count(checkouts, and(eq(checkouts.status, "open"), inArray(checkouts.priceId, own))),
  ]);
  return { ...none, kind: "plan", id, archived, subscribers, trials, scheduled, checkouts: open };
}

async function effectOfPack({ id, archived, prices: amounts }: Pack): Promise<Effect> {
  const own = db().select({ id: prices.id }).from(prices).where(eq(prices.packId, id));
  const buying = and(eq(topUps.enabled, true), isNull(topUps.pausedReason), eq(topUps.packId, id));
  const above = or(
    ...Object.entries(amounts).map(
      ([currency, cents]) =>
        sql`(${topUps.currency} = ${currency} and ${topUps.monthlyLimitCents} < ${cents})`,
    ),
  );
  const [count, stopped, open] = await Promise.all([
    db().$count(topUps, buying),
    db().$count(topUps, and(buying, above)),
    db().$count(checkouts, and(eq(checkouts.status, "open"), inArray(checkouts.priceId, own))),
  ]);
  const topUpsStopped = archived ? count : stopped;
  return { ...none, kind: "pack", id, archived, checkouts: open, topUps: count, topUpsStopped };
}

export type SyncState = {
  lookupKey: string;
  currency: string;
  amountCents: number;
  state: "synced" | "waiting" | "failed";
  error: string | null;
};

/** How each price on sale stands in Stripe. */
export async function listSyncStates(queryable: Queryable): Promise<SyncState[]> {
  const rows = await queryable.select().from(prices).where(eq(prices.onSale, true)).orderBy(prices.lookupKey);
  return rows.map(({ lookupKey, currency, amountCents, stripePriceId, syncError }) => ({
    ...{ lookupKey, currency, amountCents, error: syncError },
    state: syncError ? "failed" : stripePriceId ? "synced" : "waiting",
  }));
}
