import { DatabaseError } from "pg";
import { log } from "#platform/log";
import { Refusal } from "#platform/refusal";
import { settle, type Verdict } from "./apply";
import type { Command, Outcome } from "./command";
import { ConnectionLost, type OwnConnection, ownConnection } from "./connection";
import type { Waiting } from "./reading";

/**
 * Settles commands in batches on one connection of its own: while a batch is being committed the next
 * collects, so a lone caller waits for nobody and a crowd shares a commit. There is no timer.
 */

export type Batcher = {
  /**
   * @throws Refusal of this command alone. `busy` when the queue is full, its account is locked or the
   *   database is away for too long; its fact `outcome` is `not_applied` when the command never will be, and
   *   `unknown` when it may stand, or soon: the same key tells.
   */
  submit: (command: Command) => Promise<Outcome>;
  /** Settles what was submitted, takes no more, and closes the connection. */
  stop: () => Promise<void>;
};

export type BatcherOptions = {
  url: string;
  /** How many commands share a transaction at most. */
  maxBatch?: number;
  /** How many may wait; more are refused at once instead of waiting without bound. */
  maxPending?: number;
  /** How long it stands in line for the lock of an account that it left out before, in ms. */
  lockTimeoutMs?: number;
  /** Whoever has waited so long is answered, whatever became of the command, in ms. */
  maxWaitMs?: number;
};

/** A command in the queue, and whoever waits for it. */
type Waiter = {
  command: Command;
  resolve: (outcome: Outcome) => void;
  reject: (reason: unknown) => void;
  since: number;
  /** How often its account was locked by somebody else. */
  skips: number;
  /** How often the connection was lost under it. */
  losses: number;
  /** A commit with it is under way. */
  committing: boolean;
  /** A commit with it was lost under way: it may stand, or come to stand in a moment. */
  uncertain: boolean;
  /** Its caller was told that it takes too long: it is not tried again. */
  abandoned: boolean;
};

/** So many times a locked account is left out of a batch; then the batcher stands in line for it. */
const maxSkips = 8;
const maxPauseMs = 1_000;
const lookAtClockMs = 250;
/** How long a stopping batcher tries to reach a database that is away. */
const stopWaitMs = 3_000;

export function createBatcher({
  url,
  maxBatch = 500,
  maxPending = 20_000,
  lockTimeoutMs = 2_000,
  maxWaitMs = 30_000,
}: BatcherOptions): Batcher {
  const connection = ownConnection(url);
  let queue: Waiter[] = [];
  let inFlight: Waiter[] = [];
  let working: Promise<void> | null = null;
  let clock: NodeJS.Timeout | undefined;
  let stopping = false;
  let patienceMs = maxWaitMs;

  async function work(): Promise<void> {
    while (queue.length > 0) {
      // One turn of the event loop: everybody who was answered or arrived just now gets into this batch.
      await new Promise<void>((resolve) => setImmediate(resolve));
      const [batch, waiting] = take();
      inFlight = batch;
      const unsettled = await settleBatch(connection, batch, waiting, lockTimeoutMs);
      inFlight = [];
      // At the head, in their order: nobody of the same account may overtake them.
      queue = unsettled.filter(({ abandoned }) => !abandoned).concat(queue);
    }
    clearInterval(clock);
    working = null;
  }

  /** Nobody waits without bound: not in the queue, nor for a database that does not answer. */
  function answerOverdue(): void {
    const since = Date.now() - patienceMs;
    const isOverdue = (waiter: Waiter) => waiter.since <= since;
    for (const waiter of inFlight.concat(queue).filter(isOverdue)) turnAway(waiter);
    queue = queue.filter(({ abandoned }) => !abandoned);
    // Whoever stops does not wait for an answer that nobody wants any more.
    if (stopping && inFlight.length > 0 && inFlight.every(({ abandoned }) => abandoned)) connection.drop();
  }

  function start(): Promise<void> {
    clock = setInterval(answerOverdue, lookAtClockMs).unref();
    return work();
  }

  /** The next batch; an account that was left out too often gets one of its own, which waits for the lock. */
  function take(): [Waiter[], Waiting] {
    const batch = queue.splice(0, maxBatch);
    const overdue = batch.find(({ skips }) => skips >= maxSkips)?.command.accountId;
    if (!overdue) return [batch, "skip"];
    queue = batch.filter(({ command }) => command.accountId !== overdue).concat(queue);
    return [batch.filter(({ command }) => command.accountId === overdue), "wait"];
  }

  return {
    submit: (command) =>
      new Promise((resolve, reject) => {
        const waiter: Waiter = {
          ...{ command, resolve, reject, since: Date.now() },
          ...{ skips: 0, losses: 0, committing: false, uncertain: false, abandoned: false },
        };
        if (stopping || queue.length + inFlight.length >= maxPending) return turnAway(waiter);
        queue.push(waiter);
        working ??= start();
      }),
    stop: async () => {
      stopping = true;
      patienceMs = Math.min(patienceMs, stopWaitMs);
      await working;
      await connection.close();
    },
  };
}

