import { eq, type SQL, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import type { Tx } from "#platform/db";
import { type Id, isId } from "#platform/id";

/** Whose uploads and runs: an account's, or those of a visitor who tries a tool without one. */
export type Owner = { accountId: Id<"account"> } | { visitorId: Id<"visitor"> };

type OwnedTable = { accountId: PgColumn; visitorId: PgColumn };

/** The condition that a row belongs to the owner. */
export function isOwnedBy(table: OwnedTable, owner: Owner): SQL {
  return "accountId" in owner ? eq(table.accountId, owner.accountId) : eq(table.visitorId, owner.visitorId);
}

/** The owner's columns of a new row. */
export function ownerColumns(owner: Owner): { accountId: string | null; visitorId: string | null } {
  return "accountId" in owner
    ? { accountId: owner.accountId, visitorId: null }
    : { accountId: null, visitorId: owner.visitorId };
}

/** The one id by which changes of the owner's things are announced. */
export function ownerId(owner: Owner): string {
  return "accountId" in owner ? owner.accountId : owner.visitorId;
}

/**
 * One of an owner's transactions of a kind at a time, where a count or a sum decides. Taken before any row
 * is locked.
 */
export async function lockOwner(tx: Tx, kind: "uploads" | "runs", owner: Owner): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${kind}:${ownerId(owner)}`}, 0))`);
}

/** The ledger's account of the owner; null for a visitor, who has none. */
export function accountOfOwner(owner: Owner): Id<"account"> | null {
  return "accountId" in owner ? owner.accountId : null;
}

/** Whose a stored row is. @throws for a row that is nobody's */
export function ownerOf({
  accountId,
  visitorId,
}: {
  accountId: string | null;
  visitorId: string | null;
}): Owner {
  if (accountId && isId("account", accountId)) return { accountId };
  if (visitorId && isId("visitor", visitorId)) return { visitorId };
  throw new Error("a row that belongs to nobody");
}
