import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  index,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
} from "drizzle-orm/pg-core";
import type { Id } from "#platform/id";

/*
 * The credit ledger. src/ledger/README.md has the glossary and the invariants (L1, L2, …) cited here.
 *
 * Every key begins with account_id and every look-up is (account_id, id), so that the tables can be
 * distributed by it. Only `applyCommands` writes here, with the account's row locked; that lock guards all
 * rows of the account, which is why lots and holds are not locked one by one and why the busiest tables
 * carry no foreign keys (each would cost an index probe and a row lock per row written).
 */

type AccountId = Id<"account">;
type GrantId = Id<"grant">;
type HoldId = Id<"hold">;
type ApiKeyId = Id<"apiKey">;

const sources = ["signup", "plan", "pack", "top-up", "promo", "referral", "adjustment"] as const;
const referenceTypes = ["run", "user", "invoice", "subscription", "admin", "charge"] as const;
const moving = ["grant", "hold", "extend", "capture", "release", "charge"] as const;
const verbs = [...moving, "reverse", "carry", "expire"] as const;

const time = (name: string) => timestamp(name, { withTimezone: true });
const credits = (name: string) => bigint(name, { mode: "bigint" });

/** Whose credits: one account per user (or, later, team). */
export const accounts = pgTable(
  "accounts",
  {
    id: text("id").$type<AccountId>().primaryKey(),
    /** user or team. */
    ownerType: text("owner_type", { enum: ["user", "team"] }).notNull(),
    /** The user's or team's id. The ledger looks nothing up by it but the account. */
    ownerId: text("owner_id").notNull(),
    /** What can be spent: the sum of the lots' remaining (L2). */
    available: credits("available").notNull().default(sql`0`),
    /** What open holds reserve: the sum of their hold_lots (L3). */
    held: credits("held").notNull().default(sql`0`),
    /** The seq of the account's newest entry and command; 0 before the first. */
    lastEntry: credits("last_entry").notNull().default(sql`0`),
    lastCommand: credits("last_command").notNull().default(sql`0`),
    /** Money's time of the last command. The account's time never goes back behind it (L9). */
    changedAt: time("changed_at").notNull().default(sql`'epoch'`),
    createdAt: time("created_at").notNull().defaultNow(),
  },
  (table) => [
    unique("accounts_owner").on(table.ownerType, table.ownerId),
    check("accounts_available_not_negative", sql`${table.available} >= 0`),
    check("accounts_held_not_negative", sql`${table.held} >= 0`),
    check("accounts_owner_type", sql`${table.ownerType} in ('user', 'team')`),
  ],
);

/** Lots of credits. A lot is spent earliest expiry first, then oldest; its row stays when it is empty. */
export const grants = pgTable(
  "grants",
  {
    accountId: text("account_id")
      .$type<AccountId>()
      .notNull()
      .references(() => accounts.id),
    id: text("id").$type<GrantId>().notNull(),
    /** signup, plan, pack, top-up, promo, referral or adjustment. */
    source: text("source", { enum: sources }).notNull(),
    /** How many were granted. */
    credits: credits("credits").notNull(),
    /** How many of them can still be spent or held. */
    remaining: credits("remaining").notNull(),
    /** How many of them open holds have taken. */
    held: credits("held").notNull().default(sql`0`),
    /** From when on what remains is lost; null is never. */
    expiresAt: time("expires_at"),
    createdAt: time("created_at").notNull(),
    /**
     * Whether anything is left in it. In the predicates of the indexes instead of `remaining`, so that
     * spending from a lot is a HOT update until the lot is empty.
     */
    open: boolean("open").notNull().generatedAlwaysAs(sql`remaining + held > 0`),
  },
  (table) => [
    primaryKey({ name: "grants_pkey", columns: [table.accountId, table.id] }),
    index("grants_open").on(table.accountId).where(sql`open`),
    index("grants_expiry").on(table.expiresAt, table.accountId).where(sql`open and expires_at is not null`),
    check("grants_credits_positive", sql`${table.credits} > 0`),
    check("grants_remaining_not_negative", sql`${table.remaining} >= 0`),
    check("grants_held_not_negative", sql`${table.held} >= 0`),
    check("grants_not_more_than_granted", sql`${table.remaining} + ${table.held} <= ${table.credits}`),
  ],
);

/** Credits reserved for one run. */
export const holds = pgTable(
  "holds",
  {
    accountId: text("account_id").$type<AccountId>().notNull(),
    id: text("id").$type<HoldId>().notNull(),
    /** How many were reserved. */
    credits: credits("credits").notNull(),
    /** How many of them were consumed when it was captured. */
    captured: credits("captured").notNull().default(sql`0`),
    /** open, captured, released or expired. */
    status: text("status", { enum: ["open", "captured", "released", "expired"] })
      .notNull()
      .default("open"),
    /** The deadline: from then on the reaper may close it. A long run extends it. */
    expiresAt: time("expires_at").notNull(),
    /** Why, in the ledger's words: tool:<slug>. */
    cause: text("cause").notNull(),
    /** What it was for: run, user, invoice, admin or charge, with its id. */
    referenceType: text("reference_type", { enum: referenceTypes }),
    referenceId: text("reference_id"),
    /** The API key that placed it, if one did. */
    apiKeyId: text("api_key_id").$type<ApiKeyId>(),
    createdAt: time("created_at").notNull(),
    endedAt: time("ended_at"),
  },
  (table) => [
    primaryKey({ name: "holds_pkey", columns: [table.accountId, table.id] }),
    index("holds_api_key").on(table.apiKeyId).where(sql`api_key_id is not null and status = 'open'`),
    index("holds_open").on(table.accountId, table.expiresAt).where(sql`status = 'open'`),
    check("holds_credits_not_negative", sql`${table.credits} >= 0`),
    check("holds_status", sql`${table.status} in ('open', 'captured', 'released', 'expired')`),
    check("holds_captured", sql`${table.captured} between 0 and ${table.credits}`),
    check("holds_only_captured_captures", sql`${table.captured} = 0 or ${table.status} = 'captured'`),
    check("holds_ended_when_closed", sql`(${table.status} = 'open') = (${table.endedAt} is null)`),
  ],
);

