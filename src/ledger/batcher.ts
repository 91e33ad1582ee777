import { metrics } from "#platform/metrics";
import { type Desk, orRollBack, settleBatch, turnAway } from "./batch";
import type { Command, Outcome } from "./command";
import { ownConnection } from "./connection";
import { callFirst, Lines, type Waiter } from "./lines";
import { createMemory } from "./memory";
import { lockAccounts } from "./reading";

/**
 * Settles commands in batches on connections of its own. While batches are being committed the next
 * collects, so a lone caller waits for nobody and a crowd shares a commit; there is no timer. Two batches of
 * different accounts may be in flight: while PostgreSQL writes one, the other is decided here.
 */

export type Batcher = {
  /**
   * @throws Refusal of this command alone. `busy` when the queue is full, its account is locked or the
   *   database is away for too long; its fact `outcome` is `not_applied` when the command never will be, and
   *   `unknown` when it may stand, or soon: the same key tells.
   */
  submit: (command: Command) => Promise<Outcome>;
  /** Settles what was submitted, takes no more, and closes the connections. */
  stop: () => Promise<void>;
};

export type BatcherOptions = {
  url: string;
  /** How many commands share a transaction at most. */
  maxBatch?: number;
  /** How many may wait; more are refused at once instead of waiting without bound. */
  maxPending?: number;
  /** How long it stands in line for the lock of an account that somebody else has, in ms. */
  lockTimeoutMs?: number;
  /** Whoever has waited so long is answered, whatever became of the command, in ms. */
  maxWaitMs?: number;
  /** How long an account is read anew each time after another process worked on it, in ms. */
  distrustMs?: number;
};

/** A connection, and what is done on it, over and over. */
type Lane = Desk & {
  hasWork: () => boolean;
  settleSome: (desk: Desk) => Promise<void>;
  working: Promise<void> | null;
  inFlight: boolean;
};

/** Lanes that carry whatever is ready, and lanes that stand in line for one account's lock each. */
const batchLanes = 2;
const lockLanes = 2;
/** Fewer commands are not worth dividing between lanes: what every batch costs, however small, weighs more. */
const minShare = 64;
/** So many batches leave out a locked account; then a lane stands in line for it. */
const maxSkips = 4;
const lookAtClockMs = 250;
/** How long a stopping batcher tries to reach a database that is away. */
const stopWaitMs = 3_000;

export function createBatcher({
  url,
  maxBatch = 500,
  maxPending = 20_000,
  lockTimeoutMs = 2_000,
  maxWaitMs = 30_000,
  distrustMs = 30_000,
}: BatcherOptions): Batcher {
  const lines = new Lines();
  const memory = createMemory({ distrustMs });
  /** All who wait for an answer, whoever came first before the others. */
  const pending = new Set<Waiter>();
  let stopping = false;
  let patienceMs = maxWaitMs;
  let clock: NodeJS.Timeout | undefined;

  const aLane = (hasWork: Lane["hasWork"], settleSome: Lane["settleSome"]): Lane => {
    return { connection: ownConnection(url), memory, hasWork, settleSome, working: null, inFlight: false };
  };
  const carriers = Array.from({ length: batchLanes }, () => aLane(() => lines.ready > 0, settleReady));
  const lockers = Array.from({ length: lockLanes }, () => aLane(() => lines.contended > 0, settleContended));
  const lanes = [...carriers, ...lockers];

  /** A batch of ready lines: a lane takes its share, the other free ones the rest. */
  async function settleReady(desk: Desk): Promise<void> {
    const others = carriers.filter(({ inFlight }) => !inFlight).length;
    const share = Math.max(minShare, Math.ceil(lines.ready / (1 + others)));
    const taken = lines.takeReady(Math.min(maxBatch, share));
    const batch = taken.flatMap(({ waiters }) => waiters);
    const unserved = new Set(await settleBatch(desk, batch));
    for (const waiter of batch) if (!unserved.has(waiter)) pending.delete(waiter);
    for (const { line, waiters } of taken) {
      const left = unserved.size === 0 ? [] : waiters.filter((waiter) => unserved.has(waiter));
      line.skips = left.length > 0 ? line.skips + 1 : 0;
      // When there is nothing else to do, asking again and again would only keep PostgreSQL busy.
      const waits = line.skips >= maxSkips || (left.length > 0 && unserved.size === batch.length);
      lines.putBack(line, left, waits ? "contended" : "ready");
    }
  }

  /** Waits for the lock of one account, for whoever stands in its line when the lock comes. */
  async function settleContended(desk: Desk): Promise<void> {
    const line = lines.takeContended();
    if (!line) return;
    const batch = callFirst(line, maxBatch);
    const unserved = await settleBatch(desk, batch, async () => {
      const run = await desk.connection.begin({ lockTimeoutMs });
      await orRollBack(run, () => lockAccounts(run, [line.accountId]));
      batch.push(...callFirst(line, maxBatch - batch.length));
      return run;
    });
    for (const waiter of batch) if (!unserved.includes(waiter)) pending.delete(waiter);
    // Those who were answered may ask again at once, and go with the others that still wait.
    await turn();
    lines.putBack(line, unserved, "contended");
  }

  /** Sets to work every lane that has something to do. */
  function wake(): void {
    for (const lane of lanes) if (!lane.working && lane.hasWork()) lane.working = work(lane);
  }

  async function work(lane: Lane): Promise<void> {
    // One turn of the event loop: everybody who was answered or arrived just now gets into this batch.
    await turn();
    while (lane.hasWork()) {
      lane.inFlight = true;
      await lane.settleSome(lane);
      lane.inFlight = false;
      wake();
      await turn();
    }
    lane.working = null;
  }

  /** Nobody waits without bound: not in a line, nor for a database that does not answer. */
  function answerOverdue(): void {
    const since = Date.now() - patienceMs;
    for (const waiter of pending) {
      if (waiter.since > since) break;
      turnAway(waiter);
      pending.delete(waiter);
    }
    lines.forgetAbandoned();
    // Whoever stops does not wait for an answer that nobody wants any more.
    if (stopping && pending.size === 0) for (const { connection } of lanes) connection.drop();
  }

  return {
    submit: (command) =>
      new Promise((resolve, reject) => {
        const waiter: Waiter = {
          command,
          resolve,
          reject,
          since: Date.now(),
          losses: 0,
          committing: false,
          uncertain: false,
          abandoned: false,
        };
        if (stopping || pending.size >= maxPending) {
          metrics().ledgerRefused.inc();
          return turnAway(waiter);
        }
        pending.add(waiter);
        lines.add(waiter);
        clock ??= setInterval(answerOverdue, lookAtClockMs).unref();
        wake();
      }),
    stop: async () => {
      stopping = true;
      patienceMs = Math.min(patienceMs, stopWaitMs);
      while (lanes.some(({ working }) => working)) await Promise.all(lanes.map(({ working }) => working));
      clearInterval(clock);
      await Promise.all(lanes.map(({ connection }) => connection.close()));
    },
  };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
