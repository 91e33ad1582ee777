import { Refusal } from "#platform/refusal";
import type { GrantId, Source } from "./command";

/** Which lots pay. Pure: no database, no clock but the one handed in. */

/** A lot as a decision sees it. Times in ms. */
export type LotState = {
  grantId: GrantId;
  source: Source;
  credits: bigint;
  remaining: bigint;
  held: bigint;
  expiresAtMs: number | null;
  createdAtMs: number;
};

export type Draw = { lot: LotState; credits: bigint };

/** L5: earliest expiry first, then oldest; lots that never expire come last. */
export function spendingOrder(a: LotState, b: LotState): number {
  const expiry = (a.expiresAtMs ?? Number.POSITIVE_INFINITY) - (b.expiresAtMs ?? Number.POSITIVE_INFINITY);
  // Infinity - Infinity is NaN: neither expires.
  if (expiry < 0 || expiry > 0) return expiry;
  if (a.createdAtMs !== b.createdAtMs) return a.createdAtMs - b.createdAtMs;
  return a.grantId < b.grantId ? -1 : 1;
}

/** L6: from its expiry on, what remains of a lot cannot be spent. */
export function isExpired(lot: LotState, nowMs: number): boolean {
  return lot.expiresAtMs !== null && lot.expiresAtMs <= nowMs;
}

/**
 * Takes `credits` from lots given in spending order, passing over expired ones.
 * @throws Refusal insufficient_credits when they do not hold enough
 */
export function drawDown(lots: readonly LotState[], credits: bigint, nowMs: number): Draw[] {
  const draws: Draw[] = [];
  let missing = credits;
  for (const lot of lots) {
    if (missing === 0n) break;
    if (lot.remaining === 0n || isExpired(lot, nowMs)) continue;
    const taken = smaller(lot.remaining, missing);
    draws.push({ lot, credits: taken });
    missing -= taken;
  }
  if (missing > 0n) throw insufficient(credits, credits - missing);
  return draws;
}

/** The facts are JSON numbers; credits are exact in them up to `maxCredits`. */
export function insufficient(need: bigint, have: bigint): Refusal {
  return new Refusal("insufficient_credits", { need: Number(need), have: Number(have) });
}

/** Splits what a hold took: the first `captured` credits in spending order are consumed, the rest returns. */
export function splitHold(
  taken: readonly Draw[],
  captured: bigint,
): { lot: LotState; consumed: bigint; returned: bigint }[] {
  let missing = captured;
  return [...taken]
    .sort((a, b) => spendingOrder(a.lot, b.lot))
    .map(({ lot, credits }) => {
      const consumed = smaller(credits, missing);
      missing -= consumed;
      return { lot, consumed, returned: credits - consumed };
    });
}

export function smaller(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}
