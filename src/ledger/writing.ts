import { createHash } from "node:crypto";
import { assertBalanced, type Book, type HoldState, type NewEntry, type Spending } from "./book";
import type { AccountId, ApiKeyId, Outcome, Verb } from "./command";
import { type Statement, sqlArray } from "./connection";
import type { LotState } from "./drawdown";

/** Writing what was decided: every table's rows as arrays, all in one statement. */

/** A command applied for the first time. */
export type Stored = { outcome: Outcome; seq: bigint; hash: string; atMs: number };

/**
 * The statement that writes books and commands, with its values; undefined when there is nothing to write.
 * No key can be met at the index: the accounts are locked, and the keys were looked up.
 * @throws LedgerFault when a book does not balance
 */
export function writeStatement(
  books: readonly Book[],
  stored: readonly Stored[],
): [Statement, string[]] | undefined {
  if (books.length === 0) return;
  for (const book of books) assertBalanced(book);
  const placed = ofAll(books, (book) => holdsOf(book, book.newHolds));
  const parts = [
    changedAccounts.filled(books),
    newLots.filled(ofAll(books, (book) => book.newLots)),
    changedLots.filled(ofAll(books, (book) => book.changedLots)),
    newHolds.filled(placed),
    changedHolds.filled(ofAll(books, (book) => holdsOf(book, book.changedHolds))),
    newHoldLots.filled(placed.flatMap(takenBy)),
    newEntries.filled(ofAll(books, (book) => book.entries)),
    changedBudgets.filled(spendingOf(books)),
    newCommands.filled(stored),
  ].filter((part) => part.rows > 0);
  return [statement(parts), parts.flatMap(({ values }) => values)];
}

/** A row and whose it is. */
type OfAccount<T> = [AccountId, T];

function ofAll<T>(books: readonly Book[], rowsOf: (book: Book) => readonly T[]): OfAccount<T>[] {
  const rows: OfAccount<T>[] = [];
  for (const book of books) for (const row of rowsOf(book)) rows.push([book.accountId, row]);
  return rows;
}

function holdsOf(book: Book, ids: ReadonlySet<HoldState["holdId"]> | null): readonly HoldState[] {
  if (!ids) return [];
  return [...ids].flatMap((id) => book.holds.get(id) ?? []);
}

function takenBy([accountId, { holdId, lots }]: OfAccount<HoldState>) {
  return lots.map(({ grantId, credits }) => ({ accountId, holdId, grantId, credits }));
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
type Type = "text" | "int8" | "time";
type Cell = string | number | bigint | null;
type Column<T> = [name: string, type: Type, value: (row: T) => Cell];

/** What a table gets: rows as one array per column, which `unnest` puts together again. */
type Part = {
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

/** `unnest` fills up what is shorter than the others with NULL: a column of nothing else is sent as none. */
function column<T>(rows: readonly T[], value: (row: T) => Cell): string {
  const cells = rows.map(value);
  return cells.every((cell) => cell === null) ? "{}" : sqlArray(cells);
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
      return `$${parameter}::${type === "time" ? "float8" : type}[]`;
    });
    const values = columns.map(({ name, type }) =>
      type === "time" ? `to_timestamp(${name} / 1000) as ${name}` : name,
    );
    const rows = `(select ${values.join(", ")} from unnest(${arrays.join(", ")}) as sent (${names}))`;
    return `${name} as (${write(names, `${rows} as new`)})`;
  });
  const made = { name: shortName(name), text: `with ${expressions.join(", ")} select` };
  statements.set(name, made);
  return made;
}

/** PostgreSQL cuts names of prepared statements at 63 characters. */
function shortName(name: string): string {
  return `ledger.write ${createHash("sha256").update(name).digest("hex").slice(0, 16)}`;
}

const insertInto =
  (table: string): Write =>
  (names, rows) =>
    `insert into ${table} (${names}) select ${names} from ${rows}`;

const changedAccounts = part<Book>(
  "changed_accounts",
  [
    ["id", "text", (book) => book.accountId],
    ["available", "int8", (book) => book.available],
    ["held", "int8", (book) => book.held],
    ["last_entry", "int8", (book) => book.lastEntry],
    ["last_command", "int8", (book) => book.lastCommand],
    ["changed_at", "time", (book) => book.nowMs],
  ],
  (_names, rows) => `
    update accounts set available = new.available, held = new.held, last_entry = new.last_entry,
      last_command = new.last_command, changed_at = new.changed_at
    from ${rows} where accounts.id = new.id`,
);

