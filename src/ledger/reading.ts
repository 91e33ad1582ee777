import { assertBalanced, type Book, type HoldState, type HoldStatus } from "./book";
import type { AccountId, Command, GrantId, HoldId, Outcome, Reference, Source, Verb } from "./command";
import type { Run, Statement } from "./connection";
import { type LotState, spendingOrder } from "./drawdown";

/** Reading for a decision: locks accounts, then reads their books. */

/** What somebody else does with an account's lock: stand in line for it, or leave the account out. */
export type Waiting = "wait" | "skip";

/**
 * Locks the accounts that commands concern, in the order of their ids, and reads what the commands need.
 * The account's row lock guards all of its rows, so lots and holds need no locks of their own; the clock is
 * read in a statement that starts after the locks are held.
 * @returns the books by account. An account that does not exist has none; one that is left out because
 * somebody else has locked it is among `skipped`.
 */
export async function readBooks(
  run: Run,
  commands: readonly Command[],
  waiting: Waiting,
): Promise<{ books: Map<AccountId, Book>; skipped: Set<string> }> {
  const wanted = [...new Set(commands.map(({ accountId }) => accountId))];
  const locked = await run<AccountRow>(waiting === "skip" ? lockOrSkip : lock, [wanted]);
  const books = new Map(locked.map((row) => [row.id, openBook(row)]));
  const missing = waiting === "skip" ? wanted.filter((id) => !books.has(id)) : [];
  const skipped = new Set(
    missing.length > 0 ? (await run<{ id: string }>(exist, [missing])).map(({ id }) => id) : [],
  );
  if (books.size === 0) return { books, skipped };
  for (const row of await run<LotRow>(readLots, [[...books.keys()]])) {
    const book = books.get(row.account_id);
    if (!book) continue;
    book.nowMs = Math.max(book.nowMs, row.now_ms);
    if (row.id) book.lots.push(lotState(row, row.id));
  }
  await readNamed(run, commands, books);
  for (const book of books.values()) {
    book.lots.sort(spendingOrder);
    assertBalanced(book);
  }
  return { books, skipped };
}

/** Lots and holds that commands name, whether they are open or not. */
async function readNamed(run: Run, commands: readonly Command[], books: Map<AccountId, Book>): Promise<void> {
  const lots = new Set<string>();
  const holds = new Set<string>();
  for (const command of commands) {
    if (!books.has(command.accountId)) continue;
    if ("grantId" in command && command.grantId) lots.add(`${command.accountId} ${command.grantId}`);
    if ("holdId" in command && command.holdId) holds.add(`${command.accountId} ${command.holdId}`);
  }
  if (lots.size > 0) {
    for (const row of await run<LotRow>(readClosedLots, columns(lots))) {
      const book = books.get(row.account_id);
      if (book && row.id) book.lots.push(lotState(row, row.id));
    }
  }
  if (holds.size > 0) {
    for (const row of await run<HoldRow>(readHolds, columns(holds))) {
      books.get(row.account_id)?.holds.set(row.id, holdState(row));
    }
  }
}

function columns(pairs: Set<string>): [string[], string[]] {
  const split = [...pairs].map((pair) => pair.split(" "));
  return [split.map(([accountId = ""]) => accountId), split.map(([, id = ""]) => id)];
}

/** @returns the stored outcomes of those of these keys that are known. */
export async function readKnown(
  run: Run,
  commands: readonly Pick<Command, "accountId" | "key">[],
): Promise<{ hash: string; outcome: Outcome }[]> {
  if (commands.length === 0) return [];
  const rows = await run<CommandRow>(readCommands, [
    commands.map(({ accountId }) => accountId),
    commands.map(({ key }) => key),
  ]);
  return rows.map((row) => ({
    hash: row.hash,
    outcome: {
      verb: row.verb,
      accountId: row.account_id,
      key: row.key,
      repeated: true,
      credits: row.credits,
      grantId: row.grant_id,
      holdId: row.hold_id,
      deadline: row.deadline_ms === null ? null : new Date(row.deadline_ms),
      available: row.available,
      held: row.held,
    },
  }));
}

type AccountRow = {
  id: AccountId;
  available: bigint;
  held: bigint;
  last_entry: bigint;
  last_command: bigint;
  changed_ms: number;
};

