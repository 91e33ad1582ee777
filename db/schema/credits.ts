import { sql } from "drizzle-orm";
import { bigint, check, index, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";
import type { Id } from "#platform/id";

/*
 * What happens to credits besides being bought and spent (src/credits). Times are to the millisecond, as the
 * ledger's lots have theirs, so that a boundary here is the very boundary there.
 */

const time = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });
const account = () => text("account_id").$type<Id<"account">>();

/** Free's monthly credits: whose months begin when, and which is the next to be filled. */
export const freeRefills = pgTable(
  "free_refills",
  {
    accountId: account().primaryKey(),
    /** When the address was confirmed: the account's months are counted from here. */
    anchor: time("anchor").notNull(),
    /** When the first month begins that has not been filled. */
    nextAt: time("next_at").notNull(),
  },
  (table) => [index("free_refills_due").on(table.nextAt, table.accountId)],
);

/** Periods of paid plans whose unspent credits are to be carried into one that is paid already. */
export const rollovers = pgTable(
  "rollovers",
  {
    accountId: account().notNull(),
    /** When the lots expire whose rest is carried over. */
    endedAt: time("ended_at").notNull(),
    /** How many credits, at most. */
    most: bigint("most", { mode: "bigint" }).notNull(),
    /** When what was carried expires. */
    expiresAt: time("expires_at").notNull(),
  },
  (table) => [
    primaryKey({ name: "rollovers_pkey", columns: [table.accountId, table.endedAt] }),
    index("rollovers_due").on(table.endedAt, table.accountId),
    check("rollovers_most_positive", sql`${table.most} > 0`),
  ],
);
