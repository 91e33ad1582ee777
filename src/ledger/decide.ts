import { Refusal } from "#platform/refusal";
import { type Book, type Decision, type Move, post } from "./book";
import { requireBudget } from "./budget";
import { carryOver } from "./carry";
import type { ChargeCommand, Command, Outcome, ReverseCommand } from "./command";
import { drawDown, insufficient, isExpired } from "./drawdown";
import { grantLot } from "./grant";
import { captureHold, expireHold, extendHold, placeHold, releaseHold } from "./hold";

/**
 * Decides a command and posts it to the account's book. Pure but for the ids of new lots and holds;
 * the command must be sound (`requireSound`).
 * Lots past their expiry are expired first, so that no command can spend them (L6).
 * @throws Refusal (the book has at most lost expired lots)
 * @throws LedgerFault when an invariant would break
 */
export function decide(book: Book, command: Command): Outcome {
  const expired = expireDueLots(book);
  const decision = command.verb === "expire" && !command.holdId ? nothing(expired) : weigh(book, command);
  post(book, decision);
  return {
    verb: command.verb,
    accountId: command.accountId,
    key: command.key,
    repeated: false,
    credits: decision.credits,
    grantId: decision.grantId ?? null,
    holdId: decision.holdId,
    deadline: decision.deadlineMs === undefined ? null : new Date(decision.deadlineMs),
    available: book.available,
    held: book.held,
  };
}

function weigh(book: Book, command: Command): Decision {
  switch (command.verb) {
    case "grant":
      return grantLot(book, command);
    case "charge":
      return charge(book, command);
    case "reverse":
      return reverseLot(book, command);
    case "carry":
      return carryOver(book, command);
    case "hold":
      return placeHold(book, command);
    case "extend":
      return extendHold(book, command);
    case "capture":
      return captureHold(book, command);
    case "release":
      return releaseHold(book, command);
    case "expire":
      return expireHold(book, command);
  }
}

/** Posts the expiry of every lot that is due. @returns how many credits it took. */
export function expireDueLots(book: Book): bigint {
  let credits = 0n;
  const moves: Move[] = [];
  for (const lot of book.lots) {
    if (lot.remaining === 0n || !isExpired(lot, book.nowMs)) continue;
    credits += lot.remaining;
    moves.push({ lot, remaining: -lot.remaining, held: 0n, kind: "expired" });
  }
  if (moves.length > 0) post(book, { moves, cause: "expiry", reference: null, holdId: null });
  return credits;
}

function charge(book: Book, command: ChargeCommand): Decision {
  requireBudget(book.budgets, command);
  const draws = drawDown(book.lots, command.credits, book.nowMs);
  return {
    moves: draws.map(({ lot, credits }) => ({ lot, remaining: -credits, held: 0n, kind: "consumed" })),
    cause: command.cause,
    reference: command.reference ?? null,
    holdId: null,
    apiKeyId: command.apiKeyId ?? null,
    spending: { spent: command.credits, held: 0n },
    credits: command.credits,
  };
}

/** Exact or refused: taking back less than was asked would hide from the caller what is already spent. */
function reverseLot(book: Book, command: ReverseCommand): Decision {
  const lot = book.lots.find(({ grantId }) => grantId === command.grantId);
  if (!lot) throw new Refusal("not_found");
  if (lot.remaining < command.credits) throw insufficient(command.credits, lot.remaining);
  return {
    moves: [{ lot, remaining: -command.credits, held: 0n, kind: "reversed" }],
    cause: command.cause,
    reference: command.reference ?? null,
    holdId: null,
    credits: command.credits,
    grantId: lot.grantId,
  };
}

function nothing(credits: bigint): Decision {
  return { moves: [], cause: "expiry", reference: null, holdId: null, credits };
}
