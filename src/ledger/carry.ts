import { Refusal } from "#platform/refusal";
import type { Book, Decision } from "./book";
import type { CarryCommand } from "./command";
import { smaller } from "./drawdown";
import { grantLot } from "./grant";

/**
 * Carrying over: what the plan's lots left unspent at a period's end goes on, up to a cap, as a new lot. They
 * did expire, on time and in the journal, so it does not matter how late this comes, or how much of the expiry
 * was booked before. Only lots of the source `plan`: what was bought keeps its own expiry. Pure.
 */
export function carryOver(book: Book, command: CarryCommand): Decision {
  const endedMs = command.endedAt.getTime();
  // The caller's clock may be ahead of money's: the lots are still to be spent.
  if (endedMs > book.nowMs) throw new Refusal("busy", { outcome: "not_applied" });
  const unspent = lapsedAt(book, endedMs);
  const credits = smaller(unspent, command.most);
  if (credits > 0n) return grantLot(book, { ...command, credits, source: "plan" });
  return {
    moves: [],
    cause: command.cause,
    reference: command.reference ?? null,
    holdId: null,
    credits: 0n,
  };
}

/** What was booked before, and what has been decided in this book and is still to be written. */
function lapsedAt(book: Book, endedMs: number): bigint {
  const ended = new Set(
    book.lots
      .filter(({ source, expiresAtMs }) => source === "plan" && expiresAtMs === endedMs)
      .map(({ grantId }) => grantId),
  );
  return book.entries
    .filter(({ kind, grantId }) => kind === "expired" && ended.has(grantId))
    .reduce((sum, { credits }) => sum - credits, book.lapsed.get(endedMs) ?? 0n);
}
