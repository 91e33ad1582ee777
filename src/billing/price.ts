import { and, eq, inArray } from "drizzle-orm";
import { db, type Queryable, type Tx } from "#platform/db";
import { newId } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { prices } from "#schema";
import {
  type Catalogue,
  type Currency,
  currencies,
  type Interval,
  intervals,
  onSaleOf,
  type Plan,
  type PlanId,
  packLookupKey,
  planIds,
  planLookupKey,
} from "./catalogue";
import { readCatalogue } from "./edition";

/** What is sold, as rows: each price with its terms (see the table). */

export type Price = typeof prices.$inferSelect;
export type PlanPrice = Price & { planId: Exclude<PlanId, "free">; interval: Interval };

type NewPrice = typeof prices.$inferInsert;

/**
 * Puts on sale what the catalogue has and the prices have not. What is on sale already is left as it is:
 * `replacePrices` brings changed figures.
 * @returns how many were added
 */
export async function seedPrices(queryable: Queryable = db()): Promise<number> {
  return addPrices(queryable, await readCatalogue(queryable));
}

async function addPrices(queryable: Queryable, catalogue: Catalogue): Promise<number> {
  const rows = catalogued(catalogue);
  if (rows.length === 0) return 0;
  return (await queryable.insert(prices).values(rows).onConflictDoNothing().returning()).length;
}

/**
 * Makes what is on sale what the catalogue says: a price whose figures have changed is retired, and a new
 * one takes its place; what was archived is retired. Whoever pays the old one goes on with it.
 * @returns the lookup keys that have a new price
 */
export async function replacePrices(tx: Tx, catalogue: Catalogue): Promise<string[]> {
  await addPrices(tx, catalogue);
  const wantedRows = catalogued(catalogue);
  const sold = new Set(wantedRows.map(({ lookupKey }) => lookupKey));
  const gone = (await listOnSale(tx)).filter(({ lookupKey }) => !sold.has(lookupKey)).map(({ id }) => id);
  if (gone.length > 0) await tx.update(prices).set({ onSale: false }).where(inArray(prices.id, gone));
  const onSale = new Map((await listOnSale(tx)).map((price) => [price.lookupKey, price]));
  const replaced: string[] = [];
  for (const wanted of wantedRows) {
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
    const values = { ...terms, id: newId("price"), stripePriceId: null, syncError: null, onSale: true };
    const [made] = await tx.insert(prices).values(values).returning();
    if (!made) throw new Error(`no price took the place of ${price.id}`);
    return made;
  });
}

export async function listOnSale(queryable: Queryable): Promise<Price[]> {
  return queryable.select().from(prices).where(eq(prices.onSale, true)).orderBy(prices.lookupKey);
}

export async function findOnSale(queryable: Queryable, lookupKey: string): Promise<Price | null> {
  const [price] = await queryable
    .select()
    .from(prices)
    .where(and(eq(prices.lookupKey, lookupKey), eq(prices.onSale, true)));
  return price ?? null;
}

/**
 * A price on sale that Stripe knows.
 * @throws Refusal not_for_sale for what was archived, payments_off when it was never brought to Stripe
 */
export async function requireOnSale(
  queryable: Queryable,
  lookupKey: string,
): Promise<Price & { stripePriceId: string }> {
  const price = await findOnSale(queryable, lookupKey);
  if (!price) throw new Refusal("not_for_sale");
  if (!price.stripePriceId) throw new Refusal("payments_off");
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

/** What a catalogue sells, as new rows. */
function catalogued(catalogue: Catalogue): (NewPrice & { lookupKey: string })[] {
  const { plans, packs } = onSaleOf(catalogue);
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

function planRow(plan: Plan, interval: Interval, currency: Currency) {
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
