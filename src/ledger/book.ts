import type { Budgets } from "./budget";
import type { AccountId, ApiKeyId, GrantId, HoldId, Outcome, Reference } from "./command";
import { type LotState, spendingOrder } from "./drawdown";

/**
 * An account's book: what was read of it under its lock, and what is to be written. Decisions look at it
 * and return a `Change`; `post` puts a change into the book. Pure: no database, no clock.
 */

export type EntryKind = "issued" | "consumed" | "expired" | "reversed";
export type HoldStatus = "open" | "captured" | "released" | "expired";

export type HoldState = {
  holdId: HoldId;
  credits: bigint;
  captured: bigint;
  status: HoldStatus;
  expiresAtMs: number;
  createdAtMs: number;
  endedAtMs: number | null;
  cause: string;
  reference: Reference | null;
  /** The API key that placed it, if one did. */
  apiKeyId: ApiKeyId | null;
  /** From which lots it took how many; never changes. */
  lots: readonly { grantId: GrantId; credits: bigint }[];
};

/** An entry still to be written. */
export type NewEntry = {
  seq: bigint;
  kind: EntryKind;
  credits: bigint;
  totalAfter: bigint;
  grantId: GrantId;
  source: LotState["source"];
  holdId: HoldId | null;
  cause: string;
  reference: Reference | null;
  apiKeyId: ApiKeyId | null;
  atMs: number;
};

/** The account's row, but for its time. Every change of anything in the account changes it. */
export type Standing = { available: bigint; held: bigint; lastEntry: bigint; lastCommand: bigint };

export type Book = Standing & {
  accountId: AccountId;
  /** How the account stood before anything was decided: it must stand so still when that is written. */
  was: Standing;
  /** True when it was not read under the account's lock, but remembered: the write must verify it. */
  remembered: boolean;
  /** The account's time: money's clock, never behind the account's last command (L9). */
  nowMs: number;
  /** Open lots and those that commands or their holds name, in spending order. */
  lots: LotState[];
  /** The holds that commands name. */
  holds: Map<HoldId, HoldState>;
  /** What the plan's lots lost that expired at a time (in ms) commands name, as far as it was booked before. */
  lapsed: Map<number, bigint>;
  /** Of the API keys concerned that have one; shared by all books that were read together. */
  budgets: Budgets;
} & Written;

/** What is to be written. */
export type Written = {
  entries: NewEntry[];
  /** Few in any book: a list is searched faster than a set is made. */
  newLots: LotState[];
  changedLots: LotState[];
  /** Null when there is none, as in most books. */
  newHolds: Set<HoldId> | null;
  changedHolds: Set<HoldId> | null;
  spending: Map<ApiKeyId, Spending> | null;
};

export function nothingWritten(): Written {
  return { entries: [], newLots: [], changedLots: [], newHolds: null, changedHolds: null, spending: null };
}

/** What moves on an API key's budget: credits it consumed, and those its open holds reserve. */
export type Spending = { spent: bigint; held: bigint };

/**
 * Moves credits of one lot. `remaining` and `held` are signed; together they are what enters or leaves the
 * account, so they must cancel out when there is no counterpart (`kind` null: reserving and giving back).
 */
export type Move = { lot: LotState; remaining: bigint; held: bigint; kind: EntryKind | null };

export type Change = {
  moves: Move[];
  cause: string;
  reference: Reference | null;
  /** The hold concerned, if any. */
  holdId: HoldId | null;
  /** The API key on whose account it happens, and what that comes to. */
  apiKeyId?: ApiKeyId | null;
  spending?: Spending;
  newLot?: LotState;
  /** The hold as it is afterwards. */
  hold?: HoldState;
};

/** What a command comes to: the change it makes and what its caller is told. */
export type Decision = Change & {
  credits: bigint;
  grantId?: Outcome["grantId"];
  deadlineMs?: number;
};

/** A broken invariant: never the customer's fault, always ours. */
export class LedgerFault extends Error {
  override name = "LedgerFault";
}

