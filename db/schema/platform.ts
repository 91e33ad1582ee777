import { index, integer, pgTable, text, timestamp } from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true });

/** Outbox: a mail is a row first, sent by a job, and stays for the record. */
export const mails = pgTable(
  "mails",
  {
    id: text("id").primaryKey(),
    recipient: text("recipient").notNull(),
    /** Which template: verify, reset, welcome, … */
    kind: text("kind").notNull(),
    locale: text("locale").notNull(),
    subject: text("subject").notNull(),
    html: text("html").notNull(),
    text: text("text").notNull(),
    /** waiting, sent or failed. */
    status: text("status").notNull().default("waiting"),
    attempts: integer("attempts").notNull().default(0),
    error: text("error"),
    createdAt: time("created_at").notNull().defaultNow(),
    sentAt: time("sent_at"),
  },
  (table) => [index("mails_created").on(table.createdAt)],
);
