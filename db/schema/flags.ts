import { sql } from "drizzle-orm";
import { check, integer, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import type { Id } from "#platform/id";

/** Features that are on for everybody, for some, or for nobody (src/flags). */
export const flags = pgTable(
  "flags",
  {
    /** How code asks for it. */
    key: text("key").primaryKey(),
    /** What it is, for staff. */
    text: text("text").notNull(),
    state: text("state", { enum: ["off", "on", "rules"] }).notNull(),
    /** By rules: for these plans, none is every plan; of them this percentage; and always for these accounts. */
    plans: text("plans").array().notNull(),
    percent: integer("percent").notNull(),
    accounts: text("accounts").array().$type<Id<"account">[]>().notNull(),
    updatedAt: timestamp("updated_at", { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  },
  (table) => [
    check("flags_state", sql`${table.state} in ('off', 'on', 'rules')`),
    check("flags_percent", sql`${table.percent} between 0 and 100`),
  ],
);
