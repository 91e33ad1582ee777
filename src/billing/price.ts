import { and, eq } from "drizzle-orm";
import { db, type Queryable, type Tx } from "#platform/db";
import { newId } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { prices } from "#schema";
import {
  type Currency,
  currencies,
  type Interval,
  intervals,
  type PlanId,
  packLookupKey,
  packs,
  planIds,
  planLookupKey,
  plans,
} from "./catalogue";

/** What is sold, as rows: each price with its terms (see the table). */

export type Price = typeof prices.$inferSelect;
export type PlanPrice = Price & { planId: Exclude<PlanId, "free">; interval: Interval };

type NewPrice = typeof prices.$inferInsert;

/**
 * Puts on sale what the catalogue has and the database has not. What is on sale already is left as it is:
 * `replacePrices` brings changed figures.
 * @returns how many were added
 */
export async function seedPrices(queryable: Queryable = db()): Promise<number> {
  const made = await queryable.insert(prices).values(catalogued()).onConflictDoNothing().returning();
  return made.length;
}

/**
 * Makes what is on sale what the catalogue says: a price whose figures have changed is retired, and a new
 * one takes its place. Whoever pays the old one goes on with it.
 * @returns the lookup keys that have a new price
 */
export async function replacePrices(tx: Tx): Promise<string[]> {
  await seedPrices(tx);
  const onSale = new Map((await listOnSale(tx)).map((price) => [price.lookupKey, price]));
  const replaced: string[] = [];
  for (const wanted of catalogued()) {
    const price = onSale.get(wanted.lookupKey);
    if (!price || termsOf(price) === termsOf(wanted)) continue;
    await tx.update(prices).set({ onSale: false }).where(eq(prices.id, price.id));
    await tx.insert(prices).values(wanted);
    replaced.push(wanted.lookupKey);
  }
  return replaced;
}

/** The same offer under a new id, which Stripe does not know yet. */
export async function renewPrice(price: Price): Promise<Price> {
  return db().transaction(async (tx) => {
    await tx.update(prices).set({ onSale: false }).where(eq(prices.id, price.id));
    const { createdAt: _, ...terms } = price;
    const values = { ...terms, id: newId("price"), stripePriceId: null, onSale: true };
    const [made] = await tx.insert(prices).values(values).returning();
    if (!made) throw new Error(`no price took the place of ${price.id}`);
    return made;
  });
}

export async function listOnSale(queryable: Queryable): Promise<Price[]> {
  return queryable.select().from(prices).where(eq(prices.onSale, true)).orderBy(prices.lookupKey);
}

/** A price on sale that Stripe knows. @throws Refusal payments_off when it was never brought there */
export async function requireOnSale(
  queryable: Queryable,
  lookupKey: string,
): Promise<Price & { stripePriceId: string }> {
  const [price] = await queryable
    .select()
    .from(prices)
    .where(and(eq(prices.lookupKey, lookupKey), eq(prices.onSale, true)));
  if (!price?.stripePriceId) throw new Refusal("payments_off");
  return { ...price, stripePriceId: price.stripePriceId };
}

export function isPlanPrice(price: Price): price is PlanPrice {
  return price.planId !== null && price.interval !== null;
}

/**
 * Which way a change goes. What costs at least as much in both plan and interval takes effect at once and is
 * paid at once; anything else waits for the end of what was paid.
 */
export function directionOf(
  from: { planId: PlanId; interval: Interval },
  to: { planId: PlanId; interval: Interval },
): "upgrade" | "downgrade" | "same" {
  const plan = planIds.indexOf(to.planId) - planIds.indexOf(from.planId);
  const interval = intervals.indexOf(to.interval) - intervals.indexOf(from.interval);
  if (plan === 0 && interval === 0) return "same";
  return plan >= 0 && interval >= 0 ? "upgrade" : "downgrade";
}

/** The catalogue as new rows. */
function catalogued(): (NewPrice & { lookupKey: string })[] {
  return currencies.flatMap((currency) => [
    ...plans.flatMap((plan) => intervals.flatMap((interval) => planRow(plan, interval, currency))),
    ...packs.map((pack) => ({
      id: newId("price"),
      kind: "pack" as const,
      packId: pack.id,
      currency,
      amountCents: pack.prices[currency],
      lookupKey: packLookupKey(pack.id, currency),
      credits: BigInt(pack.credits + pack.bonus),
      expiresAfterMonths: pack.expiresAfterMonths,
    })),
  ]);
}

function planRow(plan: (typeof plans)[number], interval: Interval, currency: Currency) {
  if (!plan.prices || plan.id === "free") return [];
  return [
    {
      id: newId("price"),
      kind: "plan" as const,
      planId: plan.id,
      interval,
      currency,
      amountCents: plan.prices[interval][currency],
      lookupKey: planLookupKey(plan.id, interval, currency),
      credits: BigInt(plan.creditsPerMonth),
      rolloverCap: BigInt(plan.rolloverCap),
      entitlements: plan.entitlements,
      trialDays: plan.trial?.days ?? null,
      trialCredits: plan.trial ? BigInt(plan.trial.credits) : null,
    },
  ];
}

/** What must be equal for two prices to promise the same. */
function termsOf(price: NewPrice): string {
  const { amountCents, credits, rolloverCap, entitlements, trialDays, trialCredits, expiresAfterMonths } =
    price;
  return JSON.stringify([
    amountCents,
    `${credits}`,
    `${rolloverCap ?? 0n}`,
    sorted(entitlements),
    trialDays ?? null,
    `${trialCredits ?? null}`,
    expiresAfterMonths ?? null,
  ]);
}

/** jsonb keeps no order of keys. */
function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value ?? null;
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}
