import { newId } from "#platform/id";
import { Refusal } from "#platform/refusal";
import type { Book, Decision, HoldState, HoldStatus, Move } from "./book";
import { requireBudget } from "./budget";
import type {
  ApiKeyId,
  CaptureCommand,
  ExpireCommand,
  ExtendCommand,
  HoldCommand,
  HoldId,
  ReleaseCommand,
} from "./command";
import { type Draw, drawDown, isExpired, splitHold } from "./drawdown";

/** Decisions about holds: placed once, extended any number of times, closed once. Pure. */

/** Moves credits from the lots' remaining to the hold; writes no entry, for nothing left the account. */
export function placeHold(book: Book, command: HoldCommand): Decision {
  requireBudget(book.budgets, command);
  const draws = drawDown(book.lots, command.credits, book.nowMs);
  const holdId = command.holdId ?? newId("hold", book.nowMs);
  if (book.holds.has(holdId)) throw new Refusal("idempotency_conflict");
  const deadlineMs = book.nowMs + Math.round(command.lifetimeSeconds * 1000);
  return {
    moves: draws.map(({ lot, credits }) => ({ lot, remaining: -credits, held: credits, kind: null })),
    cause: command.cause,
    reference: command.reference ?? null,
    holdId,
    hold: {
      holdId,
      credits: command.credits,
      captured: 0n,
      status: "open",
      expiresAtMs: deadlineMs,
      createdAtMs: book.nowMs,
      endedAtMs: null,
      cause: command.cause,
      reference: command.reference ?? null,
      apiKeyId: command.apiKeyId ?? null,
      lots: draws.map(({ lot, credits }) => ({ grantId: lot.grantId, credits })),
    },
    apiKeyId: command.apiKeyId ?? null,
    spending: { spent: 0n, held: command.credits },
    credits: command.credits,
    deadlineMs,
  };
}

/**
 * Moves the deadline on, never back. A hold past its deadline is still open until the reaper has closed it:
 * a worker that was only slow keeps it.
 */
export function extendHold(book: Book, command: ExtendCommand): Decision {
  const hold = requireOpen(book, command.holdId, command.apiKeyId);
  const deadlineMs = Math.max(hold.expiresAtMs, book.nowMs + Math.round(command.lifetimeSeconds * 1000));
  return {
    moves: [],
    cause: hold.cause,
    reference: hold.reference,
    holdId: hold.holdId,
    hold: { ...hold, expiresAtMs: deadlineMs },
    credits: hold.credits,
    deadlineMs,
  };
}

/** Consumes what was used and gives back the rest to the lots it came from. */
export function captureHold(book: Book, command: CaptureCommand): Decision {
  const hold = requireOpen(book, command.holdId, command.apiKeyId);
  if (command.credits > hold.credits) {
    throw new Refusal("hold_exceeded", { held: Number(hold.credits), asked: Number(command.credits) });
  }
  return {
    ...closeHold(book, hold, "captured", command.credits),
    cause: command.cause ?? hold.cause,
    reference: command.reference ?? hold.reference,
    credits: command.credits,
  };
}

export function releaseHold(book: Book, command: ReleaseCommand): Decision {
  const hold = requireOpen(book, command.holdId, command.apiKeyId);
  return { ...closeHold(book, hold, "released", 0n), cause: command.cause, credits: hold.credits };
}

/** Closes a hold whose deadline has passed; one that was extended meanwhile is left alone. */
export function expireHold(book: Book, command: ExpireCommand): Decision {
  if (!command.holdId) throw new Refusal("not_found");
  const hold = requireOpen(book, command.holdId);
  if (hold.expiresAtMs > book.nowMs) {
    return { moves: [], cause: "expiry", reference: null, holdId: hold.holdId, credits: 0n };
  }
  return { ...closeHold(book, hold, "expired", 0n), credits: hold.credits };
}

/** An API key finds only what it placed itself: the holds of runs are none of its business. */
function requireOpen(book: Book, holdId: HoldId, apiKeyId?: ApiKeyId): HoldState {
  const hold = book.holds.get(holdId);
  if (!hold || (apiKeyId && hold.apiKeyId !== apiKeyId)) throw new Refusal("not_found");
  if (hold.status !== "open") throw new Refusal("hold_closed", { status: hold.status });
  return hold;
}

function closeHold(
  book: Book,
  hold: HoldState,
  status: Exclude<HoldStatus, "open">,
  captured: bigint,
): Omit<Decision, "credits"> {
  const moves: Move[] = [];
  for (const { lot, consumed, returned } of splitHold(lotsOf(book, hold), captured)) {
    if (consumed > 0n) moves.push({ lot, remaining: 0n, held: -consumed, kind: "consumed" });
    if (returned === 0n) continue;
    // A lot that expired meanwhile gets nothing back: its part expires with it.
    if (isExpired(lot, book.nowMs)) moves.push({ lot, remaining: 0n, held: -returned, kind: "expired" });
    else moves.push({ lot, remaining: returned, held: -returned, kind: null });
  }
  return {
    moves,
    cause: "expiry",
    reference: hold.reference,
    holdId: hold.holdId,
    apiKeyId: hold.apiKeyId,
    spending: { spent: captured, held: -hold.credits },
    hold: { ...hold, status, captured, endedAtMs: book.nowMs },
  };
}

function lotsOf(book: Book, hold: HoldState): Draw[] {
  return hold.lots.map(({ grantId, credits }) => {
    const lot = book.lots.find((one) => one.grantId === grantId);
    if (!lot) throw new Error(`Lot ${grantId} of hold ${hold.holdId} was not read.`);
    return { lot, credits };
  });
}
