import type { Book, HoldState, NewEntry, Spending } from "./book";
import type { AccountId, ApiKeyId, Outcome, Verb } from "./command";
import { sqlArray } from "./connection";
import type { LotState } from "./drawdown";

/** What each table gets of what was decided, and how it gets it. */

/** A command applied for the first time. */
export type Stored = { outcome: Outcome; seq: bigint; hash: string; atMs: number };

/** A row, whose it is, and that one's place among the books. */
export type OfAccount<T> = { accountId: AccountId; place: number; row: T };

/** The parts that have rows, the accounts' first. */
export function rowsOfBooks(books: readonly Book[], commands: readonly OfAccount<Stored>[]): Part[] {
  const placed = ofAll(books, (book) => holdsOf(book, book.newHolds));
  return [
    changedAccounts.filled(ofAll(books, (book) => [book])),
    newLots.filled(ofAll(books, (book) => book.newLots)),
    changedLots.filled(ofAll(books, (book) => book.changedLots)),
    newHolds.filled(placed),
    changedHolds.filled(ofAll(books, (book) => holdsOf(book, book.changedHolds))),
    newHoldLots.filled(placed.flatMap(takenBy)),
    newEntries.filled(ofAll(books, (book) => book.entries)),
    changedBudgets.filled(spendingOf(books)),
    newCommands.filled(commands),
  ].filter((part) => part.rows > 0);
}

export function commandRows(books: readonly Book[], stored: readonly Stored[]): OfAccount<Stored>[] {
  const places = new Map(books.map(({ accountId }, place) => [accountId, place]));
  return stored.map((row) => {
    const { accountId } = row.outcome;
    return { accountId, place: places.get(accountId) ?? -1, row };
  });
}

function ofAll<T>(books: readonly Book[], rowsOf: (book: Book) => readonly T[]): OfAccount<T>[] {
  const rows: OfAccount<T>[] = [];
  books.forEach((book, place) => {
    for (const row of rowsOf(book)) rows.push({ accountId: book.accountId, place, row });
  });
  return rows;
}

function holdsOf(book: Book, ids: ReadonlySet<HoldState["holdId"]> | null): readonly HoldState[] {
  if (!ids) return [];
  return [...ids].flatMap((id) => book.holds.get(id) ?? []);
}

function takenBy({ accountId, place, row: { holdId, lots } }: OfAccount<HoldState>) {
  return lots.map((taken) => ({ accountId, place, row: { holdId, ...taken } }));
}

/** What the books come to on each API key's budget. */
function spendingOf(books: readonly Book[]): (Spending & { apiKeyId: ApiKeyId })[] {
  const sums = new Map<ApiKeyId, Spending>();
  for (const { spending } of books) {
    for (const [apiKeyId, { spent, held }] of spending ?? []) {
      const sum = sums.get(apiKeyId) ?? { spent: 0n, held: 0n };
      sums.set(apiKeyId, { spent: sum.spent + spent, held: sum.held + held });
    }
  }
  return [...sums].map(([apiKeyId, sum]) => ({ apiKeyId, ...sum }));
}

/** A time crosses the wire as ms since 1970. */
type Type = "text" | "int4" | "int8" | "time";
type Cell = string | number | bigint | null;
type Column<T> = [name: string, type: Type, value: (row: T) => Cell];

/** What a table gets: rows as one array per column, which `unnest` puts together again. */
export type Part = {
  name: string;
  columns: readonly { name: string; type: Type }[];
  write: Write;
  rows: number;
  values: string[];
};
type Write = (names: string, rows: string) => string;

function part<T>(name: string, columns: Column<T>[], write: Write) {
  return {
    filled: (rows: readonly T[]): Part => ({
      name,
      columns: columns.map(([column, type]) => ({ name: column, type })),
      write,
      rows: rows.length,
      values: columns.map(([, , value]) => column(rows, value)),
    }),
  };
}

