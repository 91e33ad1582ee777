import { newId } from "#platform/id";
import { Refusal } from "#platform/refusal";
import type { Book, Decision } from "./book";
import { type GrantCommand, maxCredits } from "./command";
import type { LotState } from "./drawdown";

/** Adds a lot. Pure but for its id. */
export function grantLot(book: Book, command: Omit<GrantCommand, "verb">): Decision {
  const total = book.available + book.held + command.credits;
  if (total > maxCredits) {
    throw new Refusal("invalid_request", {
      errors: [{ path: "credits", message: `an account may have at most ${maxCredits}` }],
    });
  }
  if (book.lots.some(({ grantId }) => grantId === command.grantId)) throw new Refusal("idempotency_conflict");
  const lot: LotState = {
    grantId: command.grantId ?? newId("grant", book.nowMs),
    source: command.source,
    credits: command.credits,
    remaining: 0n,
    held: 0n,
    expiresAtMs: command.expiresAt?.getTime() ?? null,
    createdAtMs: book.nowMs,
  };
  return {
    moves: [{ lot, remaining: command.credits, held: 0n, kind: "issued" }],
    newLot: lot,
    cause: command.cause,
    reference: command.reference ?? null,
    holdId: null,
    credits: command.credits,
    grantId: lot.grantId,
  };
}
