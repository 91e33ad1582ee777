import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import type { Id } from "#platform/id";

const time = (name: string) => timestamp(name, { withTimezone: true });

/**
 * What was paid for a lot, without tax. Whoever grants credits for money writes a row in the grant's
 * transaction; a lot without one was given. Revenue is deferred from here.
 */
export const lotPayments = pgTable(
  "lot_payments",
  {
    accountId: text("account_id").$type<Id<"account">>().notNull(),
    grantId: text("grant_id").$type<Id<"grant">>().notNull(),
    /** ISO 4217, in capitals. */
    currency: text("currency").notNull(),
    /** In the currency's smallest unit. */
    amount: bigint("amount", { mode: "bigint" }).notNull(),
    createdAt: time("created_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ name: "lot_payments_pkey", columns: [table.accountId, table.grantId] }),
    check("lot_payments_currency", sql`${table.currency} ~ '^[A-Z]{3}$'`),
    check("lot_payments_not_negative", sql`${table.amount} >= 0`),
  ],
);

/** The proofs of the ledger that were asked for, and the money view of the same moment. */
export const reconciliations = pgTable(
  "reconciliations",
  {
    id: text("id").$type<Id<"reconciliation">>().primaryKey(),
    /** Who asked; null for the nightly one and the terminal. */
    requestedBy: text("requested_by").$type<Id<"user">>(),
    status: text("status", { enum: ["waiting", "done", "failed"] })
      .notNull()
      .default("waiting"),
    createdAt: time("created_at").notNull().defaultNow(),
    /** The moment whose books were read. */
    asOf: time("as_of"),
    endedAt: time("ended_at"),
    accounts: integer("accounts"),
    entries: bigint("entries", { mode: "number" }),
    /** How many differences there were; the first of them. */
    findingCount: integer("finding_count"),
    findings: jsonb("findings"),
    money: jsonb("money"),
    error: text("error"),
  },
  (table) => [
    check("reconciliations_status", sql`${table.status} in ('waiting', 'done', 'failed')`),
    // One at a time: a second press of the button finds the first.
    uniqueIndex("reconciliations_waiting").on(table.status).where(sql`status = 'waiting'`),
  ],
);
