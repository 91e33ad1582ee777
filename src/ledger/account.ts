import { and, eq } from "drizzle-orm";
import type { Queryable, Tx } from "#platform/db";
import { newId } from "#platform/id";
import { accounts } from "#schema";
import type { AccountId } from "./command";

/** Accounts: one per owner, opened when first needed and never closed. */

export type Owner = { ownerType: "user" | "team"; ownerId: string };

/** Opens the owner's account, or finds the one that is open already. */
export async function openAccount(tx: Tx, owner: Owner): Promise<AccountId> {
  await tx
    .insert(accounts)
    .values({ id: newId("account"), ...owner })
    .onConflictDoNothing({ target: [accounts.ownerType, accounts.ownerId] });
  const found = await findAccount(tx, owner);
  if (!found) throw new Error("An account that was just opened is not there.");
  return found;
}

/** @returns the owner's account, or null when none was opened. */
export async function findAccount(queryable: Queryable, owner: Owner): Promise<AccountId | null> {
  const [row] = await queryable
    .select({ id: accounts.id })
    .from(accounts)
    .where(and(eq(accounts.ownerType, owner.ownerType), eq(accounts.ownerId, owner.ownerId)));
  return row?.id ?? null;
}
