import { and, eq } from "drizzle-orm";
import { config } from "#platform/config";
import { databaseUrl, type Queryable } from "#platform/db";
import { onShutdown } from "#platform/shutdown";
import { singleton } from "#platform/singleton";
import { commands } from "#schema";
import { type Batcher, createBatcher } from "./batcher";
import {
  type AccountId,
  type CaptureCommand,
  type ChargeCommand,
  type Command,
  type GrantCommand,
  type HoldCommand,
  type Outcome,
  type ReleaseCommand,
  requireSound,
} from "./command";

/** The process's batcher: the way for commands that need nothing else to stand or fall with them. */

const slot = singleton<Batcher>("ledger.batcher");

function batcher(): Batcher {
  return slot.once(() => {
    onShutdown("work", "ledger", stopLedger);
    return createBatcher({ url: databaseUrl(), maxPending: config().LEDGER_QUEUE });
  });
}

/**
 * Applies a command, durable when the promise resolves. After a failure whose outcome is unknown, submit
 * the same command with the same key.
 * @throws Refusal
 */
export async function submit(command: Command): Promise<Outcome> {
  requireSound(command);
  return batcher().submit(command);
}

type Without<C extends Command> = Omit<C, "verb">;

export const grant = (command: Without<GrantCommand>) => submit({ verb: "grant", ...command });
export const hold = (command: Without<HoldCommand>) => submit({ verb: "hold", ...command });
export const capture = (command: Without<CaptureCommand>) => submit({ verb: "capture", ...command });
export const release = (command: Without<ReleaseCommand>) => submit({ verb: "release", ...command });
export const charge = (command: Without<ChargeCommand>) => submit({ verb: "charge", ...command });

/** Settles what was submitted and closes the ledger's connection; call it before the database goes. */
export async function stopLedger(): Promise<void> {
  const running = slot.get();
  await running?.stop();
  slot.clear();
}

/** Whether a command was applied under this key: then it is only told again. */
export async function isKnownKey(queryable: Queryable, accountId: AccountId, key: string): Promise<boolean> {
  const known = and(eq(commands.accountId, accountId), eq(commands.key, key));
  return (await queryable.$count(commands, known)) > 0;
}
