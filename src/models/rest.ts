import { eq, sql } from "drizzle-orm";
import { db } from "#platform/db";
import type { Id } from "#platform/id";
import { storable } from "#platform/storable";
import { providers } from "#schema";

/**
 * The circuit breaker, as Nygard's "Release It!" has it: a provider that fails again and again is left alone for
 * a while, longer each time, and is asked again after it. It stands in the database, so that all processes know.
 */

/** After so many failures in a row it rests. */
const patience = 3;
const restSeconds = 30;
const mostRestSeconds = 600;

/**
 * @param pauseSeconds it rests so long whatever went before: it said so itself, or its key is wrong
 */
export async function noteFailure(
  id: Id<"provider"> | null,
  message: string,
  pauseSeconds?: number,
): Promise<void> {
  if (id === null) return;
  const failures = sql`${providers.failures} + 1`;
  const growing = sql`least(${mostRestSeconds}, ${restSeconds} * power(2, least(${failures} - ${patience}, 10)))`;
  const seconds =
    pauseSeconds === undefined
      ? sql`case when ${failures} >= ${patience} then ${growing} end`
      : sql`${Math.min(pauseSeconds, mostRestSeconds)}::float8`;
  await db()
    .update(providers)
    .set({
      failures,
      restsUntil: sql`greatest(${providers.restsUntil}, now() + make_interval(secs => ${seconds}))`,
      lastError: storable(message, 500),
      lastErrorAt: sql`now()`,
    })
    .where(eq(providers.id, id));
}

/** Writes only when there is something to forget. */
export async function noteSuccess(id: Id<"provider"> | null): Promise<void> {
  if (id === null) return;
  await db()
    .update(providers)
    .set({ failures: 0, restsUntil: null })
    .where(
      sql`${providers.id} = ${id} and (${providers.failures} > 0 or ${providers.restsUntil} is not null)`,
    );
}
