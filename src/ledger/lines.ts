import type { AccountId, Command, Outcome } from "./command";

/** Who waits for the batcher: commands in lines, one per account, each served in the order it came. */

/** A command, and whoever waits for it. */
export type Waiter = {
  command: Command;
  resolve: (outcome: Outcome) => void;
  reject: (reason: unknown) => void;
  since: number;
  /** How often the connection was lost under it. */
  losses: number;
  /** A commit with it is under way. */
  committing: boolean;
  /** A commit with it was lost under way: it may stand, or come to stand in a moment. */
  uncertain: boolean;
  /** Its caller was told that it takes too long: it is not tried again. */
  abandoned: boolean;
};

export type Line = {
  accountId: AccountId;
  waiters: Waiter[];
  /**
   * `ready`: goes with the next batch. `contended`: somebody else has its account, it needs a batch of its
   * own that waits for the lock. `taken`: a batch has it, and no other may, or commands would overtake.
   */
  state: "ready" | "contended" | "taken";
  /** How many batches in a row left it out because its account was locked. */
  skips: number;
};

export class Lines {
  /** All that have waiters or are taken. */
  readonly #lines = new Map<AccountId, Line>();
  readonly #ready = new Set<Line>();
  readonly #contended = new Set<Line>();
  /** How many commands are in ready lines. */
  ready = 0;

  get contended(): number {
    return this.#contended.size;
  }

  /** At the end of its account's line. */
  add(waiter: Waiter): void {
    const { accountId } = waiter.command;
    const line = this.#lines.get(accountId);
    if (line) {
      line.waiters.push(waiter);
      if (line.state === "ready") this.ready += 1;
      return;
    }
    const opened: Line = { accountId, waiters: [], state: "taken", skips: 0 };
    this.#lines.set(accountId, opened);
    this.putBack(opened, [waiter], "ready");
  }

  /** Takes the ready lines that wait longest, up to so many commands. */
  takeReady(most: number): { line: Line; waiters: Waiter[] }[] {
    const taken: { line: Line; waiters: Waiter[] }[] = [];
    let room = most;
    for (const line of this.#ready) {
      if (room === 0) break;
      this.#ready.delete(line);
      this.ready -= line.waiters.length;
      line.state = "taken";
      const waiters = callFirst(line, room);
      room -= waiters.length;
      taken.push({ line, waiters });
    }
    return taken;
  }

  /** Takes the contended line that waits longest; its waiters are called when the lock is there. */
  takeContended(): Line | undefined {
    const [line] = this.#contended;
    if (!line) return;
    this.#contended.delete(line);
    line.state = "taken";
    return line;
  }

  /** Gives a taken line back; waiters that were not served stand at its head again. */
  putBack(line: Line, unserved: readonly Waiter[], state: "ready" | "contended"): void {
    if (unserved.length > 0) line.waiters = unserved.concat(line.waiters);
    if (line.waiters.length === 0) {
      this.#lines.delete(line.accountId);
      return;
    }
    line.state = state;
    if (state === "contended") {
      this.#contended.add(line);
      return;
    }
    this.#ready.add(line);
    this.ready += line.waiters.length;
  }

  /** Forgets those who were told that it takes too long. */
  forgetAbandoned(): void {
    for (const line of this.#lines.values()) {
      const before = line.waiters.length;
      line.waiters = line.waiters.filter(({ abandoned }) => !abandoned);
      if (line.state === "ready") this.ready -= before - line.waiters.length;
    }
  }
}

/** Calls the first waiters of a taken line. */
export function callFirst(line: Line, most: number): Waiter[] {
  if (line.waiters.length > most) return line.waiters.splice(0, most);
  const all = line.waiters;
  line.waiters = [];
  return all;
}
