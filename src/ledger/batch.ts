import { DatabaseError } from "pg";
import { log } from "#platform/log";
import { metrics } from "#platform/metrics";
import { Refusal } from "#platform/refusal";
import { confirm, judge, type Verdict } from "./apply";
import type { AccountId } from "./command";
import { ConnectionLost, type OwnConnection, type Run } from "./connection";
import type { Waiter } from "./lines";
import type { Memory } from "./memory";
import { type Reading, readBooks } from "./reading";
import type { Assumed, Written } from "./writing";

/** Settles a batch of the batcher: in one transaction, and when that fails in others, until all know. */

/** What a batch is settled with. */
export type Desk = { connection: OwnConnection; memory: Memory };

/** How long it waits at most before it tries again after a lost connection. */
const maxPauseMs = 1_000;

/**
 * @param begin begins the transaction with an account locked; the batch is looked at only then
 * @returns the waiters that go back to their lines, in order
 */
export async function settleBatch(
  desk: Desk,
  batch: readonly Waiter[],
  begin?: () => Promise<Run>,
): Promise<Waiter[]> {
  if (batch.length === 0) return [];
  metrics().ledgerBatch.observe(batch.length);
  const recalled = begin ? nothingRecalled : desk.memory.recall(batch.map(({ command }) => command));
  try {
    const verdicts = await commit(desk, batch, recalled, begin);
    if (!verdicts) return batch.filter(({ abandoned }) => !abandoned);
    const mistaken = batch.filter((_, index) => verdicts[index] === "mistaken");
    const left = batch.filter(({ abandoned }, index) => verdicts[index] === "locked" && !abandoned);
    for (const [index, waiter] of batch.entries()) answer(waiter, verdicts[index]);
    // What was remembered wrongly is forgotten, so now they are read.
    return mistaken.length > 0 ? [...left, ...(await settleBatch(desk, mistaken))] : left;
  } catch (error) {
    // Whatever it was, what was remembered is forgotten: perhaps reading mends it, else it tells whose fault it is.
    if (recalled.assumed && !isPassing(error)) return settleBatch(desk, batch);
    return settleFailed(desk, batch, error);
  }
}

type Recalled = ReturnType<Memory["recall"]>;
const nothingRecalled: Recalled = { books: new Map(), assumed: null };

/** @returns null when nothing was committed, for somebody in it has meanwhile been told that it failed. */
async function commit(
  { connection, memory }: Desk,
  batch: readonly Waiter[],
  { books, assumed }: Recalled,
  begin?: () => Promise<Run>,
): Promise<Verdict[] | null> {
  const isKnown = ({ command }: Waiter) => books.has(command.accountId);
  try {
    if (!begin && batch.every(isKnown)) {
      // All in one round trip: a statement that commits by itself.
      const run = await connection.alone();
      return await conclude(run, memory, batch, { reading: { books, ...nothingRead }, assumed, alone: true });
    }
    // With nobody else's accounts to wait for it may stand in line for what else it needs.
    const begun = begin ? begin() : connection.begin(assumed ? {} : { lockTimeoutMs: 0 });
    const run = await begun;
    return await orRollBack(run, async () => {
      const unknown = batch.filter((waiter) => !isKnown(waiter)).map(({ command }) => command);
      const reading = await readBooks(run, unknown, "skip");
      for (const [accountId, book] of books) reading.books.set(accountId, book);
      return conclude(run, memory, batch, { reading, assumed, alone: false });
    });
  } catch (error) {
    if (error instanceof ConnectionLost) for (const waiter of batch) waiter.uncertain ||= waiter.committing;
    throw error;
  } finally {
    for (const waiter of batch) waiter.committing = false;
  }
}

const nothingRead = { skipped: new Set<AccountId>(), known: [] };

