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
  /** @throws Refusal of this command alone; `busy` when the queue is full or the database stays away */
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
  /** How often a command's batch may lose its connection until its caller hears of it. */
  maxLosses?: number;
};

/** A command in the queue, and whoever waits for it. */
type Waiter = {
  command: Command;
  resolve: (outcome: Outcome) => void;
  reject: (reason: unknown) => void;
  /** How often its account was locked by somebody else. */
  skips: number;
  /** How often the connection was lost under it. */
  losses: number;
};

/** So many times a locked account is left out of a batch; then the batcher stands in line for it. */
const maxSkips = 8;
const maxPauseMs = 1_000;

export function createBatcher({
  url,
  maxBatch = 500,
  maxPending = 20_000,
  lockTimeoutMs = 2_000,
  // With growing pauses between them, some 30 s.
  maxLosses = 34,
}: BatcherOptions): Batcher {
  const connection = ownConnection(url);
  const patience = () => ({ lockTimeoutMs, maxLosses: stopping ? Math.min(3, maxLosses) : maxLosses });
  let queue: Waiter[] = [];
  let inFlight = 0;
  let working: Promise<void> | null = null;
  let stopping = false;

  async function work(): Promise<void> {
    while (queue.length > 0) {
      // One turn of the event loop: everybody who was answered or arrived just now gets into this batch.
      await new Promise<void>((resolve) => setImmediate(resolve));
      const [batch, waiting] = take();
      inFlight = batch.length;
      const unsettled = await settleBatch(connection, batch, waiting, patience());
      inFlight = 0;
      // At the head, in their order: nobody of the same account may overtake them.
      queue = unsettled.concat(queue);
    }
    working = null;
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
        if (stopping || queue.length + inFlight >= maxPending) return reject(new Refusal("busy"));
        queue.push({ command, resolve, reject, skips: 0, losses: 0 });
        working ??= work();
      }),
    stop: async () => {
      stopping = true;
      await working;
      await connection.close();
    },
  };
}

type Patience = { lockTimeoutMs: number; maxLosses: number };

/** @returns the waiters that were not settled and go back to the queue, in order. */
async function settleBatch(
  connection: OwnConnection,
  batch: readonly Waiter[],
  waiting: Waiting,
  patience: Patience,
): Promise<Waiter[]> {
  try {
    const verdicts = await commit(connection, batch, waiting, patience);
    return batch.filter((waiter, index) => !answer(waiter, verdicts[index] ?? "locked"));
  } catch (error) {
    if (error instanceof ConnectionLost) connection.drop();
    if (error instanceof ConnectionLost || isDeadlock(error)) return survive(batch, error, patience);
    if (error instanceof DatabaseError && error.code === "55P03") {
      for (const { reject } of batch) reject(new Refusal("busy"));
      return [];
    }
    const [only] = batch;
    if (only && batch.length === 1) {
      only.reject(error);
      return [];
    }
    // Somebody in it is poison: the halves are tried alone, until only the culprit fails.
    const middle = Math.ceil(batch.length / 2);
    const first = await settleBatch(connection, batch.slice(0, middle), waiting, patience);
    const held = new Set(first.map(({ command }) => command.accountId));
    const second = batch.slice(middle);
    const free = second.filter(({ command }) => !held.has(command.accountId));
    const kept = second.filter(({ command }) => held.has(command.accountId));
    return [...first, ...kept, ...(await settleBatch(connection, free, waiting, patience))];
  }
}

async function commit(
  connection: OwnConnection,
  batch: readonly Waiter[],
  waiting: Waiting,
  { lockTimeoutMs }: Patience,
): Promise<Verdict[]> {
  if (batch.length === 0) return [];
  const commands = batch.map(({ command }) => command);
  const run = await connection.begin(waiting === "wait" ? { lockTimeoutMs } : {});
  try {
    const verdicts = await settle(run, commands, waiting);
    await run({ text: "commit" });
    return verdicts;
  } catch (error) {
    if (!(error instanceof ConnectionLost)) await run({ text: "rollback" });
    throw error;
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
 * is tried again with the same keys, which tell. When the database stays away too long the callers hear
 * `busy`, and find out by repeating with the same key themselves.
 */
async function survive(batch: readonly Waiter[], error: unknown, { maxLosses }: Patience): Promise<Waiter[]> {
  const losses = Math.max(...batch.map((waiter) => waiter.losses));
  log().warn({ err: error, commands: batch.length, losses }, "a batch of the ledger is tried again");
  for (const waiter of batch) waiter.losses += 1;
  const isLost = ({ losses }: Waiter) => losses > maxLosses;
  for (const { reject } of batch.filter(isLost)) reject(new Refusal("busy", { outcome: "unknown" }));
  if (losses > 0) {
    const pauseMs = Math.min(maxPauseMs, 25 * 2 ** losses);
    await new Promise<void>((resolve) => setTimeout(resolve, pauseMs));
  }
  return batch.filter((waiter) => !isLost(waiter));
}

function isDeadlock(error: unknown): boolean {
  return error instanceof DatabaseError && (error.code === "40P01" || error.code === "40001");
}
