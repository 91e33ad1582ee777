import { db, type Queryable } from "#platform/db";
import { newId } from "#platform/id";
import { prices } from "#schema";
import {
  type Currency,
  currencies,
  type Interval,
  intervals,
  packLookupKey,
  packs,
  planLookupKey,
  plans,
} from "./catalogue";

/** What is sold, as rows: each price with its terms (see the table). */

type NewPrice = typeof prices.$inferInsert;

/**
 * Puts on sale what the catalogue has and the database has not. What is on sale already is left as it is.
 * @returns how many were added
 */
export async function seedPrices(queryable: Queryable = db()): Promise<number> {
  const made = await queryable.insert(prices).values(catalogued()).onConflictDoNothing().returning();
  return made.length;
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
