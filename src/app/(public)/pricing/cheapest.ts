import type { Catalogue, Currency, Pack, Plan, PlanId } from "#billing/catalogue";

/** How a month's work is paid for the least money: a plan, packs, or both. */
export type Way = {
  planId: PlanId;
  packs: readonly { id: string; count: number }[];
  /** A month, in the currency's minor unit. */
  cents: number;
  /** What it brings in that month. */
  credits: number;
};

/** An amount of credits is reached in at most so many steps, however small a pack is. */
const mostSteps = 2_000;
const leastStep = 100;

/**
 * The cheapest way to so many credits a month; of equals the one that brings more credits.
 * @param credits at least 0.
 */
export function cheapestWay(credits: number, currency: Currency, { plans, packs }: Catalogue): Way {
  const ways = plans
    .filter(({ creditsPerMonth }) => packs.length > 0 || creditsPerMonth >= credits)
    .map((plan) => wayWith(plan, packs, credits, currency));
  if (ways.length === 0) return { planId: "free", packs: [], cents: 0, credits: 0 };
  return ways.reduce((best, way) =>
    way.cents < best.cents || (way.cents === best.cents && way.credits > best.credits) ? way : best,
  );
}

function wayWith(plan: Plan, packs: readonly Pack[], credits: number, currency: Currency): Way {
  const planCents = plan.prices?.month[currency] ?? 0;
  const bought = cheapestPacks(Math.max(0, credits - plan.creditsPerMonth), packs, currency);
  return {
    planId: plan.id,
    packs: count(packs, bought),
    cents: planCents + bought.reduce((sum, pack) => sum + pack.prices[currency], 0),
    credits: plan.creditsPerMonth + bought.reduce((sum, pack) => sum + sizeOf(pack), 0),
  };
}

/** The packs that together bring at least so many credits for the least money, found from small amounts up. */
function cheapestPacks(credits: number, packs: readonly Pack[], currency: Currency): readonly Pack[] {
  const step = Math.max(leastStep, Math.ceil(credits / mostSteps));
  const steps = Math.ceil(credits / step);
  const best: { cents: number; pack: Pack | null; before: number }[] = [{ cents: 0, pack: null, before: 0 }];
  for (let reached = 1; reached <= steps; reached++) {
    const choices = packs.map((pack) => {
      // A pack smaller than a step counts as one: the way then brings a little less, never more, than it says.
      const before = Math.max(0, reached - Math.max(1, Math.floor(sizeOf(pack) / step)));
      return { cents: (best[before]?.cents ?? 0) + pack.prices[currency], pack, before };
    });
    best[reached] = choices.reduce((least, choice) => (choice.cents < least.cents ? choice : least));
  }
  const bought: Pack[] = [];
  for (let at = best[steps]; at?.pack; at = best[at.before]) bought.push(at.pack);
  return bought;
}

function count(packs: readonly Pack[], bought: readonly Pack[]): Way["packs"] {
  return packs
    .map(({ id }) => ({ id, count: bought.filter((pack) => pack.id === id).length }))
    .filter((pack) => pack.count > 0);
}

/** What a pack brings, its bonus included. */
export function sizeOf(pack: Pack): number {
  return pack.credits + pack.bonus;
}
