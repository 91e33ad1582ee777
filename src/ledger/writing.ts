import { createHash } from "node:crypto";
import { assertBalanced, type Book } from "./book";
import type { AccountId, ApiKeyId } from "./command";
import { type Statement, sqlArray } from "./connection";
import { commandRows, type OfAccount, type Part, rowsOfBooks, type Stored } from "./rows";

/**
 * Writing what was decided: every table's rows as arrays, all in one statement. An account that does not
 * stand as it was when that was decided is left out, with all of its rows: those whose books were read under
 * their locks stand so, those whose books were remembered may not.
 */

/** What was taken for true without asking, so that the write has to ask. */
export type Assumed = {
  /** Accounts whose keys were not looked up. */
  accounts: ReadonlySet<AccountId>;
  /** API keys that have no budget. */
  apiKeyIds: readonly ApiKeyId[];
  /** Money's time. */
  nowMs: number;
};

/**
 * What the statement answers: for each book, in their order, 1 when it was written; the places of those that
 * were not for a key that is known; whether what concerns all was assumed rightly; and money's time.
 */
export type Written = { written: string; known: number[]; sound: boolean; now_ms: number };

/** How far money's clock may be from what was assumed: then nothing that rests on it is written. */
export const clockToleranceMs = 1_000;

/**
 * The statement that writes books, in the order of their accounts, and commands, with its values; undefined
 * when there is nothing to write. No key can be met at the index: it is looked up under the account's lock.
 * @throws LedgerFault when a book does not balance
 */
export function writeStatement(
  books: readonly Book[],
  stored: readonly Stored[],
  assumed: Assumed | null,
): [Statement, string[]] | undefined {
  if (books.length === 0) return;
  for (const book of books) assertBalanced(book);
  const commands = commandRows(books, stored);
  const parts = rowsOfBooks(books, commands);
  const asked = assumed ? askedFor(assumed, commands) : [];
  return [
    statement(parts, assumed !== null),
    [`${books.length}`, ...asked, ...parts.flatMap(({ values }) => values)],
  ];
}

/** The values of `assumptions`. */
function askedFor({ accounts, apiKeyIds, nowMs }: Assumed, commands: readonly OfAccount<Stored>[]): string[] {
  const asked = commands.filter(({ accountId }) => accounts.has(accountId));
  return [
    sqlArray(asked.map(({ place }) => place)),
    sqlArray(asked.map(({ accountId }) => accountId)),
    sqlArray(asked.map(({ row }) => row.outcome.key)),
    sqlArray(apiKeyIds),
    `${nowMs}`,
  ];
}

const statements = new Map<string, Statement>();

/** One statement for all parts; the few combinations that occur are put together once. */
function statement(parts: readonly Part[], assumes: boolean): Statement {
  const name = `ledger.write ${assumes} ${parts.map((part) => part.name).join(" ")}`;
  const known = statements.get(name);
  if (known) return known;
  let parameter = assumes ? 6 : 1;
  const expressions = parts.map(({ name, columns, write }) => {
    const names = columns.map((column) => column.name);
    const arrays = columns.map(({ type }) => {
      parameter += 1;
      return `$${parameter}::${type === "time" ? "float8" : type}[]`;
    });
    const values = columns.map(({ name, type }) =>
      type === "time" ? `to_timestamp(${name} / 1000) as ${name}` : name,
    );
    const rows = `(select ${values.join(", ")} from unnest(${arrays.join(", ")}) as sent (${names.join(", ")}))`;
    const own = names.filter((column) => column !== "place").join(", ");
    return `${name} as (${write(own, `${rows} as new`)})`;
  });
  const [accounts, ...others] = expressions;
  const assumed = assumes ? assumptions : noAssumptions;
  const text = `with ${[clock, places, assumed, accounts, written, ...others].join(", ")}
    select bits as written, known, sound, now_ms from written, assumed, clock`;
  const made = { name: shortName(name), text };
  statements.set(name, made);
  return made;
}

/** PostgreSQL cuts names of prepared statements at 63 characters. */
function shortName(name: string): string {
  return `ledger.write ${createHash("sha256").update(name).digest("hex").slice(0, 16)}`;
}

const clock = "clock as materialized (select floor(date_part('epoch', money_now()) * 1000) as now_ms)";

/** Which places must be left out, and whether all of them. An API key's budget cannot be made meanwhile. */
const assumptions = `
  assumed as materialized (
    select
      array(
        select asked.place from unnest($2::int4[], $3::text[], $4::text[]) as asked (place, account_id, key)
        join commands c on c.account_id = asked.account_id and c.key = asked.key
      ) as known,
      abs(now_ms - $6::float8) <= ${clockToleranceMs}
        and not exists (select from key_budgets where api_key_id = any ($5::text[]) for update) as sound
    from clock
  )`;
const noAssumptions = "assumed as materialized (select array[]::int4[] as known, true as sound)";

/** A bit for each place: set for those that stood as they were, and only their rows are written. */
const places = "places as materialized (select repeat('0', $1::int4)::varbit as none)";
const written = `
  written as materialized (
    select coalesce(bit_or(set_bit((select none from places), place, 1)), (select none from places)) as bits
    from changed_accounts
  )`;
