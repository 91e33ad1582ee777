import { sql } from "drizzle-orm";
import { boolean, check, index, jsonb, pgTable, text, timestamp, uniqueIndex } from "drizzle-orm/pg-core";
import type { Id } from "#platform/id";
import { users } from "./identity";

const time = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

/** What staff write about a customer for each other. It is the customer's data: it goes when they go. */
export const customerNotes = pgTable(
  "customer_notes",
  {
    id: text("id").$type<Id<"note">>().primaryKey(),
    customerId: text("customer_id")
      .$type<Id<"user">>()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** Null once the author is gone. */
    authorId: text("author_id")
      .$type<Id<"user">>()
      .references(() => users.id, { onDelete: "set null" }),
    text: text("text").notNull(),
    /** It stands above the others, and on the customer's page whatever tab is open. */
    pinned: boolean("pinned").notNull().default(false),
    createdAt: time("created_at").notNull().defaultNow(),
    editedAt: time("edited_at"),
  },
  (table) => [
    index("customer_notes_customer").on(table.customerId, table.pinned, table.id),
    index("customer_notes_author").on(table.authorId),
    check("customer_notes_text", sql`length(${table.text}) between 1 and 4000`),
  ],
);

/** Filters of the customers' list that staff have named. */
export const customerViews = pgTable(
  "customer_views",
  {
    id: text("id").$type<Id<"view">>().primaryKey(),
    ownerId: text("owner_id")
      .$type<Id<"user">>()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    /** Whether the other staff see it too; only its owner changes it. */
    shared: boolean("shared").notNull().default(false),
    /** The list's parameters, as they stand in its address. */
    filter: jsonb("filter").$type<Record<string, string>>().notNull(),
    createdAt: time("created_at").notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex("customer_views_name").on(table.ownerId, sql`lower(${table.name})`),
    index("customer_views_shared").on(table.name).where(sql`shared`),
    check("customer_views_name_length", sql`length(${table.name}) between 1 and 60`),
  ],
);
