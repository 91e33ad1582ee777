import { sql } from "drizzle-orm";
import { boolean, check, index, integer, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";
import type { Id } from "#platform/id";

const time = (name: string) => timestamp(name, { withTimezone: true });

/** How often each rate limit turned somebody away, by the hour; kept for 90 days. */
export const rateLimitRefusals = pgTable(
  "rate_limit_refusals",
  {
    limitName: text("limit_name").notNull(),
    hour: time("hour").notNull(),
    refusals: integer("refusals").notNull(),
  },
  (table) => [primaryKey({ name: "rate_limit_refusals_pkey", columns: [table.hour, table.limitName] })],
);

/** Outbox: a mail is a row first, sent by a job, and stays for the record. */
export const mails = pgTable(
  "mails",
  {
    id: text("id").$type<Id<"mail">>().primaryKey(),
    /** What may be mailed only once carries a key. */
    key: text("key").unique(),
    recipient: text("recipient").notNull(),
    /** Which template: verify, reset, welcome, … */
    kind: text("kind").notNull(),
    locale: text("locale").$type<"en" | "zh">().notNull(),
    subject: text("subject").notNull(),
    html: text("html").notNull(),
    text: text("text").notNull(),
    /** The address that ends this kind of mail, for the List-Unsubscribe header; null where there is none. */
    unsubscribe: text("unsubscribe"),
    /** True when its links let their reader in: the text is blanked once it is sent or given up. */
    secret: boolean("secret").notNull().default(false),
    status: text("status").$type<"waiting" | "sent" | "failed">().notNull().default("waiting"),
    attempts: integer("attempts").notNull().default(0),
    error: text("error"),
    createdAt: time("created_at").notNull().defaultNow(),
    sentAt: time("sent_at"),
  },
  (table) => [
    index("mails_created").on(table.createdAt),
    index("mails_failed").on(table.createdAt).where(sql`status = 'failed'`),
    index("mails_recipient").on(table.recipient, table.createdAt),
    check("mails_status", sql`${table.status} in ('waiting', 'sent', 'failed')`),
  ],
);