/** From which lots a hold took its credits, so that what is not used goes back there. Append-only. */
export const holdLots = pgTable(
  "hold_lots",
  {
    accountId: text("account_id").$type<AccountId>().notNull(),
    holdId: text("hold_id").$type<HoldId>().notNull(),
    grantId: text("grant_id").$type<GrantId>().notNull(),
    credits: credits("credits").notNull(),
  },
  (table) => [
    primaryKey({ name: "hold_lots_pkey", columns: [table.accountId, table.holdId, table.grantId] }),
    check("hold_lots_credits_positive", sql`${table.credits} > 0`),
  ],
);

/** The journal: transfers between the account and a named counterpart. Append-only (L7). */
export const entries = pgTable(
  "entries",
  {
    accountId: text("account_id").$type<AccountId>().notNull(),
    /** Counted on the account from 1 without gaps: a page of history is one index range. */
    seq: credits("seq").notNull(),
    /** The counterpart: issued, consumed, expired or reversed. */
    kind: text("kind", { enum: ["issued", "consumed", "expired", "reversed"] }).notNull(),
    /** Signed: issued adds, the others take. */
    credits: credits("credits").notNull(),
    /** The account's available + held after it. */
    totalAfter: credits("total_after").notNull(),
    /** The lot, and its source, repeated so that a page needs no join. */
    grantId: text("grant_id").$type<GrantId>().notNull(),
    source: text("source", { enum: sources }).notNull(),
    /** The hold that was captured or returned, if one was. */
    holdId: text("hold_id").$type<HoldId>(),
    /** Why: tool:<slug>, welcome, adjustment, expiry, … */
    cause: text("cause").notNull(),
    /** What it was for: run, user, invoice, admin or charge, with its id. */
    referenceType: text("reference_type", { enum: referenceTypes }),
    referenceId: text("reference_id"),
    /** The API key that spent it, on `consumed` entries: a key's total is their sum. */
    apiKeyId: text("api_key_id").$type<ApiKeyId>(),
    /** Money's time; never earlier than that of the entry before it. */
    createdAt: time("created_at").notNull(),
  },
  (table) => [
    primaryKey({ name: "entries_pkey", columns: [table.accountId, table.seq] }),
    index("entries_api_key").on(table.apiKeyId, table.createdAt).where(sql`api_key_id is not null`),
    // Rows stand in the order of time, so this costs a few pages and nearly no time: what moved lately.
    index("entries_time").using("brin", table.createdAt).with({ autosummarize: true, pages_per_range: 32 }),
    check("entries_kind", sql`${table.kind} in ('issued', 'consumed', 'expired', 'reversed')`),
    check("entries_sign", sql`${table.credits} <> 0 and (${table.credits} > 0) = (${table.kind} = 'issued')`),
    check("entries_total_not_negative", sql`${table.totalAfter} >= 0`),
  ],
);

/**
 * The hard cap of an API key, over all accounts it acts for, and what it has come to. A key without a cap has
 * none. Written in the transaction that writes the entries and holds, with the row locked (L11).
 */
export const keyBudgets = pgTable(
  "key_budgets",
  {
    apiKeyId: text("api_key_id").$type<ApiKeyId>().primaryKey(),
    /** spent + held never pass it; null once it was taken off. */
    cap: credits("cap"),
    /** The sum of the key's consumed entries. */
    spent: credits("spent").notNull().default(sql`0`),
    /** The sum of its open holds. */
    held: credits("held").notNull().default(sql`0`),
    createdAt: time("created_at").notNull().defaultNow(),
  },
  (table) => [
    check("key_budgets_not_negative", sql`${table.spent} >= 0 and ${table.held} >= 0`),
    check("key_budgets_cap", sql`${table.spent} + ${table.held} <= ${table.cap}`),
  ],
);

/** Every command that was applied, by the key its caller gave: a repeat is answered from here (L8). */
export const commands = pgTable(
  "commands",
  {
    accountId: text("account_id").$type<AccountId>().notNull(),
    /** The idempotency key, unique within the account. */
    key: text("key").notNull(),
    /** Counted on the account from 1: the order in which its commands were applied. */
    seq: credits("seq").notNull(),
    /** Of the arguments: the same key with others is a conflict. */
    hash: text("hash").notNull(),
    verb: text("verb", { enum: verbs }).notNull(),
    /** The outcome: the lot made or reversed, … */
    grantId: text("grant_id").$type<GrantId>(),
    /** … the hold concerned and its deadline, … */
    holdId: text("hold_id").$type<HoldId>(),
    deadline: time("deadline"),
    /** … how many credits moved, and the balance after it. */
    credits: credits("credits").notNull(),
    available: credits("available").notNull(),
    held: credits("held").notNull(),
    createdAt: time("created_at").notNull(),
  },
  (table) => [primaryKey({ name: "commands_pkey", columns: [table.accountId, table.key] })],
);
