import { openAccount } from "#ledger";
import { db } from "#platform/db";
import type { Id } from "#platform/id";

/** The user's credit account, opened the first time it is asked for. */
export async function accountOf(userId: Id<"user">): Promise<Id<"account">> {
  return db().transaction((tx) => openAccount(tx, { ownerType: "user", ownerId: userId }));
}