/** Rows of accounts carry the account's place, by which they are left out. */
function accountPart<T>(name: string, columns: Column<OfAccount<T>>[], write: Write) {
  return part<OfAccount<T>>(name, [["place", "int4", ({ place }) => place], ...columns], write);
}

/** `unnest` fills up what is shorter than the others with NULL: a column of nothing else is sent as none. */
function column<T>(rows: readonly T[], value: (row: T) => Cell): string {
  const cells = rows.map(value);
  return cells.every((cell) => cell === null) ? "{}" : sqlArray(cells);
}

/** The bit of an account that stood as it was. */
const ifWritten = "get_bit((select bits from written), new.place) = 1";

const insertInto =
  (table: string): Write =>
  (names, rows) =>
    `insert into ${table} (${names}) select ${names} from ${rows} where ${ifWritten}`;

// By the order of their ids, as everybody locks them, so that nobody waits in a circle.
const changedAccounts = accountPart<Book>(
  "changed_accounts",
  [
    ["id", "text", ({ accountId }) => accountId],
    ["remembered", "int4", ({ row }) => (row.remembered ? 1 : 0)],
    ["was_available", "int8", ({ row }) => row.was.available],
    ["was_held", "int8", ({ row }) => row.was.held],
    ["was_entry", "int8", ({ row }) => row.was.lastEntry],
    ["was_command", "int8", ({ row }) => row.was.lastCommand],
    ["available", "int8", ({ row }) => row.available],
    ["held", "int8", ({ row }) => row.held],
    ["last_entry", "int8", ({ row }) => row.lastEntry],
    ["last_command", "int8", ({ row }) => row.lastCommand],
    ["changed_at", "time", ({ row }) => row.nowMs],
  ],
  (_names, rows) => `
    update accounts set available = new.available, held = new.held, last_entry = new.last_entry,
      last_command = new.last_command, changed_at = new.changed_at
    from ${rows}
    where accounts.id = new.id
      and accounts.last_command = new.was_command and accounts.last_entry = new.was_entry
      and accounts.available = new.was_available and accounts.held = new.was_held
      and (new.remembered = 0
        or (select sound from assumed) and new.place <> all ((select known from assumed)::int4[]))
    returning new.place`,
);

const newLots = accountPart<LotState>(
  "new_lots",
  [
    ["account_id", "text", ({ accountId }) => accountId],
    ["id", "text", ({ row }) => row.grantId],
    ["source", "text", ({ row }) => row.source],
    ["credits", "int8", ({ row }) => row.credits],
    ["remaining", "int8", ({ row }) => row.remaining],
    ["held", "int8", ({ row }) => row.held],
    ["expires_at", "time", ({ row }) => row.expiresAtMs],
    ["created_at", "time", ({ row }) => row.createdAtMs],
  ],
  insertInto("grants"),
);

const changedLots = accountPart<LotState>(
  "changed_lots",
  [
    ["account_id", "text", ({ accountId }) => accountId],
    ["id", "text", ({ row }) => row.grantId],
    ["remaining", "int8", ({ row }) => row.remaining],
    ["held", "int8", ({ row }) => row.held],
  ],
  (_names, rows) => `
    update grants set remaining = new.remaining, held = new.held
    from ${rows} where grants.account_id = new.account_id and grants.id = new.id and ${ifWritten}`,
);

const newHolds = accountPart<HoldState>(
  "new_holds",
  [
    ["account_id", "text", ({ accountId }) => accountId],
    ["id", "text", ({ row }) => row.holdId],
    ["credits", "int8", ({ row }) => row.credits],
    ["captured", "int8", ({ row }) => row.captured],
    ["status", "text", ({ row }) => row.status],
    ["expires_at", "time", ({ row }) => row.expiresAtMs],
    ["cause", "text", ({ row }) => row.cause],
    ["reference_type", "text", ({ row }) => row.reference?.type ?? null],
    ["reference_id", "text", ({ row }) => row.reference?.id ?? null],
    ["api_key_id", "text", ({ row }) => row.apiKeyId],
    ["created_at", "time", ({ row }) => row.createdAtMs],
    ["ended_at", "time", ({ row }) => row.endedAtMs],
  ],
  insertInto("holds"),
);

