import { type Book, nothingWritten } from "./book";
import type { AccountId, ApiKeyId, Command } from "./command";
import { type Assumed, clockToleranceMs } from "./writing";

/**
 * Books as this process left them, so that the next command of an account need not read it again. What is
 * remembered is an assumption: the write verifies it, under the account's lock, and leaves out accounts that
 * meanwhile stand otherwise (L8 too: it looks the keys up). So whoever trusts it can only lose time.
 */
export type Memory = {
  /** Takes out the books that suffice for their commands. They are lost unless `keep` brings them back. */
  recall: (commands: readonly Command[]) => { books: Map<AccountId, Book>; assumed: Assumed | null };
  /** Remembers a book that was written. */
  keep: (book: Book) => void;
  /** Somebody else works on the account as well: for some time it is read anew for each batch. */
  distrust: (accountId: AccountId) => void;
  /** Tells money's time, as the database just said it. */
  setClock: (nowMs: number) => void;
};

export function createMemory({ mostBooks = 20_000, distrustMs = 30_000 } = {}): Memory {
  /** A book, or until when there is to be none. */
  const accounts = new Map<AccountId, Book | number>();
  /** API keys that were seen to have a budget: what they ask is read. */
  const capped = new Set<ApiKeyId>();
  let aheadMs: number | null = null;

  function take(accountId: AccountId, nowMs: number): Book | null {
    const found = accounts.get(accountId);
    if (found === undefined || typeof found === "number") return null;
    accounts.delete(accountId);
    // What expires about now is for the database's clock to decide.
    const soonMs = nowMs + 2 * clockToleranceMs;
    if (found.lots.some(({ expiresAtMs }) => expiresAtMs !== null && expiresAtMs <= soonMs)) return null;
    found.remembered = true;
    found.nowMs = Math.max(found.nowMs, nowMs);
    return found;
  }

  return {
    recall: (commands) => {
      const books = new Map<AccountId, Book>();
      if (aheadMs === null) return { books, assumed: null };
      const nowMs = Math.floor(performance.now() + aheadMs);
      const unfit = new Set<AccountId>();
      for (const command of commands) {
        const { accountId } = command;
        if (unfit.has(accountId)) continue;
        const book = books.get(accountId) ?? take(accountId, nowMs);
        if (book && suffices(book, command) && keysOf(book, command).every((key) => !capped.has(key))) {
          books.set(accountId, book);
        } else {
          unfit.add(accountId);
          books.delete(accountId);
        }
      }
      if (books.size === 0) return { books, assumed: null };
      const apiKeyIds = new Set<ApiKeyId>();
      for (const command of commands) {
        const book = books.get(command.accountId);
        if (book) for (const key of keysOf(book, command)) apiKeyIds.add(key);
      }
      return { books, assumed: { accounts: new Set(books.keys()), apiKeyIds: [...apiKeyIds], nowMs } };
    },
    keep: (book) => {
      for (const apiKeyId of book.budgets.keys()) capped.add(apiKeyId);
      const { accountId } = book;
      const before = accounts.get(accountId);
      if (typeof before === "number" && performance.now() < before) return;
      accounts.delete(accountId);
      if (!isSmall(book)) return;
      accounts.set(accountId, closed(book));
      const [oldest] = accounts.keys();
      if (accounts.size > mostBooks && oldest !== undefined) accounts.delete(oldest);
    },
    distrust: (accountId) => {
      accounts.delete(accountId);
      accounts.set(accountId, performance.now() + distrustMs);
    },
    setClock: (nowMs) => {
      aheadMs = nowMs - performance.now();
    },
  };
}

/** Whether a command can be decided on a remembered book, which has open lots and the open holds it saw. */
function suffices(book: Book, command: Command): boolean {
  switch (command.verb) {
    case "charge":
      return true;
    case "hold":
      return command.holdId === undefined;
    case "extend":
    case "capture":
    case "release":
      return book.holds.has(command.holdId);
    default:
      return false;
  }
}

/** API keys whose budgets a command would move. */
function keysOf({ holds }: Book, command: Command): ApiKeyId[] {
  const keys: ApiKeyId[] = [];
  if ("apiKeyId" in command && command.apiKeyId) keys.push(command.apiKeyId);
  const held = "holdId" in command && command.holdId ? holds.get(command.holdId)?.apiKeyId : null;
  if (held) keys.push(held);
  return keys;
}

/** Few accounts have more; reading those anew takes little beside what they take here. */
function isSmall({ lots, holds }: Book): boolean {
  return lots.length <= 20 && holds.size <= 1_000;
}

/** The book once everything in it is written: without what is empty or over. */
function closed(book: Book): Book {
  const { available, held, lastEntry, lastCommand, newHolds, changedHolds, holds } = book;
  book.was = { available, held, lastEntry, lastCommand };
  for (const id of [...(newHolds ?? []), ...(changedHolds ?? [])]) {
    if (holds.get(id)?.status !== "open") holds.delete(id);
  }
  if (book.lots.some((lot) => lot.remaining + lot.held === 0n)) {
    book.lots = book.lots.filter((lot) => lot.remaining + lot.held > 0n);
  }
  return Object.assign(book, { lapsed: new Map(), budgets: new Map() }, nothingWritten());
}
