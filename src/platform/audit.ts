import "#server-only";
import { acts } from "#schema";
import type { Tx } from "./db";
import { type Id, newId } from "./id";

/**
 * The audit log's writing half. It lies below every domain, so that whoever changes something that must be
 * answered for records it in the same transaction: both stand or both fall. `#insight` reads it.
 */

/** Who acts. The operator at a terminal has neither id nor address. */
export type Actor = {
  id: Id<"user"> | null;
  role: string | null;
  /** The customer as whom the site was viewed. */
  asUserId?: Id<"user">;
  address: string | null;
  requestId: Id<"request"> | null;
};

/** Whoever has a shell on the server. */
export const terminal: Actor = { id: null, role: null, address: null, requestId: null };

type Value = string | number | bigint | boolean | null | Date | readonly Value[] | { [name: string]: Value };

export type Act = {
  by: Actor;
  /** Noun and verb: `credits.adjust`. The back office translates those it knows and shows the others. */
  action: `${string}.${string}`;
  object: { type: string; id: string };
  /** Whose affairs it touches. */
  customerId?: Id<"user">;
  /** Only what changed: ids and figures, no names, addresses or secrets, for this is never deleted. */
  before?: { [name: string]: Value };
  after?: { [name: string]: Value };
  /** Why, in the actor's words. */
  reason?: string;
};

/** Records an act in the transaction that does it. */
export async function recordAct(tx: Tx, act: Act): Promise<Id<"act">> {
  const { by, action, object, customerId, before, after, reason } = act;
  const id = newId("act");
  await tx.insert(acts).values({
    id,
    actorId: by.id,
    actorRole: by.role,
    asUserId: by.asUserId ?? null,
    action,
    objectType: object.type,
    objectId: object.id,
    customerId: customerId ?? null,
    before: before ? storable(before) : null,
    after: after ? storable(after) : null,
    reason: reason ?? null,
    address: by.address,
    requestId: by.requestId,
  });
  return id;
}

/** Credits are bigint and JSON has none: a number, for no account has more than a number says exactly. */
function storable(value: { [name: string]: Value }): unknown {
  return JSON.parse(JSON.stringify(value, (_name, part) => (typeof part === "bigint" ? Number(part) : part)));
}