const newLots = part<OfAccount<LotState>>(
  "new_lots",
  [
    ["account_id", "text", ([accountId]) => accountId],
    ["id", "text", ([, lot]) => lot.grantId],
    ["source", "text", ([, lot]) => lot.source],
    ["credits", "int8", ([, lot]) => lot.credits],
    ["remaining", "int8", ([, lot]) => lot.remaining],
    ["held", "int8", ([, lot]) => lot.held],
    ["expires_at", "time", ([, lot]) => lot.expiresAtMs],
    ["created_at", "time", ([, lot]) => lot.createdAtMs],
  ],
  insertInto("grants"),
);

const changedLots = part<OfAccount<LotState>>(
  "changed_lots",
  [
    ["account_id", "text", ([accountId]) => accountId],
    ["id", "text", ([, lot]) => lot.grantId],
    ["remaining", "int8", ([, lot]) => lot.remaining],
    ["held", "int8", ([, lot]) => lot.held],
  ],
  (_names, rows) => `
    update grants set remaining = new.remaining, held = new.held
    from ${rows} where grants.account_id = new.account_id and grants.id = new.id`,
);

const newHolds = part<OfAccount<HoldState>>(
  "new_holds",
  [
    ["account_id", "text", ([accountId]) => accountId],
    ["id", "text", ([, hold]) => hold.holdId],
    ["credits", "int8", ([, hold]) => hold.credits],
    ["captured", "int8", ([, hold]) => hold.captured],
    ["status", "text", ([, hold]) => hold.status],
    ["expires_at", "time", ([, hold]) => hold.expiresAtMs],
    ["cause", "text", ([, hold]) => hold.cause],
    ["reference_type", "text", ([, hold]) => hold.reference?.type ?? null],
    ["reference_id", "text", ([, hold]) => hold.reference?.id ?? null],
    ["api_key_id", "text", ([, hold]) => hold.apiKeyId],
    ["created_at", "time", ([, hold]) => hold.createdAtMs],
    ["ended_at", "time", ([, hold]) => hold.endedAtMs],
  ],
  insertInto("holds"),
);

const changedHolds = part<OfAccount<HoldState>>(
  "changed_holds",
  [
    ["account_id", "text", ([accountId]) => accountId],
    ["id", "text", ([, hold]) => hold.holdId],
    ["captured", "int8", ([, hold]) => hold.captured],
    ["status", "text", ([, hold]) => hold.status],
    ["expires_at", "time", ([, hold]) => hold.expiresAtMs],
    ["ended_at", "time", ([, hold]) => hold.endedAtMs],
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
    ["account_id", "text", ([accountId]) => accountId],
    ["seq", "int8", ([, entry]) => entry.seq],
    ["kind", "text", ([, entry]) => entry.kind],
    ["credits", "int8", ([, entry]) => entry.credits],
    ["total_after", "int8", ([, entry]) => entry.totalAfter],
    ["grant_id", "text", ([, entry]) => entry.grantId],
    ["source", "text", ([, entry]) => entry.source],
    ["hold_id", "text", ([, entry]) => entry.holdId],
    ["cause", "text", ([, entry]) => entry.cause],
    ["reference_type", "text", ([, entry]) => entry.reference?.type ?? null],
    ["reference_id", "text", ([, entry]) => entry.reference?.id ?? null],
    ["api_key_id", "text", ([, entry]) => entry.apiKeyId],
    ["created_at", "time", ([, entry]) => entry.atMs],
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

const newCommands = part<Stored>(
  "new_commands",
  [
    ["account_id", "text", ({ outcome }): AccountId => outcome.accountId],
    ["key", "text", ({ outcome }) => outcome.key],
    ["seq", "int8", ({ seq }) => seq],
    ["hash", "text", ({ hash }) => hash],
    ["verb", "text", ({ outcome }): Verb => outcome.verb],
    ["grant_id", "text", ({ outcome }) => outcome.grantId],
    ["hold_id", "text", ({ outcome }) => outcome.holdId],
    ["deadline", "time", ({ outcome }) => outcome.deadline?.getTime() ?? null],
    ["credits", "int8", ({ outcome }) => outcome.credits],
    ["available", "int8", ({ outcome }) => outcome.available],
    ["held", "int8", ({ outcome }) => outcome.held],
    ["created_at", "time", ({ atMs }) => atMs],
  ],
  insertInto("commands"),
);
