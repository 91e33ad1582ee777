import { createHash } from "node:crypto";
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
  const parts = [
    changedAccounts.filled(books),
    newLots.filled(books.flatMap((book) => pick(book, book.newLots))),
    changedLots.filled(books.flatMap((book) => pick(book, book.changedLots))),
    newHolds.filled(books.flatMap((book) => holdsOf(book, book.newHolds))),
    changedHolds.filled(books.flatMap((book) => holdsOf(book, book.changedHolds))),
    newHoldLots.filled(books.flatMap((book) => holdsOf(book, book.newHolds).flatMap(takenBy))),
    newEntries.filled(
      books.flatMap(({ accountId, entries }) => entries.map((entry) => ({ accountId, ...entry }))),
    ),
    newCommands.filled(stored),
  ].filter((part) => part.rows > 0);
  const [row] = await run<{ stored: bigint }>(
    statement(parts),
    parts.flatMap(({ values }) => values),
  );
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

/** What a table gets: rows as one array per column, which `unnest` puts together again. */
type Part = {
  name: string;
  columns: readonly { name: string; type: string }[];
  write: Write;
  rows: number;
  values: unknown[];
};
type Write = (names: string, rows: string) => string;

function part<T>(name: string, columns: Column<T>[], write: Write) {
  return {
    filled: (rows: readonly T[]): Part => ({
      name,
      columns: columns.map(([column, type]) => ({ name: column, type })),
      write,
      rows: rows.length,
      values: columns.map(([, , value]) => rows.map(value)),
    }),
  };
}

const statements = new Map<string, Statement>();

/** One statement for all parts; the few combinations that occur are put together once. */
function statement(parts: readonly Part[]): Statement {
  const name = `ledger.write ${parts.map((part) => part.name).join(" ")}`;
  const known = statements.get(name);
  if (known) return known;
  let parameter = 0;
  const expressions = parts.map(({ name, columns, write }) => {
    const names = columns.map((column) => column.name).join(", ");
    const arrays = columns.map(({ type }) => {
      parameter += 1;
      return `$${parameter}::${type}[]`;
    });
    return `${name} as (${write(names, `unnest(${arrays.join(", ")}) as new (${names})`)})`;
  });
  const count = parts.some((part) => part.name === "stored") ? "count(*)" : "0::int8";
  const from = count === "count(*)" ? " from stored" : "";
  const made = {
    name: shortName(name),
    text: `with ${expressions.join(", ")} select ${count} as stored${from}`,
  };
  statements.set(name, made);
  return made;
}

/** PostgreSQL cuts names of prepared statements at 63 characters. */
function shortName(name: string): string {
  return `ledger.write ${createHash("sha256").update(name).digest("hex").slice(0, 16)}`;
}

const insertInto =
  (table: string, otherwise = ""): Write =>
  (names, rows) =>
    `insert into ${table} (${names}) select ${names} from ${rows}${otherwise}`;

const changedAccounts = part<Book>(
  "changed_accounts",
  [
    ["id", "text", (book) => book.accountId],
    ["available", "int8", (book) => book.available],
    ["held", "int8", (book) => book.held],
    ["last_entry", "int8", (book) => book.lastEntry],
    ["last_command", "int8", (book) => book.lastCommand],
    ["changed_at", "timestamptz", (book) => iso(book.nowMs)],
  ],
  (_names, rows) => `
    update accounts set available = new.available, held = new.held, last_entry = new.last_entry,
      last_command = new.last_command, changed_at = new.changed_at
    from ${rows} where accounts.id = new.id`,
);

const newLots = part<OfAccount<LotState>>(
  "new_lots",
  [
    ["account_id", "text", (lot) => lot.accountId],
    ["id", "text", (lot) => lot.grantId],
    ["source", "text", (lot) => lot.source],
    ["credits", "int8", (lot) => lot.credits],
    ["remaining", "int8", (lot) => lot.remaining],
    ["held", "int8", (lot) => lot.held],
    ["expires_at", "timestamptz", (lot) => iso(lot.expiresAtMs)],
    ["created_at", "timestamptz", (lot) => iso(lot.createdAtMs)],
  ],
  insertInto("grants"),
);

const changedLots = part<OfAccount<LotState>>(
  "changed_lots",
  [
    ["account_id", "text", (lot) => lot.accountId],
    ["id", "text", (lot) => lot.grantId],
    ["remaining", "int8", (lot) => lot.remaining],
    ["held", "int8", (lot) => lot.held],
  ],
  (_names, rows) => `
    update grants set remaining = new.remaining, held = new.held
    from ${rows} where grants.account_id = new.account_id and grants.id = new.id`,
);

const newHolds = part<OfAccount<HoldState>>(
  "new_holds",
  [
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
  ],
  insertInto("holds"),
);

const changedHolds = part<OfAccount<HoldState>>(
  "changed_holds",
  [
    ["account_id", "text", (hold) => hold.accountId],
    ["id", "text", (hold) => hold.holdId],
    ["captured", "int8", (hold) => hold.captured],
    ["status", "text", (hold) => hold.status],
    ["expires_at", "timestamptz", (hold) => iso(hold.expiresAtMs)],
    ["ended_at", "timestamptz", (hold) => iso(hold.endedAtMs)],
  ],
  (_names, rows) => `
    update holds set captured = new.captured, status = new.status, expires_at = new.expires_at,
      ended_at = new.ended_at
    from ${rows} where holds.account_id = new.account_id and holds.id = new.id`,
);

const newHoldLots = part<ReturnType<typeof takenBy>[number]>(
  "new_hold_lots",
  [
    ["account_id", "text", (taken) => taken.accountId],
    ["hold_id", "text", (taken) => taken.holdId],
    ["grant_id", "text", (taken) => taken.grantId],
    ["credits", "int8", (taken) => taken.credits],
  ],
  insertInto("hold_lots"),
);

const newEntries = part<OfAccount<NewEntry>>(
  "new_entries",
  [
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
  ],
  insertInto("entries"),
);

const newCommands = part<Stored>(
  "stored",
  [
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
  ],
  insertInto("commands", " on conflict (account_id, key) do nothing returning 1"),
);
