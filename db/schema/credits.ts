import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  date,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
} from "drizzle-orm/pg-core";
import type { Id } from "#platform/id";
import { users } from "./identity";

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

/** Redeem codes that were made together: what each gives, and until when. */
export const codeBatches = pgTable(
  "code_batches",
  {
    id: text("id").$type<Id<"batch">>().primaryKey(),
    /** What the operator calls them. */
    name: text("name").notNull(),
    /** How many codes there are. */
    codes: integer("codes").notNull(),
    credits: bigint("credits", { mode: "bigint" }).notNull(),
    /** So many days after they were redeemed the credits expire; null is never. */
    lifetimeDays: integer("lifetime_days"),
    /** How many people may redeem each code. */
    uses: integer("uses").notNull(),
    /** Whether one person may redeem one code of the batch only. */
    oncePerPerson: boolean("once_per_person").notNull().default(false),
    /** From when on none is taken any more; null is never. */
    expiresAt: time("expires_at"),
    /** When somebody ended it before that. */
    endedAt: time("ended_at"),
    createdBy: text("created_by").$type<Id<"user">>(),
    createdAt: time("created_at").notNull().defaultNow(),
    /** From which, with the request's key, the codes follow; null for those of the terminal. */
    salt: text("salt"),
  },
  (table) => [
    index("code_batches_listed").on(table.createdAt, table.id),
    check("code_batches_positive", sql`${table.codes} > 0 and ${table.credits} > 0 and ${table.uses} > 0`),
    check("code_batches_lifetime", sql`${table.lifetimeDays} > 0`),
  ],
);

/** Codes that give credits to whoever enters them. */
export const redeemCodes = pgTable(
  "redeem_codes",
  {
    id: text("id").$type<Id<"code">>().primaryKey(),
    batchId: text("batch_id")
      .$type<Id<"batch">>()
      .notNull()
      .references(() => codeBatches.id),
    /** SHA-256 of the code as it is compared: without dashes, in one case. The code itself is not kept. */
    hash: text("hash").notNull().unique(),
    /** Its last four characters, to tell codes apart. */
    hint: text("hint").notNull(),
    /** How many people may redeem it, and how many have. */
    uses: integer("uses").notNull(),
    used: integer("used").notNull().default(0),
  },
  (table) => [
    index("redeem_codes_batch").on(table.batchId),
    check("redeem_codes_used", sql`${table.used} between 0 and ${table.uses}`),
  ],
);

/** Who redeemed which code: each account a code once. */
export const redemptions = pgTable(
  "redemptions",
  {
    accountId: account().notNull(),
    codeId: text("code_id")
      .$type<Id<"code">>()
      .notNull()
      .references(() => redeemCodes.id),
    /** The batch, when of it one person may redeem one code only. */
    onlyOf: text("only_of").$type<Id<"batch">>(),
    /** The request that did it, so that a repeat of it gets the same answer. */
    idempotencyKey: text("idempotency_key").notNull(),
    credits: bigint("credits", { mode: "bigint" }).notNull(),
    /** When they expire. */
    expiresAt: time("expires_at"),
    createdAt: time("created_at").notNull(),
  },
  (table) => [
    primaryKey({ name: "redemptions_pkey", columns: [table.accountId, table.codeId] }),
    unique("redemptions_key").on(table.accountId, table.idempotencyKey),
    unique("redemptions_only").on(table.accountId, table.onlyOf),
    index("redemptions_code").on(table.codeId),
  ],
);

/** Credits that staff gave or took, and what came of it. The audit log has by whom and why. */
export const adjustments = pgTable(
  "adjustments",
  {
    id: text("id").$type<Id<"adjustment">>().primaryKey(),
    accountId: account().notNull(),
    /** The request that did it, with a hash of what it asked for. */
    idempotencyKey: text("idempotency_key").notNull(),
    hash: text("hash").notNull(),
    /** Signed: how many were asked for, and how many moved. */
    asked: bigint("asked", { mode: "bigint" }).notNull(),
    moved: bigint("moved", { mode: "bigint" }).notNull(),
    /** What could be spent before and after it. */
    before: bigint("before", { mode: "bigint" }).notNull(),
    after: bigint("after", { mode: "bigint" }).notNull(),
    createdAt: time("created_at").notNull(),
  },
  (table) => [
    unique("adjustments_key").on(table.accountId, table.idempotencyKey),
    check("adjustments_moved", sql`abs(${table.moved}) <= abs(${table.asked}) and ${table.asked} <> 0`),
    check("adjustments_after", sql`${table.after} = ${table.before} + ${table.moved}`),
  ],
);

/** Each account's link, by which others are sent. */
export const referralLinks = pgTable("referral_links", {
  accountId: account().primaryKey(),
  code: text("code").notNull().unique(),
});

/** Who was sent by whom. */
export const referrals = pgTable(
  "referrals",
  {
    /** Who signed up by the link. */
    accountId: account().primaryKey(),
    /** Whose link it was. */
    referrerId: text("referrer_id").$type<Id<"account">>().notNull(),
    /** waiting for the first paid invoice; rewarded; reversed for good, by a refund. */
    status: text("status", { enum: ["waiting", "rewarded", "reversed"] })
      .notNull()
      .default("waiting"),
    /** The invoice that was paid first, or paid back. */
    invoiceId: text("invoice_id"),
    /** What each side got, and the lots. */
    credits: bigint("credits", { mode: "bigint" }),
    grantId: text("grant_id").$type<Id<"grant">>(),
    referrerGrantId: text("referrer_grant_id").$type<Id<"grant">>(),
    rewardedAt: time("rewarded_at"),
    createdAt: time("created_at").notNull().defaultNow(),
  },
  (table) => [
    index("referrals_referrer").on(table.referrerId),
    check("referrals_not_oneself", sql`${table.accountId} <> ${table.referrerId}`),
    check("referrals_status", sql`${table.status} in ('waiting', 'rewarded', 'reversed')`),
    // Both sides or neither.
    check("referrals_both", sql`(${table.grantId} is null) = (${table.referrerGrantId} is null)`),
    check(
      "referrals_rewarded",
      sql`${table.status} <> 'rewarded' or (${table.grantId} is not null and ${table.credits} > 0 and ${table.invoiceId} is not null)`,
    ),
  ],
);

/** Notices by mail: at most one of a kind a day for an account. */
export const notices = pgTable(
  "notices",
  {
    accountId: account().notNull(),
    kind: text("kind", { enum: ["expiring30", "expiring7", "lowBalance"] }).notNull(),
    /** The day it was written, in UTC, by money's clock. */
    day: date("day").notNull(),
    /** Of those about expiry: the latest one it speaks of. */
    until: timestamp("until", { withTimezone: true }),
    createdAt: time("created_at").notNull(),
  },
  (table) => [primaryKey({ name: "notices_pkey", columns: [table.accountId, table.kind, table.day] })],
);

/** Which notices somebody wants; whoever has no row wants all. */
export const mailChoices = pgTable("mail_choices", {
  userId: text("user_id")
    .$type<Id<"user">>()
    .primaryKey()
    .references(() => users.id, { onDelete: "cascade" }),
  expiring: boolean("expiring").notNull().default(true),
  lowBalance: boolean("low_balance").notNull().default(true),
  /** Announcements by mail. */
  news: boolean("news").notNull().default(true),
  updatedAt: time("updated_at").notNull().defaultNow(),
});
