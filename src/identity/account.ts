import { sql } from "drizzle-orm";
import { db } from "#platform/db";
import { type Id, newId } from "#platform/id";
import { accounts } from "#schema";

/** The user's credit account, opened the first time it is asked for. */
export async function accountOf(userId: Id<"user">): Promise<Id<"account">> {
  const { rows } = await db().execute<{ id: Id<"account"> }>(sql`
    insert into ${accounts} (id, owner_type, owner_id) values (${newId("account")}, 'user', ${userId})
    on conflict (owner_type, owner_id) do update set owner_id = excluded.owner_id
    returning id`);
  const id = rows[0]?.id;
  if (!id) throw new Error("no account");
  return id;
}
