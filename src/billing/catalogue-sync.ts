import { and, eq, isNull, sql } from "drizzle-orm";
import type { Task } from "graphile-worker";
import Stripe from "stripe";
import { db } from "#platform/db";
import { catalogueEditions, prices } from "#schema";
import { readCatalogue } from "./edition";
import { forgetTestMode } from "./play-money";
import { listOnSale, type Price, renewPrice, replacePrices } from "./price";
import { isMissing, sells, stripe } from "./stripe";

/**
 * Brings what is on sale to Stripe: products by our id in their metadata, prices by lookup key. Safe to
 * repeat: what is there with the same figures stays. A price is never edited; a new one takes over its key.
 */

export type CatalogueSync = {
  replaced: string[];
  created: string[];
  kept: number;
  /** What Stripe refused, with its words; the others are there. */
  failed: { lookupKey: string; error: string }[];
  /** Customers of test mode, which live keys have set aside. */
  setAside: number;
};

export async function syncCatalogue(): Promise<CatalogueSync> {
  const replaced = await db().transaction(async (tx) => {
    // A publication in between would have its prices replaced by those before.
    await tx.execute(sql`lock table ${catalogueEditions} in share mode`);
    return replacePrices(tx, await readCatalogue(tx));
  });
  const onSale = await listOnSale(db());
  const created: string[] = [];
  const failed: CatalogueSync["failed"] = [];
  for (const price of onSale) {
    try {
      if (await bring(price)) created.push(price.lookupKey);
      if (price.syncError) await note(price, null);
    } catch (error) {
      const words = error instanceof Error ? error.message.slice(0, 500) : String(error);
      await note(price, words);
      failed.push({ lookupKey: price.lookupKey, error: words });
      // Nobody there: the others would each wait for nothing.
      if (error instanceof Stripe.errors.StripeConnectionError) break;
    }
  }
  if (failed.length === 0) await withdraw(new Set(onSale.map(({ lookupKey }) => lookupKey)));
  const kept = onSale.length - created.length - failed.length;
  return { replaced, created, kept, failed, setAside: await forgetTestMode() };
}

/** The job behind a publication; it is tried again until everything on sale is in Stripe. */
export const syncCatalogueTask: Task = async () => {
  if (!sells()) return;
  const { failed } = await syncCatalogue();
  if (failed.length > 0) throw new Error(`${failed.length} prices could not be brought to Stripe`);
};

async function note({ id }: Price, syncError: string | null): Promise<void> {
  await db().update(prices).set({ syncError }).where(eq(prices.id, id));
}

/** What was archived can be bought in Stripe no more; whoever pays it goes on paying it. */
async function withdraw(onSale: ReadonlySet<string>): Promise<void> {
  const retired = await db()
    .selectDistinct({ lookupKey: prices.lookupKey })
    .from(prices)
    .where(eq(prices.onSale, false));
  const client = stripe();
  for (const { lookupKey } of retired) {
    if (onSale.has(lookupKey)) continue;
    const { data } = await client.prices.list({ lookup_keys: [lookupKey], active: true, limit: 1 });
    for (const { id } of data) await client.prices.update(id, { active: false });
  }
}

/** Asks Stripe. @returns how many prices on sale it does not know: yet, or under the keys of today */
export async function countUnsynced(): Promise<number> {
  const active = await stripe()
    .prices.list({ active: true, limit: 100 })
    .autoPagingToArray({ limit: 10_000 });
  const known = new Set(active.map(({ id }) => id));
  return (await listOnSale(db())).filter(({ stripePriceId }) => !known.has(stripePriceId ?? "")).length;
}

/** @returns whether it was made in Stripe now */
async function bring(price: Price): Promise<boolean> {
  const client = stripe();
  const [found] = (await client.prices.list({ lookup_keys: [price.lookupKey], active: true, limit: 1 })).data;
  if (found && isSame(found, price)) {
    if (price.stripePriceId === null) await remember(price, found.id);
    return false;
  }
  // Known under an id that this Stripe does not have: the keys are of another account, or were test keys.
  if (price.stripePriceId) return bring(await renewPrice(price));
  const product = await openProduct(price);
  const made = await client.prices.create(
    {
      ...{ product, currency: price.currency, unit_amount: price.amountCents },
      ...{ lookup_key: price.lookupKey, transfer_lookup_key: true, metadata: { price: price.id } },
      ...(price.interval && { recurring: { interval: price.interval } }),
    },
    { idempotencyKey: `price:${price.id}` },
  );
  await remember(price, made.id);
  if (found) await client.prices.update(found.id, { active: false });
  return true;
}

/** The row's own price: its id stands in the metadata, so that equal figures with other terms are another. */
function isSame(found: Stripe.Price, price: Price): boolean {
  return found.metadata.price === price.id || price.stripePriceId === found.id;
}

async function remember(price: Price, stripePriceId: string): Promise<void> {
  await db()
    .update(prices)
    .set({ stripePriceId })
    .where(and(eq(prices.id, price.id), isNull(prices.stripePriceId)));
}

async function openProduct({ planId, packId, credits }: Price): Promise<string> {
  const id = `toolmint_${planId ?? `pack_${packId}`}`;
  const name = planId
    ? `${planId.slice(0, 1).toUpperCase()}${planId.slice(1)}`
    : `${credits.toLocaleString("en-US")} credits`;
  const client = stripe();
  const known = await client.products.retrieve(id).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (known) {
    if (known.name !== name) await client.products.update(id, { name });
    return id;
  }
  await client.products.create({ id, name }, { idempotencyKey: `product:${id}:${name}` });
  return id;
}
