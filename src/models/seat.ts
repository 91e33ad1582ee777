import { and, eq, sql } from "drizzle-orm";
import { db } from "#platform/db";
import { type Id, newId } from "#platform/id";
import { type Limit, limit, remaining } from "#platform/rate-limit";
import { Refusal } from "#platform/refusal";
import { providerSeats } from "#schema";
import { type Candidate, findCandidates, type ModelKind } from "./model";

/** Keeps all processes together to a provider's limits. */

export type Seat = { leave(): Promise<void> };

/** How long one who was let in waits when another was quicker, before it stands in line again. */
export const mostWaitMs = 2_000;

/** Of a process that died, a seat is free again so long after the longest that an answer may take. */
const spareSeconds = 60;

/** @returns null when the provider has as much to do as it may */
export async function takeSeat(
  { id, maxConcurrent, maxPerMinute }: Candidate["provider"],
  mostSeconds: number,
): Promise<Seat | null> {
  if (id === null) return free;
  const seat = maxConcurrent === null ? free : await sitDown(id, maxConcurrent, mostSeconds);
  if (!seat || maxPerMinute === null || (await mayBegin(id, maxPerMinute))) return seat;
  await seat.leave();
  return null;
}

/** How many may begin to ask a model of the kind now: Infinity where a provider sets no limit, or there is none. */
export async function freeSeats(kind: ModelKind): Promise<number> {
  const candidates = await findCandidates(kind);
  const awake = candidates.filter(({ provider }) => !provider.rests);
  const asked = awake.length > 0 ? awake : candidates;
  const providers = new Map(asked.map(({ provider }) => [provider.id, provider]));
  if (providers.size === 0) return Number.POSITIVE_INFINITY;
  const counts = await Promise.all([...providers.values()].map(freeOf));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function freeOf({ id, maxConcurrent, maxPerMinute }: Candidate["provider"]): Promise<number> {
  if (id === null) return Number.POSITIVE_INFINITY;
  const seats = maxConcurrent === null ? Number.POSITIVE_INFINITY : maxConcurrent - (await countTaken(id));
  const beginnings = maxPerMinute === null ? seats : await remaining(ruleOf(maxPerMinute), id);
  return Math.max(0, Math.min(seats, beginnings));
}

async function countTaken(id: Id<"provider">): Promise<number> {
  return db().$count(
    providerSeats,
    and(eq(providerSeats.providerId, id), sql`${providerSeats.until} >= now()`),
  );
}

function ruleOf(points: number): Limit {
  return { name: "provider", points, seconds: 60 };
}

const free: Seat = { leave: async () => undefined };

async function sitDown(id: Id<"provider">, most: number, mostSeconds: number): Promise<Seat | null> {
  const holder = newId("request");
  const seated = await db().transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`provider:${id}`}, 0))`);
    await tx
      .delete(providerSeats)
      .where(and(eq(providerSeats.providerId, id), sql`${providerSeats.until} < now()`));
    if ((await tx.$count(providerSeats, eq(providerSeats.providerId, id))) >= most) return false;
    const until = sql`now() + make_interval(secs => ${mostSeconds + spareSeconds}::int)`;
    await tx.insert(providerSeats).values({ providerId: id, holder, until });
    return true;
  });
  if (!seated) return null;
  return {
    leave: async () => {
      await db()
        .delete(providerSeats)
        .where(and(eq(providerSeats.providerId, id), eq(providerSeats.holder, holder)));
    },
  };
}

async function mayBegin(id: Id<"provider">, points: number): Promise<boolean> {
  try {
    await limit(ruleOf(points), id);
    return true;
  } catch (error) {
    if (error instanceof Refusal && error.code === "rate_limited") return false;
    throw error;
  }
}
