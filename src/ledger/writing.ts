import { assertBalanced, type Book, type HoldState, type NewEntry } from "./book";
import type { AccountId, GrantId, Outcome, Verb } from "./command";
import type { Run, Statement } from "./connection";
import type { LotState } from "./drawdown";

/** Writing what was decided: every table's rows as arrays, all in one statement. */

/** A command applied for the first time. */
export type Stored = { outcome: Outcome; seq: bigint; hash: string; atMs: number };

/**
 * Writes books and commands.
 * @returns false when a key was known already: then the caller goes back to its savepoint.
 * @throws LedgerFault before anything is written, when a book does not balance
 */
export async function writeBooks(
  run: Run,
  books: readonly Book[],
  stored: readonly Stored[],
): Promise<boolean> {
  if (books.length === 0) return true;
  for (const book of books) assertBalanced(book);
  const [row] = await run<{ stored: bigint }>(write, [
    ...changedAccounts.values(books),
    ...newLots.values(books.flatMap((book) => pick(book, book.newLots))),
    ...changedLots.values(books.flatMap((book) => pick(book, book.changedLots))),
    ...newHolds.values(books.flatMap((book) => holdsOf(book, book.newHolds))),
    ...changedHolds.values(books.flatMap((book) => holdsOf(book, book.changedHolds))),
    ...newHoldLots.values(books.flatMap((book) => holdsOf(book, book.newHolds).flatMap(takenBy))),
    ...newEntries.values(
      books.flatMap(({ accountId, entries }) => entries.map((entry) => ({ accountId, ...entry }))),
    ),
    ...newCommands.values(stored),
  ]);
  return row?.stored === BigInt(stored.length);
}

type OfAccount<T> = T & { accountId: AccountId };

function pick(book: Book, ids: ReadonlySet<GrantId>): OfAccount<LotState>[] {
  if (ids.size === 0) return [];
  return book.lots
    .filter((lot) => ids.has(lot.grantId))
    .map((lot) => ({ accountId: book.accountId, ...lot }));
}

function holdsOf(book: Book, ids: ReadonlySet<HoldState["holdId"]>): OfAccount<HoldState>[] {
  return [...ids].flatMap((id) => {
    const hold = book.holds.get(id);
    return hold ? [{ accountId: book.accountId, ...hold }] : [];
  });
}

function takenBy({ accountId, holdId, lots }: OfAccount<HoldState>) {
  return lots.map(({ grantId, credits }) => ({ accountId, holdId, grantId, credits }));
}

function iso(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : new Date(ms).toISOString();
}

type Column<T> = [name: string, type: "text" | "int8" | "timestamptz", value: (row: T) => unknown];

/** Rows as one array per column: `unnest` puts them together again. */
function rowSet<T>(first: number, columns: Column<T>[]) {
  const names = columns.map(([name]) => name).join(", ");
  const arrays = columns.map(([, type], index) => `$${first + index}::${type}[]`).join(", ");
  return {
    next: first + columns.length,
    names,
    from: `unnest(${arrays}) as new (${names})`,
    values: (rows: readonly T[]) => columns.map(([, , value]) => rows.map(value)),
  };
}

const changedAccounts = rowSet<Book>(1, [
  ["id", "text", (book) => book.accountId],
  ["available", "int8", (book) => book.available],
  ["held", "int8", (book) => book.held],
  ["last_entry", "int8", (book) => book.lastEntry],
  ["last_command", "int8", (book) => book.lastCommand],
  ["changed_at", "timestamptz", (book) => iso(book.nowMs)],
]);

const newLots = rowSet<OfAccount<LotState>>(changedAccounts.next, [
  ["account_id", "text", (lot) => lot.accountId],
  ["id", "text", (lot) => lot.grantId],
  ["source", "text", (lot) => lot.source],
  ["credits", "int8", (lot) => lot.credits],
  ["remaining", "int8", (lot) => lot.remaining],
  ["held", "int8", (lot) => lot.held],
  ["expires_at", "timestamptz", (lot) => iso(lot.expiresAtMs)],
  ["created_at", "timestamptz", (lot) => iso(lot.createdAtMs)],
]);

const changedLots = rowSet<OfAccount<LotState>>(newLots.next, [
  ["account_id", "text", (lot) => lot.accountId],
  ["id", "text", (lot) => lot.grantId],
  ["remaining", "int8", (lot) => lot.remaining],
  ["held", "int8", (lot) => lot.held],
]);

