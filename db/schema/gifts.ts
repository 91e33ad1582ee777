import { sql } from "drizzle-orm";
import {
  bigint,
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

/* Credits given to many at once (src/credits/gift.ts). */

const time = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

/** A gift of credits to all of a segment, as it was when somebody confirmed it. */
export const gifts = pgTable(
  "gifts",
  {
    id: text("id").$type<Id<"gift">>().primaryKey(),
    /** What staff call it. Customers do not see it. */
    name: text("name").notNull(),
    /** What each person gets, and when it expires; null is never. */
    credits: bigint("credits", { mode: "bigint" }).notNull(),
    expiresAt: time("expires_at"),
    /** The segment's filter, as the customers' list has it in its address. */
    filter: jsonb("filter").$type<Record<string, string>>().notNull(),
    /** For how many people it is; how many of them were given theirs, and how many were left out. */
    people: integer("people").notNull(),
    given: integer("given").notNull().default(0),
    leftOut: integer("left_out").notNull().default(0),
    /** Of how many the rest was taken back, and how many credits that were. */
    undone: integer("undone").notNull().default(0),
    taken: bigint("taken", { mode: "bigint" }).notNull().default(sql`0`),
    createdBy: text("created_by").$type<Id<"user">>(),
    createdAt: time("created_at").notNull().defaultNow(),
    /** When everybody had been given theirs, or been left out. */
    givenAt: time("given_at"),
    /** When somebody asked to take back what is unspent, and when that was done. */
    undoneBy: text("undone_by").$type<Id<"user">>(),
    undoneAt: time("undone_at"),
    takenAt: time("taken_at"),
  },
  (table) => [
    index("gifts_listed").on(table.createdAt, table.id),
    check("gifts_credits_positive", sql`${table.credits} > 0`),
    check("gifts_people", sql`${table.given} + ${table.leftOut} <= ${table.people} and ${table.people} > 0`),
    check("gifts_undone", sql`${table.undone} <= ${table.given}`),
    check("gifts_taken", sql`${table.taken} <= ${table.credits} * ${table.given}`),
    check("gifts_taken_when_undone", sql`${table.takenAt} is null or ${table.undoneAt} is not null`),
  ],
);

/**
 * Who gets a gift: everybody once. waiting for their turn; given; left_out, because they were suspended, had
 * gone, or it was undone before their turn; undone: what was unspent has been taken back.
 */
export const giftPeople = pgTable(
  "gift_people",
  {
    giftId: text("gift_id")
      .$type<Id<"gift">>()
      .notNull()
      .references(() => gifts.id),
    accountId: text("account_id").$type<Id<"account">>().notNull(),
    status: text("status", { enum: ["waiting", "given", "left_out", "undone"] })
      .notNull()
      .default("waiting"),
    /** Their lot. */
    grantId: text("grant_id").$type<Id<"grant">>(),
    /** Of what is undone: how many credits were taken back. */
    taken: bigint("taken", { mode: "bigint" }),
  },
  (table) => [
    primaryKey({ name: "gift_people_pkey", columns: [table.giftId, table.accountId] }),
    // Whose turn is next, and how many stand where.
    index("gift_people_status").on(table.giftId, table.status, table.accountId),
    check("gift_people_status_known", sql`${table.status} in ('waiting', 'given', 'left_out', 'undone')`),
    check("gift_people_lot", sql`(${table.status} in ('given', 'undone')) = (${table.grantId} is not null)`),
    check(
      "gift_people_taken",
      sql`(${table.status} = 'undone') = (${table.taken} is not null) and ${table.taken} >= 0`,
    ),
  ],
);
