import { assertBalanced, type Book, type HoldState, type HoldStatus, nothingWritten } from "./book";
import type { Budget, Budgets } from "./budget";
import type {
  AccountId,
  ApiKeyId,
  Command,
  GrantId,
  HoldId,
  Outcome,
  Reference,
  Source,
  Verb,
} from "./command";
import { type Row, type Run, type Statement, sqlArray } from "./connection";
import { type LotState, spendingOrder } from "./drawdown";

/** Reading for a decision: locks accounts, then reads their books. */

/** What somebody else does with an account's lock: stand in line for it, or leave the account out. */
export type Waiting = "wait" | "skip";

/** What is stored of a command: its arguments' hash and its outcome. */
export type Known = { hash: string; outcome: Outcome };

export type Reading = {
  /** By account; one that does not exist has none, nor has one that was left out. */
  books: Map<AccountId, Book>;
  /** Accounts left out because somebody else has locked them. */
  skipped: ReadonlySet<AccountId>;
  /** Those of the commands that were applied before. */
  known: Known[];
};

/**
 * Locks the accounts that commands concern, in the order of their ids, and reads all that deciding needs.
 * The account's row lock guards all of its rows, commands included, so what is read stays true until the
 * transaction ends. Everything is asked at once.
 */
export async function readBooks(run: Run, commands: readonly Command[], waiting: Waiting): Promise<Reading> {
  const wanted = sqlArray([...new Set(commands.map(({ accountId }) => accountId))]);
  const asked = [
    sqlArray(commands.map(({ accountId }) => accountId)),
    sqlArray(commands.map(({ key }) => key)),
  ];
  const [rows, closedLots, holds, lapsed, budgets] = await Promise.all([
    run<ReadRow>(read, [wanted, `${waiting === "wait"}`, ...asked]),
    readNamed<ClosedLotRow>(run, readClosedLots, commands, lotNamed),
    readNamed<HoldRow>(run, readHolds, commands, holdNamed),
    readLapsed(run, commands),
    readBudgets(run, commands),
  ]);
  const reading = openBooks(rows, budgets);
  const { books } = reading;
  for (const { account_id, ...lot } of closedLots) books.get(account_id)?.lots.push(lot);
  for (const row of lapsed) books.get(row.account_id)?.lapsed.set(row.ended_ms, row.credits);
  for (const row of holds) books.get(row.account_id)?.holds.set(row.id, holdState(row));
  for (const book of books.values()) {
    if (book.lots.length > 1) book.lots.sort(spendingOrder);
    assertBalanced(book);
  }
  return reading;
}

/** Tells the rows apart: of accounts and their open lots, of known commands, of accounts left out. */
function openBooks(rows: readonly ReadRow[], budgets: Budgets): Reading {
  const books = new Map<AccountId, Book>();
  const skipped = new Set<AccountId>();
  const known: Known[] = [];
  for (const row of rows) {
    if (row.command) known.push(knownCommand(row, row.command));
    else if (row.left_out) skipped.add(row.account_id);
    else {
      let book = books.get(row.account_id);
      if (!book) {
        book = openBook(row, budgets);
        books.set(row.account_id, book);
      }
      if (row.lot_id) book.lots.push(lotState(row, row.lot_id));
    }
  }
  return { books, skipped, known };
}

/** Stands in line for accounts, as long as the transaction's lock_timeout allows. */
export async function lockAccounts(run: Run, accounts: readonly AccountId[]): Promise<void> {
  await run(lock, [sqlArray(accounts)]);
}

/** What the plan's lots lost at the period's ends from which credits are to be carried over. */
async function readLapsed(run: Run, commands: readonly Command[]): Promise<LapsedRow[]> {
  const ends = commands.filter((command) => command.verb === "carry");
  if (ends.length === 0) return [];
  const accounts = ends.map(({ accountId }) => accountId);
  const times = ends.map(({ endedAt }) => endedAt.getTime());
  return run<LapsedRow>(readLapsedLots, [sqlArray(accounts), sqlArray(times)]);
}

type LapsedRow = { account_id: AccountId; ended_ms: number; credits: bigint };