const changedHolds = accountPart<HoldState>(
  "changed_holds",
  [
    ["account_id", "text", ({ accountId }) => accountId],
    ["id", "text", ({ row }) => row.holdId],
    ["captured", "int8", ({ row }) => row.captured],
    ["status", "text", ({ row }) => row.status],
    ["expires_at", "time", ({ row }) => row.expiresAtMs],
    ["ended_at", "time", ({ row }) => row.endedAtMs],
  ],
  (_names, rows) => `
    update holds set captured = new.captured, status = new.status, expires_at = new.expires_at,
      ended_at = new.ended_at
    from ${rows} where holds.account_id = new.account_id and holds.id = new.id
      and ${ifWritten}`,
);

const newHoldLots = accountPart<ReturnType<typeof takenBy>[number]["row"]>(
  "new_hold_lots",
  [
    ["account_id", "text", ({ accountId }) => accountId],
    ["hold_id", "text", ({ row }) => row.holdId],
    ["grant_id", "text", ({ row }) => row.grantId],
    ["credits", "int8", ({ row }) => row.credits],
  ],
  insertInto("hold_lots"),
);

const newEntries = accountPart<NewEntry>(
  "new_entries",
  [
    ["account_id", "text", ({ accountId }) => accountId],
    ["seq", "int8", ({ row }) => row.seq],
    ["kind", "text", ({ row }) => row.kind],
    ["credits", "int8", ({ row }) => row.credits],
    ["total_after", "int8", ({ row }) => row.totalAfter],
    ["grant_id", "text", ({ row }) => row.grantId],
    ["source", "text", ({ row }) => row.source],
    ["hold_id", "text", ({ row }) => row.holdId],
    ["cause", "text", ({ row }) => row.cause],
    ["reference_type", "text", ({ row }) => row.reference?.type ?? null],
    ["reference_id", "text", ({ row }) => row.reference?.id ?? null],
    ["api_key_id", "text", ({ row }) => row.apiKeyId],
    ["created_at", "time", ({ row }) => row.atMs],
  ],
  insertInto("entries"),
);

const changedBudgets = part<Spending & { apiKeyId: ApiKeyId }>(
  "changed_budgets",
  [
    ["api_key_id", "text", ({ apiKeyId }) => apiKeyId],
    ["spent", "int8", ({ spent }) => spent],
    ["held", "int8", ({ held }) => held],
  ],
  (_names, rows) => `
    update key_budgets set spent = key_budgets.spent + new.spent, held = key_budgets.held + new.held
    from ${rows} where key_budgets.api_key_id = new.api_key_id`,
);

const newCommands = accountPart<Stored>(
  "new_commands",
  [
    ["account_id", "text", ({ accountId }) => accountId],
    ["key", "text", ({ row }) => row.outcome.key],
    ["seq", "int8", ({ row }) => row.seq],
    ["hash", "text", ({ row }) => row.hash],
    ["verb", "text", ({ row }): Verb => row.outcome.verb],
    ["grant_id", "text", ({ row }) => row.outcome.grantId],
    ["hold_id", "text", ({ row }) => row.outcome.holdId],
    ["deadline", "time", ({ row }) => row.outcome.deadline?.getTime() ?? null],
    ["credits", "int8", ({ row }) => row.outcome.credits],
    ["available", "int8", ({ row }) => row.outcome.available],
    ["held", "int8", ({ row }) => row.outcome.held],
    ["created_at", "time", ({ row }) => row.atMs],
  ],
  insertInto("commands"),
);