/** Tells a caller that his command is not tried any longer, and whether it may stand all the same. */
function turnAway(waiter: Waiter): void {
  waiter.abandoned = true;
  const outcome = waiter.uncertain || waiter.committing ? "unknown" : "not_applied";
  waiter.reject(new Refusal("busy", { outcome }));
}

/** @returns the waiters that were not settled and go back to the queue, in order. */
async function settleBatch(
  connection: OwnConnection,
  batch: readonly Waiter[],
  waiting: Waiting,
  lockTimeoutMs: number,
): Promise<Waiter[]> {
  try {
    const verdicts = await commit(connection, batch, waiting, lockTimeoutMs);
    if (!verdicts) return batch.filter(({ abandoned }) => !abandoned);
    return batch.filter((waiter, index) => !answer(waiter, verdicts[index] ?? "locked"));
  } catch (error) {
    if (error instanceof ConnectionLost) connection.drop();
    if (error instanceof ConnectionLost || isDeadlock(error)) return survive(batch, error);
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
    const first = await settleBatch(connection, batch.slice(0, middle), waiting, lockTimeoutMs);
    const held = new Set(first.map(({ command }) => command.accountId));
    const second = batch.slice(middle);
    const free = second.filter(({ command }) => !held.has(command.accountId));
    const kept = second.filter(({ command }) => held.has(command.accountId));
    return [...first, ...kept, ...(await settleBatch(connection, free, waiting, lockTimeoutMs))];
  }
}

/** @returns null when nothing was committed, for somebody in it has meanwhile been told that it failed. */
async function commit(
  connection: OwnConnection,
  batch: readonly Waiter[],
  waiting: Waiting,
  lockTimeoutMs: number,
): Promise<Verdict[] | null> {
  if (batch.length === 0) return [];
  const commands = batch.map(({ command }) => command);
  const run = await connection.begin(waiting === "wait" ? { lockTimeoutMs } : {});
  try {
    const verdicts = await settle(run, commands, waiting);
    const stands = !batch.some(({ abandoned }) => abandoned);
    for (const waiter of batch) waiter.committing = stands;
    await run({ text: stands ? "commit" : "rollback" });
    return stands ? verdicts : null;
  } catch (error) {
    if (!(error instanceof ConnectionLost)) await run({ text: "rollback" });
    else for (const waiter of batch) waiter.uncertain ||= waiter.committing;
    throw error;
  } finally {
    for (const waiter of batch) waiter.committing = false;
  }
}

/** @returns false when the command was not settled. */
function answer(waiter: Waiter, verdict: Verdict): boolean {
  if (verdict === "locked") {
    waiter.skips += 1;
    return false;
  }
  if ("refusal" in verdict) waiter.reject(verdict.refusal);
  else waiter.resolve(verdict.outcome);
  return true;
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
  return [...batch];
}

function isDeadlock(error: unknown): boolean {
  return error instanceof DatabaseError && (error.code === "40P01" || error.code === "40001");
}
