import "#server-only";
import { createHash } from "node:crypto";
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRes,
} from "rate-limiter-flexible";
import { db } from "./db";
import { Refusal } from "./refusal";
import { countRefused } from "./refused";
import { singleton } from "./singleton";

/** So many `points` in so many `seconds`, counted per key. */
export type Limit = { name: string; points: number; seconds: number };

/** What is left, for RateLimit headers. */
export type Allowance = { limit: number; remaining: number; resetSeconds: number };

/**
 * Counts one use against a limit. The counters are in PostgreSQL, so that all processes share them; a
 * key that is over its limit is turned away from memory until its time is up.
 * @param key whom it counts for: a user, an address, a mail address. Stored as a hash only.
 * @throws Refusal rate_limited with `retryAfterSeconds`, `limit` and `remaining`.
 */
export function limit(rule: Limit, key: string): Promise<Allowance> {
  return consume(limiter(rule), rule, hashOf(key));
}

/**
 * Counts one use in this process alone, and so without asking the database: for whoever sends many requests
 * a second. So many processes, so many times as much.
 * @throws Refusal rate_limited, as above
 */
export function limitHere(rule: Limit, key: string): Promise<Allowance> {
  const limiters = singleton<Map<string, RateLimiterMemory>>("rate-limits.here").once(() => new Map());
  const id = `${rule.name}:${rule.points}:${rule.seconds}`;
  const known = limiters.get(id) ?? new RateLimiterMemory({ points: rule.points, duration: rule.seconds });
  limiters.set(id, known);
  return consume(known, rule, key);
}

async function consume(limiter: RateLimiterAbstract, rule: Limit, key: string): Promise<Allowance> {
  try {
    return allowance(rule, await limiter.consume(key));
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    countRefused(rule.name);
    const { limit, remaining, resetSeconds } = allowance(rule, error);
    throw new Refusal("rate_limited", { retryAfterSeconds: Math.max(1, resetSeconds), limit, remaining });
  }
}

/** How many uses are left now; counts none. */
export async function remaining(rule: Limit, key: string): Promise<number> {
  const counted = await limiter(rule).get(hashOf(key));
  return counted ? Math.max(0, counted.remainingPoints) : rule.points;
}

/** Forgets what was counted: a right password clears the wrong ones before it. */
export async function forgive(rule: Limit, key: string): Promise<void> {
  await limiter(rule).delete(hashOf(key));
}

function limiter(rule: Limit): RateLimiterPostgres {
  const limiters = singleton<Map<string, RateLimiterPostgres>>("rate-limits").once(() => new Map());
  const id = `${rule.name}:${rule.points}:${rule.seconds}`;
  const known = limiters.get(id);
  if (known) return known;
  const made = new RateLimiterPostgres({
    storeClient: db().$client,
    storeType: "pool",
    tableName: "rate_limits",
    tableCreated: true,
    keyPrefix: rule.name,
    points: rule.points,
    duration: rule.seconds,
    inMemoryBlockOnConsumed: rule.points + 1,
    // Each would sweep the whole table: one is enough.
    clearExpiredByTimeout: limiters.size === 0,
  });
  limiters.set(id, made);
  return made;
}

function allowance(rule: Limit, { remainingPoints, msBeforeNext }: RateLimiterRes): Allowance {
  return { limit: rule.points, remaining: remainingPoints, resetSeconds: Math.ceil(msBeforeNext / 1000) };
}

function hashOf(key: string): string {
  return createHash("sha256").update(key).digest("base64url");
}