/**
 * Locks the budgets of the API keys that ask or that placed the holds named: after the accounts, by everybody,
 * and in the order of their ids. Whoever has one locked is about to commit, so this waits for it.
 */
async function readBudgets(run: Run, commands: readonly Command[]): Promise<Budgets> {
  const keys = new Set<ApiKeyId>();
  for (const command of commands) if ("apiKeyId" in command && command.apiKeyId) keys.add(command.apiKeyId);
  const named = allNamed(commands, holdNamed);
  if (keys.size === 0 && named.ids.length === 0) return new Map();
  const values = [sqlArray([...keys]), sqlArray(named.accounts), sqlArray(named.ids)];
  const rows = await run<BudgetRow>(lockBudgets, values);
  return new Map(rows.map(({ api_key_id, ...budget }) => [api_key_id, budget]));
}

type BudgetRow = { api_key_id: ApiKeyId } & Budget;

type Named = (command: Command) => string | undefined;
/** Lots and holds that commands name are read whether they are open or not. */
const lotNamed: Named = (command) => ("grantId" in command ? command.grantId : undefined);
const holdNamed: Named = (command) => ("holdId" in command ? command.holdId : undefined);

async function readNamed<R extends Row>(
  run: Run,
  statement: Statement,
  commands: readonly Command[],
  named: Named,
): Promise<R[]> {
  const { accounts, ids } = allNamed(commands, named);
  return ids.length > 0 ? run<R>(statement, [sqlArray(accounts), sqlArray(ids)]) : [];
}

/** Each once, with its account. */
function allNamed(commands: readonly Command[], named: Named): { accounts: AccountId[]; ids: string[] } {
  const accounts: AccountId[] = [];
  const ids: string[] = [];
  const seen = new Set<string>();
  for (const command of commands) {
    const id = named(command);
    if (id === undefined || seen.has(`${command.accountId} ${id}`)) continue;
    seen.add(`${command.accountId} ${id}`);
    accounts.push(command.accountId);
    ids.push(id);
  }
  return { accounts, ids };
}

/** A row of `ledger_read`; which columns are set depends on what it is. */
type ReadRow = {
  account_id: AccountId;
  /** Of an account, or after a command. */
  available: bigint;
  held: bigint;
  last_entry: bigint;
  last_command: bigint;
  now_ms: number;
  lot_id: GrantId | null;
  source: Source;
  /** Of a lot, or of a command. */
  credits: bigint;
  remaining: bigint;
  lot_held: bigint;
  /** A lot's expiry, or a command's deadline. */
  expires_ms: number | null;
  created_ms: number;
  left_out: boolean | null;
  command: StoredCommand | null;
};
type StoredCommand = [key: string, hash: string, verb: Verb, grantId: GrantId | null, holdId: HoldId | null];

function knownCommand(row: ReadRow, [key, hash, verb, grantId, holdId]: StoredCommand): Known {
  return {
    hash,
    outcome: {
      verb,
      accountId: row.account_id,
      key,
      repeated: true,
      credits: row.credits,
      grantId,
      holdId,
      deadline: row.expires_ms === null ? null : new Date(row.expires_ms),
      available: row.available,
      held: row.held,
    },
  };
}

function openBook(row: ReadRow, budgets: Budgets): Book {
  const { available, held, last_entry: lastEntry, last_command: lastCommand } = row;
  const standing = { available, held, lastEntry, lastCommand };
  return {
    accountId: row.account_id,
    ...standing,
    was: standing,
    remembered: false,
    nowMs: row.now_ms,
    lots: [],
    holds: new Map(),
    lapsed: new Map(),
    budgets,
    ...nothingWritten(),
  };
}

function lotState(row: ReadRow, grantId: GrantId): LotState {
  return {
    grantId,
    source: row.source,
    credits: row.credits,
    remaining: row.remaining,
    held: row.lot_held,
    expiresAtMs: row.expires_ms,
    createdAtMs: row.created_ms,
  };
}

type ClosedLotRow = LotState & { account_id: AccountId };

