import { and, eq, type SQL, sql } from "drizzle-orm";
import { db } from "#platform/db";
import { accounts, users } from "#schema";
import { type CustomerFilter, isListed } from "./customer-filter";

/**
 * Everybody whom the customers' list shows by a filter, as a query to be read from: `user_id`, `account_id` (null
 * for who has none yet), `confirmed`, `suspended`.
 */
export async function segmentOf(filter: CustomerFilter): Promise<SQL> {
  const query = db()
    .select({
      userId: sql`${users.id}`.as("user_id"),
      accountId: sql`${accounts.id}`.as("account_id"),
      confirmed: sql`${users.emailVerified}`.as("confirmed"),
      suspended: sql`${users.suspendedAt} is not null`.as("suspended"),
    })
    .from(users)
    .leftJoin(accounts, and(eq(accounts.ownerType, "user"), eq(accounts.ownerId, users.id)))
    .where(await isListed(filter));
  return query.getSQL();
}
