import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from "drizzle-orm/pg-core";
import type { Id } from "#platform/id";
import { users } from "./identity";

/* What the operator tells a segment of its customers (src/announcements). */

const time = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

export const announcements = pgTable(
  "announcements",
  {
    id: text("id").$type<Id<"announcement">>().primaryKey(),
    titleEn: text("title_en").notNull(),
    titleZh: text("title_zh").notNull(),
    /** In the few marks of Markdown that src/announcements/markdown.ts knows. */
    textEn: text("text_en").notNull(),
    textZh: text("text_zh").notNull(),
    /** Where it is told, besides the list behind the bell. */
    banner: boolean("banner").notNull(),
    mail: boolean("mail").notNull(),
    /** The segment: its filter, and the same as it stands in a page's address. */
    filter: jsonb("filter").$type<Record<string, string>>().notNull(),
    view: jsonb("view").$type<Record<string, string>>().notNull(),
    /** From when and until when it is shown; null is at once, and for good. */
    showsFrom: time("shows_from"),
    showsUntil: time("shows_until"),
    /** sending while a job writes its mails; stopped: neither mailed nor shown any more. */
    status: text("status", { enum: ["draft", "sending", "sent", "stopped"] })
      .notNull()
      .default("draft"),
    /** For how many people it is, how many of them are to be mailed, have been, and were left out by then. */
    people: integer("people").notNull().default(0),
    toMail: integer("to_mail").notNull().default(0),
    mailed: integer("mailed").notNull().default(0),
    leftOut: integer("left_out").notNull().default(0),
    createdBy: text("created_by").$type<Id<"user">>(),
    createdAt: time("created_at").notNull().defaultNow(),
    updatedAt: time("updated_at").notNull().defaultNow(),
    sentAt: time("sent_at"),
  },
  (table) => [
    index("announcements_listed").on(table.createdAt, table.id),
    check("announcements_status", sql`${table.status} in ('draft', 'sending', 'sent', 'stopped')`),
    check("announcements_mailed", sql`${table.mailed} + ${table.leftOut} <= ${table.toMail}`),
    check("announcements_to_mail", sql`${table.toMail} <= ${table.people}`),
    check("announcements_sent", sql`(${table.status} = 'draft') = (${table.sentAt} is null)`),
  ],
);

/** Whom an announcement is for: everybody once, as the segment was when it was sent. */
export const announcementPeople = pgTable(
  "announcement_people",
  {
    announcementId: text("announcement_id")
      .$type<Id<"announcement">>()
      .notNull()
      .references(() => announcements.id, { onDelete: "cascade" }),
    userId: text("user_id")
      .$type<Id<"user">>()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** none: not mailed; waiting; mailed: written to the outbox; left_out by the time of their turn. */
    mail: text("mail", { enum: ["none", "waiting", "mailed", "left_out"] }).notNull(),
    readAt: time("read_at"),
    /** When they closed the banner. */
    dismissedAt: time("dismissed_at"),
  },
  (table) => [
    primaryKey({ name: "announcement_people_pkey", columns: [table.announcementId, table.userId] }),
    index("announcement_people_user").on(table.userId, table.announcementId),
    index("announcement_people_waiting")
      .on(table.announcementId, table.userId)
      .where(sql`${table.mail} = 'waiting'`),
    check("announcement_people_mail", sql`${table.mail} in ('none', 'waiting', 'mailed', 'left_out')`),
  ],
);
