import type { Tx } from "#platform/db";
import { Refusal } from "#platform/refusal";
import type { Book } from "./book";
import {
  type AccountId,
  type Command,
  commandName,
  hashArguments,
  type Outcome,
  requireSound,
} from "./command";
import { onTransaction, type Run, savepoint } from "./connection";
import { decide } from "./decide";
import { readBooks, readKnown, type Waiting } from "./reading";
import { type Stored, writeBooks } from "./writing";

/** The one path of every command: read and lock, decide, assert, write. */

/** What became of a command. `locked`: somebody else has its account, nothing was tried. */
export type Verdict = { outcome: Outcome } | { refusal: unknown } | "locked";

/**
 * Applies commands in the caller's transaction: once, as the last thing before it commits, for the accounts
 * stay locked until then. All of them stand or none.
 * @throws Refusal of the first command that is refused; the caller's transaction must then roll back
 */
export async function applyCommands(tx: Tx, commands: readonly Command[]): Promise<Outcome[]> {
  for (const command of commands) requireSound(command);
  const run = onTransaction(tx);
  await run(savepoint);
  const verdicts = await settle(run, commands, "wait");
  const outcomes = verdicts.map((verdict) => {
    if (verdict === "locked") throw new Error("A transaction waits for locks.");
    if ("refusal" in verdict) throw verdict.refusal;
    return verdict.outcome;
  });
  await run({ text: "release savepoint ledger" });
  return outcomes;
}

/**
 * Settles sound commands on a connection that stands at a savepoint named `ledger`. A refusal is that
 * command's alone; commands of one account are decided in the order given.
 *
 * Keys are not looked up beforehand: a known one shows when the write meets the unique index. Then all goes
 * back to the savepoint and is decided again with what was stored. Every round knows at least one key more.
 */
export async function settle(run: Run, commands: readonly Command[], waiting: Waiting): Promise<Verdict[]> {
  const known: Known = new Map();
  for (;;) {
    const { books, skipped } = await readBooks(run, commands, waiting);
    const session = judge(commands, books, skipped, known);
    await recallRefused(run, session);
    if (await writeBooks(run, changed(books, session.stored), session.stored)) return session.verdicts;
    await run({ text: "rollback to savepoint ledger" });
    for (const { outcome, hash } of await readKnown(run, commands)) {
      known.set(commandName(outcome), { outcome, hash });
    }
  }
}

type Known = Map<string, { outcome: Outcome; hash: string }>;
type Session = {
  commands: readonly Command[];
  hashes: string[];
  verdicts: Verdict[];
  stored: Stored[];
};

/** Decides in memory. A fault takes its whole account out of `books`, and nobody else. */
function judge(
  commands: readonly Command[],
  books: Map<AccountId, Book>,
  skipped: Set<string>,
  known: Known,
): Session {
  const session: Session = { commands, hashes: commands.map(hashArguments), verdicts: [], stored: [] };
  const seen: Known = new Map(known);
  const faults = new Map<AccountId, unknown>();
  commands.forEach((command, index) => {
    const hash = session.hashes[index] ?? "";
    const earlier = seen.get(commandName(command));
    const book = books.get(command.accountId);
    if (skipped.has(command.accountId)) session.verdicts.push("locked");
    else if (faults.has(command.accountId)) session.verdicts.push({ refusal: faults.get(command.accountId) });
    else if (earlier) session.verdicts.push(repeat(earlier, hash));
    else if (!book) session.verdicts.push({ refusal: new Refusal("not_found") });
    else {
      try {
        const outcome = decide(book, command);
        seen.set(commandName(command), { outcome: { ...outcome, repeated: true }, hash });
        session.verdicts.push({ outcome });
        book.lastCommand += 1n;
        session.stored.push({ outcome, seq: book.lastCommand, hash, atMs: book.nowMs });
      } catch (error) {
        session.verdicts.push({ refusal: error });
        if (!(error instanceof Refusal)) faults.set(command.accountId, error);
      }
    }
  });
  for (const [accountId, fault] of faults) strike(session, books, accountId, fault);
  return session;
}

/** Nothing of an account whose book is broken may be written, nor reported as done. */
function strike(session: Session, books: Map<AccountId, Book>, accountId: AccountId, fault: unknown): void {
  books.delete(accountId);
  session.stored = session.stored.filter(({ outcome }) => outcome.accountId !== accountId);
  session.verdicts = session.verdicts.map((verdict, index) =>
    session.commands[index]?.accountId === accountId ? { refusal: fault } : verdict,
  );
}

function repeat(earlier: { outcome: Outcome; hash: string }, hash: string): Verdict {
  if (earlier.hash !== hash) return { refusal: new Refusal("idempotency_conflict") };
  return { outcome: earlier.outcome };
}

/**
 * A repeat may be refused today what was granted then: the credits are spent, the hold is closed. Such a
 * key never reaches the unique index, so the keys of refused commands are looked up.
 */
async function recallRefused(run: Run, session: Session): Promise<void> {
  const refused = session.commands.filter((_, index) => {
    const verdict = session.verdicts[index];
    return typeof verdict === "object" && "refusal" in verdict && verdict.refusal instanceof Refusal;
  });
  const found = new Map(
    (await readKnown(run, refused)).map((earlier) => [commandName(earlier.outcome), earlier]),
  );
  if (found.size === 0) return;
  session.commands.forEach((command, index) => {
    const earlier = found.get(commandName(command));
    if (earlier) session.verdicts[index] = repeat(earlier, session.hashes[index] ?? "");
  });
}

/** Books with something to write: a command was applied, or a lot expired on the way to a refusal. */
function changed(books: Map<AccountId, Book>, stored: readonly Stored[]): Book[] {
  const applied = new Set(stored.map(({ outcome }) => outcome.accountId));
  return [...books.values()].filter((book) => applied.has(book.accountId) || book.entries.length > 0);
}
