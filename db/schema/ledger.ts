import { sql } from "drizzle-orm";
import { bigint, check, pgTable, text, timestamp, unique } from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true });
const credits = (name: string) => bigint(name, { mode: "bigint" });

/** Whose credits: one account per user (or, later, team). */
export const accounts = pgTable(
  "accounts",
  {
    id: text("id").primaryKey(),
    ownerType: text("owner_type").notNull(),
    ownerId: text("owner_id").notNull(),
    available: credits("available").notNull().default(sql`0`),
    held: credits("held").notNull().default(sql`0`),
    createdAt: time("created_at").notNull().defaultNow(),
  },
  (table) => [
    unique("accounts_owner").on(table.ownerType, table.ownerId),
    check("accounts_available_not_negative", sql`${table.available} >= 0`),
    check("accounts_held_not_negative", sql`${table.held} >= 0`),
  ],
);
