import { eq, sql } from "drizzle-orm";
import { applyCommands, type Command, submit } from "#ledger";
import type { Tx } from "#platform/db";
import { isId } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { runs } from "#schema";
import type { Run } from "./run";

/**
 * A run's hold while the run lasts. Its deadline moves on with the worker's signs of life, so that a run which
 * lasts is paid for, and a hold that nobody looks after any more ends by itself.
 */

/** When a run's hold ends, and how far away that is by money's clock; null without an open one. */
export type HoldLeft = { deadlineMs: number; seconds: number };

/** Selects it beside a row of `runs`. */
export const holdLeft = sql<HoldLeft | null>`(
  select json_build_object(
    'deadlineMs', round(date_part('epoch', h.expires_at) * 1000),
    'seconds', date_part('epoch', h.expires_at - money_now()))
  from holds h where h.account_id = runs.account_id and h.id = runs.hold_id and h.status = 'open')`;

/** At an attempt's beginning: a hold near its end gets time for all of it. Last in its transaction. */
export async function ensureHold(tx: Tx, run: Run, timeoutSeconds: number): Promise<void> {
  const [row] = await tx.select({ left: holdLeft }).from(runs).where(eq(runs.id, run.id));
  const lifetimeSeconds = lifetimeOf(timeoutSeconds);
  if (!row?.left || row.left.seconds >= lifetimeSeconds) return;
  const extend = extension(run, row.left, lifetimeSeconds);
  if (extend) await applyCommands(tx, [extend]);
}

/**
 * With a sign of life: moves the deadline on once less than half of the time is left, so that most signs of
 * life cost the ledger nothing.
 * @returns false when the hold is closed: nothing can be charged any more
 */
export async function prolongHold(run: Run, left: HoldLeft | null, timeoutSeconds: number): Promise<boolean> {
  const lifetimeSeconds = lifetimeOf(timeoutSeconds);
  if (!left) return false;
  if (left.seconds >= lifetimeSeconds / 2) return true;
  const extend = extension(run, left, lifetimeSeconds);
  try {
    if (extend) await submit(extend);
    return true;
  } catch (error) {
    // Somebody closed it since we looked.
    if (error instanceof Refusal && error.code === "hold_closed") return false;
    throw error;
  }
}

/** A whole attempt, and its end. */
function lifetimeOf(timeoutSeconds: number): number {
  return timeoutSeconds + 600;
}

/** Its key names the deadline that it moves: each is moved once, whoever repeats it. */
function extension({ id, accountId, holdId }: Run, left: HoldLeft, lifetimeSeconds: number): Command | null {
  if (!accountId || !holdId || !isId("account", accountId) || !isId("hold", holdId)) return null;
  return { verb: "extend", accountId, key: `${id}:extend:${left.deadlineMs}`, holdId, lifetimeSeconds };
}
