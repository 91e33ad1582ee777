import "#server-only";
import { desc } from "drizzle-orm";
import type { Queryable } from "#platform/db";
import { singleton } from "#platform/singleton";
import { catalogueEditions } from "#schema";
import { type Catalogue, type Plan, seed } from "./catalogue";
import { catalogueSchema } from "./catalogue-form";

/**
 * The catalogue that holds: the database's latest edition, or the seed while nothing was published. Whatever
 * shows or sells plans and packs reads it here.
 */

export type Edition = Catalogue & { version: number };

/** How long a process may show an edition after another process has published the next. */
const freshMs = 2_000;
const known = singleton<{ edition: Edition; readAt: number }>("billing.catalogue");

/** As it is this moment. */
export async function readCatalogue(queryable: Queryable): Promise<Edition> {
  const [latest] = await queryable
    .select({ version: catalogueEditions.version, content: catalogueEditions.content })
    .from(catalogueEditions)
    .orderBy(desc(catalogueEditions.version))
    .limit(1);
  return latest
    ? { ...catalogueSchema.parse(latest.content), version: latest.version }
    : { ...seed, version: 0 };
}

/** As it was at most two seconds ago: for pages, and for what every run asks. What is paid is read from `prices`. */
export async function readCatalogueNow(queryable: Queryable): Promise<Edition> {
  const remembered = known.get();
  if (remembered && performance.now() - remembered.readAt < freshMs) return remembered.edition;
  const edition = await readCatalogue(queryable).catch((error: unknown) => {
    // What was just on sale is nearer the truth than an error, or the seed.
    if (remembered) return remembered.edition;
    throw error;
  });
  known.set({ edition, readAt: performance.now() });
  return edition;
}

/** After a publication this process shows it at once. */
export function forgetCatalogue(): void {
  known.clear();
}

export function freeOf({ plans }: Catalogue): Plan {
  const free = plans.find(({ id }) => id === "free");
  if (!free) throw new Error("The catalogue has no Free plan.");
  return free;
}

/** What whoever pays for no plan has. */
export async function readFree(queryable: Queryable): Promise<Plan> {
  return freeOf(await readCatalogueNow(queryable));
}

/**
 * What a credit brings at least, where plans and packs sell it cheapest in US dollars, in millionths of one; null
 * when nothing is sold.
 */
export async function readCreditWorth(queryable: Queryable): Promise<number | null> {
  const { plans, packs } = await readCatalogueNow(queryable);
  const ofPlans = plans.flatMap(({ prices, creditsPerMonth, archived }) =>
    prices && !archived && creditsPerMonth > 0
      ? [prices.month.usd / creditsPerMonth, prices.year.usd / 12 / creditsPerMonth]
      : [],
  );
  const ofPacks = packs.flatMap(({ prices, credits, bonus, archived }) =>
    archived ? [] : [prices.usd / (credits + bonus)],
  );
  const cents = [...ofPlans, ...ofPacks];
  return cents.length > 0 ? Math.min(...cents) * 10_000 : null;
}
