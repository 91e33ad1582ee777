import { sql } from "drizzle-orm";
import type { Tx } from "#platform/db";
import { signUpSources } from "#schema";
import type { Kept } from "./event";
import { type Arrival, sourceOf } from "./visit";

/**
 * Where people come from who sign up: how their browser arrived on that day. It needs no cookie, and so knows
 * nothing of the days before.
 */
export async function attributeSignUps(tx: Tx, kept: readonly Kept[]): Promise<void> {
  for (const { name, userId, visitor, referred } of kept) {
    if (name !== "signed_up" || !userId) continue;
    const arrival = visitor ? await readArrival(tx, visitor) : null;
    const { path, country, ...marks } = arrival ?? nowhere;
    await tx
      .insert(signUpSources)
      .values({ userId, source: sourceOf(marks, referred), ...marks, landingPath: path, country })
      .onConflictDoNothing();
  }
}

type Arrived = Arrival & { path: string | null; country: string | null };

const nowhere: Arrived = {
  ...{ referrer: null, utmSource: null, utmMedium: null, utmCampaign: null },
  ...{ path: null, country: null },
};

async function readArrival(tx: Tx, visitor: string): Promise<Arrived | null> {
  const { rows } = await tx.execute<Arrived>(sql`
    select referrer, utm_source as "utmSource", utm_medium as "utmMedium", utm_campaign as "utmCampaign", path,
      country
    from product_events
    where visitor = ${visitor} and (referrer is not null or utm_source is not null)
    order by id limit 1`);
  return rows[0] ?? null;
}