/** Decides and writes, unless somebody gave up meanwhile, and remembers what stands then. */
async function conclude(
  run: Run,
  memory: Memory,
  batch: readonly Waiter[],
  { reading, assumed, alone }: { reading: Reading; assumed: Assumed | null; alone: boolean },
): Promise<Verdict[] | null> {
  const commands = batch.map(({ command }) => command);
  const plan = judge(commands, reading, assumed);
  const stands = !batch.some(({ abandoned }) => abandoned);
  for (const waiter of batch) waiter.committing = stands;
  const { write } = plan;
  if (!stands) {
    if (!alone) await run({ text: "rollback" });
    return null;
  }
  // The commit goes right behind the write; should that fail, PostgreSQL makes a rollback of it.
  const [rows] = await Promise.all([write && run<Written>(...write), alone || run({ text: "commit" })]);
  const [said] = rows ?? [];
  if (!said) return plan.verdicts;
  memory.setClock(said.now_ms);
  plan.books.forEach((book, place) => {
    if (said.written[place] === "1") memory.keep(book);
    else if (said.sound && !said.known.includes(place)) memory.distrust(book.accountId);
  });
  return confirm(commands, plan, said);
}

export async function orRollBack<T>(run: Run, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof ConnectionLost)) await run({ text: "rollback" });
    throw error;
  }
}

/** @returns the waiters that go back to their lines, in order. */
async function settleFailed(desk: Desk, batch: readonly Waiter[], error: unknown): Promise<Waiter[]> {
  if (error instanceof ConnectionLost) desk.connection.drop();
  if (isPassing(error)) return survive(batch, error);
  if (error instanceof DatabaseError && error.code === "55P03") {
    for (const waiter of batch) turnAway(waiter);
    return [];
  }
  const [only] = batch;
  if (only && batch.length === 1) {
    only.reject(error);
    return [];
  }
  // Somebody in it is poison: the halves are tried alone, until only the culprit fails.
  const middle = Math.ceil(batch.length / 2);
  const first = await settleBatch(desk, batch.slice(0, middle));
  const held = new Set(first.map(({ command }) => command.accountId));
  const second = batch.slice(middle);
  const free = second.filter(({ command }) => !held.has(command.accountId));
  const kept = second.filter(({ command }) => held.has(command.accountId));
  return [...first, ...kept, ...(await settleBatch(desk, free))];
}

/** Tells a caller that his command is not tried any longer, and whether it may stand all the same. */
export function turnAway(waiter: Waiter): void {
  waiter.abandoned = true;
  const outcome = waiter.uncertain || waiter.committing ? "unknown" : "not_applied";
  waiter.reject(new Refusal("busy", { outcome }));
}

/** Tells a caller, if his command was settled. */
function answer({ resolve, reject }: Waiter, verdict: Verdict | undefined): void {
  if (typeof verdict !== "object") return;
  if ("refusal" in verdict) reject(verdict.refusal);
  else resolve(verdict.outcome);
}

/**
 * After a lost connection, perhaps in the middle of the commit, it is not known whether the batch stands: it
 * is tried again with the same keys, which tell. A commit that is still under way keeps the accounts locked,
 * so what is decided under their lock is final, and who gives up while they are locked is told `unknown`.
 */
async function survive(batch: readonly Waiter[], error: unknown): Promise<Waiter[]> {
  const losses = Math.max(...batch.map((waiter) => waiter.losses));
  log().warn({ err: error, commands: batch.length, losses }, "a batch of the ledger is tried again");
  for (const waiter of batch) waiter.losses += 1;
  if (losses > 0) {
    const pauseMs = Math.min(maxPauseMs, 25 * 2 ** losses);
    await new Promise<void>((resolve) => setTimeout(resolve, pauseMs));
  }
  return batch.filter(({ abandoned }) => !abandoned);
}

/** The connection, a deadlock or a serialization failure: nobody's fault, and gone when it is tried again. */
function isPassing(error: unknown): boolean {
  if (error instanceof ConnectionLost) return true;
  return error instanceof DatabaseError && (error.code === "40P01" || error.code === "40001");
}