/** Puts a change into the book. @throws LedgerFault when it would break an invariant. */
export function post(book: Book, change: Change): void {
  if (change.newLot) {
    book.lots.push(change.newLot);
    book.lots.sort(spendingOrder);
    book.newLots.push(change.newLot);
  }
  if (change.hold) postHold(book, change.hold);
  for (const move of change.moves) postMove(book, change, move);
  if (change.apiKeyId && change.spending) postSpending(book, change.apiKeyId, change.spending);
}

function postHold(book: Book, hold: HoldState): void {
  if (!book.holds.has(hold.holdId)) {
    book.newHolds ??= new Set();
    book.newHolds.add(hold.holdId);
  } else if (!book.newHolds?.has(hold.holdId)) {
    book.changedHolds ??= new Set();
    book.changedHolds.add(hold.holdId);
  }
  book.holds.set(hold.holdId, hold);
}

function postSpending(book: Book, apiKeyId: ApiKeyId, { spent, held }: Spending): void {
  const budget = book.budgets.get(apiKeyId);
  if (!budget) return;
  budget.spent += spent;
  budget.held += held;
  const { cap } = budget;
  require(budget.spent >= 0n &&
    budget.held >= 0n, "L11", book, `the budget of ${apiKeyId} would be negative`);
  require(cap === null || budget.spent + budget.held <= cap, "L11", book, `${apiKeyId} would pass its cap`);
  book.spending ??= new Map();
  const before = book.spending.get(apiKeyId) ?? { spent: 0n, held: 0n };
  book.spending.set(apiKeyId, { spent: before.spent + spent, held: before.held + held });
}

function postMove(book: Book, change: Change, { lot, remaining, held, kind }: Move): void {
  const credits = remaining + held;
  lot.remaining += remaining;
  lot.held += held;
  book.available += remaining;
  book.held += held;
  if (!book.changedLots.includes(lot) && !book.newLots.includes(lot)) book.changedLots.push(lot);
  require(lot.remaining >= 0n && lot.held >= 0n, "L1", book, `lot ${lot.grantId} would be negative`);
  require(lot.remaining + lot.held <= lot.credits, "L4", book, `lot ${lot.grantId} exceeds its grant`);
  require(book.available >= 0n && book.held >= 0n, "L1", book, "the balance would be negative");
  require((kind === null) === (credits === 0n), "L7", book, "credits move without an entry");
  if (kind === null) return;
  require(credits > 0n === (kind === "issued"), "L7", book, `${kind} with the wrong sign`);
  book.lastEntry += 1n;
  book.entries.push({
    seq: book.lastEntry,
    kind,
    credits,
    totalAfter: book.available + book.held,
    grantId: lot.grantId,
    source: lot.source,
    holdId: change.holdId,
    cause: change.cause,
    reference: change.reference,
    apiKeyId: kind === "consumed" ? (change.apiKeyId ?? null) : null,
    atMs: book.nowMs,
  });
}

/**
 * The sums that must hold whenever a book is read and before it is written: L2, L3 and, for the holds
 * the book knows, L4. @throws LedgerFault
 */
export function assertBalanced(book: Book): void {
  let remaining = 0n;
  let held = 0n;
  for (const lot of book.lots) {
    remaining += lot.remaining;
    held += lot.held;
  }
  require(remaining === book.available, "L2", book, `lots have ${remaining}, available is ${book.available}`);
  require(held === book.held, "L3", book, `lots hold ${held}, held is ${book.held}`);
  for (const hold of book.holds.values()) {
    const taken = hold.lots.reduce((sum, lot) => sum + lot.credits, 0n);
    require(taken === hold.credits, "L4", book, `hold ${hold.holdId} of ${hold.credits} took ${taken}`);
  }
}

function require(holds: boolean, invariant: string, book: Book, detail: string): void {
  if (!holds) throw new LedgerFault(`${invariant} is broken on ${book.accountId}: ${detail}`);
}
