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
import { onTransaction, prepareTransaction, type Run } from "./connection";
import { decide } from "./decide";
import { type Known, type Reading, readBooks, type Waiting } from "./reading";
import { type Stored, writeStatement } from "./writing";

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
  await run(prepareTransaction);
  const verdicts = await settle(run, commands, "wait");
  return verdicts.map((verdict) => {
    if (verdict === "locked") throw new Error("A transaction waits for locks.");
    if ("refusal" in verdict) throw verdict.refusal;
    return verdict.outcome;
  });
}

/** Settles sound commands in an open transaction. @see plan */
export async function settle(run: Run, commands: readonly Command[], waiting: Waiting): Promise<Verdict[]> {
  const { verdicts, write } = await plan(run, commands, waiting);
  if (write) await run(...write);
  return verdicts;
}

/** What becomes of commands once `write`, if there is anything to write, has been run and committed. */
export type Plan = { verdicts: Verdict[]; write: ReturnType<typeof writeStatement> };

/**
 * Decides sound commands in an open transaction, with their accounts locked. A refusal is that command's
 * alone; commands of one account are decided in the order given.
 */
export async function plan(run: Run, commands: readonly Command[], waiting: Waiting): Promise<Plan> {
  const reading = await readBooks(run, commands, waiting);
  const { verdicts, stored } = judge(commands, reading);
  return { verdicts, write: writeStatement(changed(reading.books, stored), stored) };
}

type Session = {
  commands: readonly Command[];
  verdicts: Verdict[];
  stored: Stored[];
};

/** Decides in memory. A fault takes its whole account out of `books`, and nobody else. */
function judge(commands: readonly Command[], { books, skipped, known }: Reading): Session {
  const session: Session = { commands, verdicts: [], stored: [] };
  const seen = new Map(known.map((earlier) => [commandName(earlier.outcome), earlier]));
  const faults = new Map<AccountId, unknown>();
  for (const command of commands) {
    const hash = hashArguments(command);
    const name = commandName(command);
    const earlier = seen.get(name);
    const book = books.get(command.accountId);
    if (skipped.has(command.accountId)) session.verdicts.push("locked");
    else if (faults.has(command.accountId)) session.verdicts.push({ refusal: faults.get(command.accountId) });
    else if (earlier) session.verdicts.push(repeat(earlier, hash));
    else if (!book) session.verdicts.push({ refusal: new Refusal("not_found") });
    else {
      try {
        const outcome = decide(book, command);
        seen.set(name, { outcome, hash });
        session.verdicts.push({ outcome });
        book.lastCommand += 1n;
        session.stored.push({ outcome, seq: book.lastCommand, hash, atMs: book.nowMs });
      } catch (error) {
        session.verdicts.push({ refusal: error });
        if (!(error instanceof Refusal)) faults.set(command.accountId, error);
      }
    }
  }
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

function repeat(earlier: Known, hash: string): Verdict {
  if (earlier.hash !== hash) return { refusal: new Refusal("idempotency_conflict") };
  return { outcome: { ...earlier.outcome, repeated: true } };
}

/** Books with something to write: a command was applied, or a lot expired on the way to a refusal. */
function changed(books: Map<AccountId, Book>, stored: readonly Stored[]): Book[] {
  const applied = new Set(stored.map(({ outcome }) => outcome.accountId));
  return [...books.values()].filter((book) => applied.has(book.accountId) || book.entries.length > 0);
}
