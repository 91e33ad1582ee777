import type { Tx } from "#platform/db";
import { Refusal } from "#platform/refusal";
import { type Book, LedgerFault } from "./book";
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
import type { Stored } from "./rows";
import { type Assumed, type Written, writeStatement } from "./writing";

/** The one path of every command: read and lock, decide, assert, write. */

/**
 * What became of a command. `locked`: somebody else has its account, nothing was tried. `mistaken`: what was
 * remembered of its account may no longer be so, nothing was done.
 */
export type Verdict = { outcome: Outcome } | { refusal: unknown } | "locked" | "mistaken";

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
    if (typeof verdict === "string") throw new Error("A transaction waits for locks.");
    if ("refusal" in verdict) throw verdict.refusal;
    return verdict.outcome;
  });
}

/**
 * Settles sound commands in an open transaction, with their accounts locked. A refusal is that command's
 * alone; commands of one account are decided in the order given.
 */
export async function settle(run: Run, commands: readonly Command[], waiting: Waiting): Promise<Verdict[]> {
  const plan = judge(commands, await readBooks(run, commands, waiting));
  const [said] = plan.write ? await run<Written>(...plan.write) : [];
  return said ? confirm(commands, plan, said) : plan.verdicts;
}

/** What becomes of commands once `write`, if there is anything to write, has been run and committed. */
export type Plan = {
  verdicts: Verdict[];
  write: ReturnType<typeof writeStatement>;
  /** The books written, as they will stand. */
  books: Book[];
  assumed: Assumed | null;
};

/**
 * Decides sound commands on the books they need.
 * @param assumed which books were remembered instead of read: those can say yes, not no
 */
export function judge(commands: readonly Command[], reading: Reading, assumed: Assumed | null = null): Plan {
  const { verdicts, stored } = decideAll(commands, reading, assumed?.accounts);
  const books = changed(reading.books, stored);
  return { verdicts, write: writeStatement(books, stored, assumed), books, assumed };
}

/** What became of the commands after all: accounts that were left out did not stand as was assumed. */
export function confirm(
  commands: readonly Command[],
  { verdicts, books, assumed }: Plan,
  { written }: Written,
): Verdict[] {
  if (!written.includes("0")) return verdicts;
  const leftOut = new Set(books.flatMap(({ accountId }, place) => (written[place] === "1" ? [] : accountId)));
  return verdicts.map((verdict, index) => {
    const accountId = commands[index]?.accountId;
    if (!accountId || !leftOut.has(accountId)) return verdict;
    if (assumed?.accounts.has(accountId)) return "mistaken";
    return { refusal: new LedgerFault(`${accountId} changed under its lock`) };
  });
}

type Session = {
  commands: readonly Command[];
  verdicts: Verdict[];
  stored: Stored[];
};

/** Decides in memory. A fault takes its whole account out of `books`, and nobody else. */
function decideAll(
  commands: readonly Command[],
  { books, skipped, known }: Reading,
  remembered?: ReadonlySet<AccountId>,
): Session {
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
  for (const [accountId, fault] of faults) strike(session, books, accountId, { refusal: fault });
  if (remembered) {
    const refused = commands.filter((_, index) => isRefusal(session.verdicts[index]));
    // Each once: a crowd that is refused shares an account.
    for (const accountId of new Set(refused.map((command) => command.accountId))) {
      if (remembered.has(accountId)) strike(session, books, accountId, "mistaken");
    }
  }
  return session;
}

/** Nothing of an account whose book is broken may be written, nor reported as done. */
function strike(session: Session, books: Map<AccountId, Book>, accountId: AccountId, verdict: Verdict): void {
  books.delete(accountId);
  session.stored = session.stored.filter(({ outcome }) => outcome.accountId !== accountId);
  session.verdicts = session.verdicts.map((before, index) =>
    session.commands[index]?.accountId === accountId ? verdict : before,
  );
}

function isRefusal(verdict: Verdict | undefined): boolean {
  return typeof verdict === "object" && "refusal" in verdict;
}

function repeat(earlier: Known, hash: string): Verdict {
  if (earlier.hash !== hash) return { refusal: new Refusal("idempotency_conflict") };
  return { outcome: { ...earlier.outcome, repeated: true } };
}

/**
 * Books with something to write: a command was applied, or a lot expired on the way to a refusal. In the
 * order in which everybody locks accounts.
 */
function changed(books: Map<AccountId, Book>, stored: readonly Stored[]): Book[] {
  const applied = new Set(stored.map(({ outcome }) => outcome.accountId));
  return [...books.values()]
    .filter((book) => applied.has(book.accountId) || book.entries.length > 0)
    .sort((a, b) => (a.accountId < b.accountId ? -1 : 1));
}
