import type { Command } from "./command";

/**
 * The ledger as simply as it can be said, to test the real one against: plain objects, one command after
 * the other, no batches, no locks. It shares no code with what it checks.
 */

type ModelLot = {
  name: string;
  left: number;
  held: number;
  expiresAt: number;
  born: number;
  ofPlan: boolean;
  /** How many it lost at its expiry. */
  lost: number;
};
type ModelHold = { open: boolean; size: number; deadline: number; parts: { lot: ModelLot; size: number }[] };
export type ModelOutcome =
  | { ok: true; credits: number; available: number; held: number }
  | { ok: false; code: string };

export class ModelAccount {
  lots: ModelLot[] = [];
  holds = new Map<string, ModelHold>();
  /** Everything that left the account, by kind. */
  gone = { consumed: 0, expired: 0, reversed: 0 };
  issued = 0;

  get available(): number {
    return this.lots.reduce((sum, lot) => sum + lot.left, 0);
  }

  get held(): number {
    return this.lots.reduce((sum, lot) => sum + lot.held, 0);
  }

  /** Time passes: what is due expires. @returns how much. */
  passTo(now: number): number {
    const due = this.lots.filter((lot) => lot.expiresAt <= now);
    const lost = due.reduce((sum, lot) => sum + lot.left, 0);
    for (const lot of due) {
      lot.lost += lot.left;
      lot.left = 0;
    }
    this.gone.expired += lost;
    return lost;
  }

  apply(command: Command, now: number): ModelOutcome {
    const expired = this.passTo(now);
    const credits = this.#decide(command, now, expired);
    if (typeof credits === "string") return { ok: false, code: credits };
    return { ok: true, credits, available: this.available, held: this.held };
  }

  /** @returns how many credits moved, or why none did. */
  #decide(command: Command, now: number, expired: number): number | string {
    const credits = "credits" in command ? Number(command.credits) : 0;
    switch (command.verb) {
      case "grant":
        return this.#grant(String(command.grantId), credits, expiry(command), now, command.source === "plan");
      case "charge": {
        if (!this.#take(credits)) return "insufficient_credits";
        this.gone.consumed += credits;
        return credits;
      }
      case "hold": {
        if (this.holds.has(String(command.holdId)) && this.available >= credits)
          return "idempotency_conflict";
        const parts = this.#take(credits);
        if (!parts) return "insufficient_credits";
        for (const { lot, size } of parts) lot.held += size;
        const deadline = now + command.lifetimeSeconds * 1000;
        this.holds.set(String(command.holdId), { open: true, size: credits, deadline, parts });
        return credits;
      }
      case "reverse": {
        const lot = this.lots.find(({ name }) => name === command.grantId);
        if (!lot) return "not_found";
        if (lot.left < credits) return "insufficient_credits";
        lot.left -= credits;
        this.gone.reversed += credits;
        return credits;
      }
      case "carry": {
        const end = command.endedAt.getTime();
        if (end > now) return "busy";
        const ended = this.lots.filter((lot) => lot.ofPlan && lot.expiresAt === end);
        const lost = ended.reduce((sum, lot) => sum + lot.lost, 0);
        const kept = Math.min(lost, Number(command.most));
        if (kept === 0) return 0;
        return this.#grant(String(command.grantId), kept, command.expiresAt.getTime(), now, true);
      }
      default:
        if (command.holdId === undefined) return expired;
        return this.#onHold({ ...command, holdId: command.holdId }, credits, now);
    }
  }

  #grant(
    name: string,
    credits: number,
    expiresAt: number | undefined,
    now: number,
    ofPlan: boolean,
  ): number | string {
    if (this.lots.some((lot) => lot.name === name)) return "idempotency_conflict";
    this.issued += credits;
    this.lots.push({
      name,
      left: credits,
      held: 0,
      expiresAt: expiresAt ?? Number.POSITIVE_INFINITY,
      born: now,
      ofPlan,
      lost: 0,
    });
    return credits;
  }

  #onHold(
    command: Extract<Command, { holdId?: unknown }> & { holdId: string },
    credits: number,
    now: number,
  ): number | string {
    const hold = this.holds.get(command.holdId);
    if (!hold) return "not_found";
    if (!hold.open) return "hold_closed";
    if (command.verb === "extend") {
      hold.deadline = Math.max(hold.deadline, now + command.lifetimeSeconds * 1000);
      return hold.size;
    }
    if (command.verb === "expire" && hold.deadline > now) return 0;
    if (command.verb === "capture" && credits > hold.size) return "hold_exceeded";
    hold.open = false;
    let use = command.verb === "capture" ? credits : 0;
    this.gone.consumed += use;
    for (const { lot, size } of hold.parts) {
      const used = Math.min(use, size);
      use -= used;
      lot.held -= size;
      if (lot.expiresAt <= now) {
        lot.lost += size - used;
        this.gone.expired += size - used;
      } else lot.left += size - used;
    }
    return command.verb === "capture" ? credits : hold.size;
  }

  /** Takes from the lots in turn, or nothing when they have too little. */
  #take(credits: number): { lot: ModelLot; size: number }[] | null {
    if (this.available < credits) return null;
    const parts: { lot: ModelLot; size: number }[] = [];
    let missing = credits;
    for (const lot of [...this.lots].sort(inTurn)) {
      const size = Math.min(missing, lot.left);
      if (size === 0) continue;
      lot.left -= size;
      missing -= size;
      parts.push({ lot, size });
    }
    return parts;
  }
}

function expiry({ expiresAt }: { expiresAt: Date | null }): number | undefined {
  return expiresAt?.getTime();
}

function inTurn(a: ModelLot, b: ModelLot): number {
  return order(a.expiresAt, b.expiresAt) || order(a.born, b.born) || order(a.name, b.name);
}

function order<T extends number | string>(a: T, b: T): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
