import { db } from "#platform/db";
import { newId } from "#platform/id";
import { openAccount } from "./account";
import { applyCommands } from "./apply";
import type { AccountId, Command, GrantId, HoldId, Outcome, Source } from "./command";

/** Factories for tests: what a test does not say is something ordinary. */

export async function anAccount(): Promise<AccountId> {
  return db().transaction((tx) => openAccount(tx, { ownerType: "user", ownerId: newId("user") }));
}

/** Applies commands in a transaction of their own: all or none. */
export async function apply(...commands: Command[]): Promise<Outcome[]> {
  return db().transaction((tx) => applyCommands(tx, commands));
}

/** Applies one command. */
export async function applyOne(command: Command): Promise<Outcome> {
  const [outcome] = await apply(command);
  if (!outcome) throw new Error("A command without an outcome.");
  return outcome;
}

export function aKey(): string {
  return newId("request");
}

type Some = { credits?: bigint; source?: Source; expiresAt?: Date | null; key?: string };

export async function aGrant(
  accountId: AccountId,
  { credits = 100n, source = "signup", expiresAt = null, key = aKey() }: Some = {},
): Promise<GrantId> {
  const cause = "welcome";
  const outcome = await applyOne({ verb: "grant", accountId, key, credits, source, expiresAt, cause });
  if (!outcome.grantId) throw new Error("A grant without a lot.");
  return outcome.grantId;
}

export async function aHold(
  accountId: AccountId,
  { credits = 10n, lifetimeSeconds = 600 }: { credits?: bigint; lifetimeSeconds?: number } = {},
): Promise<HoldId> {
  const outcome = await applyOne({
    verb: "hold",
    accountId,
    key: aKey(),
    credits,
    lifetimeSeconds,
    cause: "tool:ocr",
    reference: { type: "run", id: "run_1" },
  });
  if (!outcome.holdId) throw new Error("A hold without an id.");
  return outcome.holdId;
}

/** A charge of one credit unless the test says otherwise. */
export function aCharge(accountId: AccountId, { credits = 1n, key = aKey() } = {}): Command {
  return { verb: "charge", accountId, key, credits, cause: "tool:ocr" };
}