const newHolds = rowSet<OfAccount<HoldState>>(changedLots.next, [
  ["account_id", "text", (hold) => hold.accountId],
  ["id", "text", (hold) => hold.holdId],
  ["credits", "int8", (hold) => hold.credits],
  ["captured", "int8", (hold) => hold.captured],
  ["status", "text", (hold) => hold.status],
  ["expires_at", "timestamptz", (hold) => iso(hold.expiresAtMs)],
  ["cause", "text", (hold) => hold.cause],
  ["reference_type", "text", (hold) => hold.reference?.type ?? null],
  ["reference_id", "text", (hold) => hold.reference?.id ?? null],
  ["created_at", "timestamptz", (hold) => iso(hold.createdAtMs)],
  ["ended_at", "timestamptz", (hold) => iso(hold.endedAtMs)],
]);

const changedHolds = rowSet<OfAccount<HoldState>>(newHolds.next, [
  ["account_id", "text", (hold) => hold.accountId],
  ["id", "text", (hold) => hold.holdId],
  ["captured", "int8", (hold) => hold.captured],
  ["status", "text", (hold) => hold.status],
  ["expires_at", "timestamptz", (hold) => iso(hold.expiresAtMs)],
  ["ended_at", "timestamptz", (hold) => iso(hold.endedAtMs)],
]);

const newHoldLots = rowSet<ReturnType<typeof takenBy>[number]>(changedHolds.next, [
  ["account_id", "text", (taken) => taken.accountId],
  ["hold_id", "text", (taken) => taken.holdId],
  ["grant_id", "text", (taken) => taken.grantId],
  ["credits", "int8", (taken) => taken.credits],
]);

const newEntries = rowSet<OfAccount<NewEntry>>(newHoldLots.next, [
  ["account_id", "text", (entry) => entry.accountId],
  ["seq", "int8", (entry) => entry.seq],
  ["kind", "text", (entry) => entry.kind],
  ["credits", "int8", (entry) => entry.credits],
  ["total_after", "int8", (entry) => entry.totalAfter],
  ["grant_id", "text", (entry) => entry.grantId],
  ["source", "text", (entry) => entry.source],
  ["hold_id", "text", (entry) => entry.holdId],
  ["cause", "text", (entry) => entry.cause],
  ["reference_type", "text", (entry) => entry.reference?.type ?? null],
  ["reference_id", "text", (entry) => entry.reference?.id ?? null],
  ["created_at", "timestamptz", (entry) => iso(entry.atMs)],
]);

const newCommands = rowSet<Stored>(newEntries.next, [
  ["account_id", "text", ({ outcome }): AccountId => outcome.accountId],
  ["key", "text", ({ outcome }) => outcome.key],
  ["seq", "int8", ({ seq }) => seq],
  ["hash", "text", ({ hash }) => hash],
  ["verb", "text", ({ outcome }): Verb => outcome.verb],
  ["grant_id", "text", ({ outcome }) => outcome.grantId],
  ["hold_id", "text", ({ outcome }) => outcome.holdId],
  ["deadline", "timestamptz", ({ outcome }) => iso(outcome.deadline?.getTime())],
  ["credits", "int8", ({ outcome }) => outcome.credits],
  ["available", "int8", ({ outcome }) => outcome.available],
  ["held", "int8", ({ outcome }) => outcome.held],
  ["created_at", "timestamptz", ({ atMs }) => iso(atMs)],
]);

const insert = (table: string, rows: { names: string; from: string }) =>
  `insert into ${table} (${rows.names}) select ${rows.names} from ${rows.from}`;

const write: Statement = {
  name: "ledger.write",
  text: `
    with changed_accounts as (
      update accounts set available = new.available, held = new.held, last_entry = new.last_entry,
        last_command = new.last_command, changed_at = new.changed_at
      from ${changedAccounts.from} where accounts.id = new.id
    ), new_grants as (
      ${insert("grants", newLots)}
    ), changed_grants as (
      update grants set remaining = new.remaining, held = new.held
      from ${changedLots.from} where grants.account_id = new.account_id and grants.id = new.id
    ), new_holds as (
      ${insert("holds", newHolds)}
    ), changed_holds as (
      update holds set captured = new.captured, status = new.status, expires_at = new.expires_at,
        ended_at = new.ended_at
      from ${changedHolds.from} where holds.account_id = new.account_id and holds.id = new.id
    ), new_hold_lots as (
      ${insert("hold_lots", newHoldLots)}
    ), new_entries as (
      ${insert("entries", newEntries)}
    ), stored as (
      ${insert("commands", newCommands)} on conflict (account_id, key) do nothing returning 1
    )
    select count(*) as stored from stored`,
};