type HoldRow = {
  account_id: AccountId;
  id: HoldId;
  credits: bigint;
  captured: bigint;
  status: HoldStatus;
  expires_ms: number;
  created_ms: number;
  ended_ms: number | null;
  cause: string;
  reference_type: Reference["type"] | null;
  reference_id: string | null;
  api_key_id: ApiKeyId | null;
  lots: { grantId: GrantId; credits: string }[] | null;
};

function holdState(row: HoldRow): HoldState {
  return {
    holdId: row.id,
    credits: row.credits,
    captured: row.captured,
    status: row.status,
    expiresAtMs: row.expires_ms,
    createdAtMs: row.created_ms,
    endedAtMs: row.ended_ms,
    cause: row.cause,
    reference: reference(row.reference_type, row.reference_id),
    apiKeyId: row.api_key_id,
    lots: (row.lots ?? []).map((lot) => ({ grantId: lot.grantId, credits: BigInt(lot.credits) })),
  };
}

export function reference(type: Reference["type"] | null, id: string | null): Reference | null {
  return type !== null && id !== null ? { type, id } : null;
}

/** Times cross the wire as milliseconds, in which they were written. (`extract` would count in numeric: slow.) */
const ms = (column: string) => `round(date_part('epoch', ${column}) * 1000)`;

/** db/sql/025_ledger_read.sql */
const read: Statement = {
  name: "ledger.read",
  text: "select * from ledger_read($1::text[], $2::boolean, $3::text[], $4::text[])",
};

// Everybody locks accounts in the order of their ids, so nobody waits in a circle.
const lock: Statement = {
  name: "ledger.lock",
  text: "select id from accounts where id = any ($1::text[]) order by id for update",
};

const readClosedLots: Statement = {
  name: "ledger.read_closed_lots",
  text: `
    select g.account_id, g.id as "grantId", g.source, g.credits, g.remaining, g.held,
      ${ms("g.expires_at")} as "expiresAtMs", ${ms("g.created_at")} as "createdAtMs"
    from unnest($1::text[], $2::text[]) as wanted (account_id, id)
    join grants g on g.account_id = wanted.account_id and g.id = wanted.id and not g.open`,
};

const readHolds: Statement = {
  name: "ledger.read_holds",
  text: `
    select h.account_id, h.id, h.credits, h.captured, h.status, h.cause, h.reference_type, h.reference_id, h.api_key_id,
      ${ms("h.expires_at")} as expires_ms, ${ms("h.created_at")} as created_ms, ${ms("h.ended_at")} as ended_ms,
      taken.lots
    from unnest($1::text[], $2::text[]) as wanted (account_id, id)
    join holds h on h.account_id = wanted.account_id and h.id = wanted.id
    cross join lateral (
      select json_agg(json_build_object('grantId', l.grant_id, 'credits', l.credits::text)) as lots
      from hold_lots l where l.account_id = h.account_id and l.hold_id = h.id
    ) as taken`,
};

// What a lot lost it lost at its expiry or later: a short range of the journal.
const readLapsedLots: Statement = {
  name: "ledger.read_lapsed_lots",
  text: `
    select wanted.account_id, wanted.ended_ms, -sum(e.credits)::int8 as credits
    from (select distinct * from unnest($1::text[], $2::float8[]) as sent (account_id, ended_ms)) as wanted
    join grants g on g.account_id = wanted.account_id and g.source = 'plan'
      and g.expires_at = to_timestamp(wanted.ended_ms / 1000)
    join entries e on e.account_id = g.account_id and e.seq >= first_entry_at(g.account_id, g.expires_at)
      and e.kind = 'expired' and e.grant_id = g.id
    group by 1, 2`,
};

const lockBudgets: Statement = {
  name: "ledger.lock_budgets",
  text: `
    select api_key_id, cap, spent, held from key_budgets
    where api_key_id = any ($1::text[] || array(
      select h.api_key_id from unnest($2::text[], $3::text[]) as wanted (account_id, id)
      join holds h on h.account_id = wanted.account_id and h.id = wanted.id and h.api_key_id is not null
    ))
    order by api_key_id for update`,
};