function openBook(row: AccountRow): Book {
  return {
    accountId: row.id,
    available: row.available,
    held: row.held,
    lastEntry: row.last_entry,
    lastCommand: row.last_command,
    nowMs: row.changed_ms,
    lots: [],
    holds: new Map(),
    entries: [],
    newLots: new Set(),
    changedLots: new Set(),
    newHolds: new Set(),
    changedHolds: new Set(),
  };
}

type LotRow = {
  now_ms: number;
  account_id: AccountId;
  id: GrantId | null;
  source: Source;
  credits: bigint;
  remaining: bigint;
  held: bigint;
  expires_ms: number | null;
  created_ms: number;
};

function lotState(row: LotRow, grantId: GrantId): LotState {
  return {
    grantId,
    source: row.source,
    credits: row.credits,
    remaining: row.remaining,
    held: row.held,
    expiresAtMs: row.expires_ms,
    createdAtMs: row.created_ms,
  };
}

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
    lots: (row.lots ?? []).map((lot) => ({ grantId: lot.grantId, credits: BigInt(lot.credits) })),
  };
}

export function reference(type: Reference["type"] | null, id: string | null): Reference | null {
  return type !== null && id !== null ? { type, id } : null;
}

type CommandRow = {
  account_id: AccountId;
  key: string;
  hash: string;
  verb: Verb;
  grant_id: GrantId | null;
  hold_id: HoldId | null;
  deadline_ms: number | null;
  credits: bigint;
  available: bigint;
  held: bigint;
};

/** Times cross the wire as milliseconds, so that both kinds of connection read them alike. */
const ms = (column: string) => `floor(extract(epoch from ${column}) * 1000)::float8`;

const accountColumns = `id, available, held, last_entry, last_command, ${ms("changed_at")} as changed_ms`;

// Everybody locks accounts in the order of their ids, so nobody waits in a circle.
const lock: Statement = {
  name: "ledger.lock",
  text: `select ${accountColumns} from accounts where id = any ($1::text[]) order by id for update`,
};

const lockOrSkip: Statement = {
  name: "ledger.lock_or_skip",
  text: `${lock.text} skip locked`,
};

const exist: Statement = {
  name: "ledger.exist",
  text: "select id from accounts where id = any ($1::text[])",
};

// A statement of its own: its snapshot, and its clock, are younger than the locks.
const readLots: Statement = {
  name: "ledger.read_lots",
  text: `
    select ${ms("clock.now")} as now_ms, wanted.account_id, g.id, g.source, g.credits, g.remaining, g.held,
      ${ms("g.expires_at")} as expires_ms, ${ms("g.created_at")} as created_ms
    from (select money_now() as now) as clock
    cross join unnest($1::text[]) as wanted (account_id)
    left join grants g on g.account_id = wanted.account_id and g.open`,
};

const readClosedLots: Statement = {
  name: "ledger.read_closed_lots",
  text: `
    select g.account_id, g.id, g.source, g.credits, g.remaining, g.held,
      ${ms("g.expires_at")} as expires_ms, ${ms("g.created_at")} as created_ms
    from unnest($1::text[], $2::text[]) as wanted (account_id, id)
    join grants g on g.account_id = wanted.account_id and g.id = wanted.id and not g.open`,
};

const readHolds: Statement = {
  name: "ledger.read_holds",
  text: `
    select h.account_id, h.id, h.credits, h.captured, h.status, h.cause, h.reference_type, h.reference_id,
      ${ms("h.expires_at")} as expires_ms, ${ms("h.created_at")} as created_ms, ${ms("h.ended_at")} as ended_ms,
      taken.lots
    from unnest($1::text[], $2::text[]) as wanted (account_id, id)
    join holds h on h.account_id = wanted.account_id and h.id = wanted.id
    cross join lateral (
      select json_agg(json_build_object('grantId', l.grant_id, 'credits', l.credits::text)) as lots
      from hold_lots l where l.account_id = h.account_id and l.hold_id = h.id
    ) as taken`,
};

const readCommands: Statement = {
  name: "ledger.read_commands",
  text: `
    select c.account_id, c.key, c.hash, c.verb, c.grant_id, c.hold_id, ${ms("c.deadline")} as deadline_ms,
      c.credits, c.available, c.held
    from unnest($1::text[], $2::text[]) as wanted (account_id, key)
    join commands c on c.account_id = wanted.account_id and c.key = wanted.key`,
};
