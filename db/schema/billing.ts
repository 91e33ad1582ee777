import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import type { Id } from "#platform/id";

/*
 * What is sold, to whom, and what Stripe said of it. Stripe's objects keep Stripe's ids; everything of a
 * customer is written with the customer's row locked (src/billing/sync.ts).
 */

type AccountId = Id<"account">;

const time = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });
const credits = (name: string) => bigint(name, { mode: "bigint" });
const account = () => text("account_id").$type<AccountId>();

/**
 * Prices with their terms: what whoever pays this price gets, however the plan is changed later. The terms
 * are never edited (db/sql/040_billing.sql); another offer is another row, and the old one is retired.
 */
export const prices = pgTable(
  "prices",
  {
    id: text("id").$type<Id<"price">>().primaryKey(),
    /** plan or pack. */
    kind: text("kind", { enum: ["plan", "pack"] }).notNull(),
    /** Of a plan: which, and how often it is paid. */
    planId: text("plan_id", { enum: ["pro", "premium", "enterprise"] }),
    interval: text("interval", { enum: ["month", "year"] }),
    /** Of a pack: which. */
    packId: text("pack_id"),
    currency: text("currency", { enum: ["usd", "eur", "gbp", "cny", "jpy"] }).notNull(),
    /** In the currency's minor unit, per interval or once. */
    amountCents: integer("amount_cents").notNull(),
    /** By which Stripe finds it: plan:pro:month:usd. */
    lookupKey: text("lookup_key").notNull(),
    /** A plan's credits per month; a pack's with its bonus. */
    credits: credits("credits").notNull(),
    /** A plan's: how many unspent credits are carried into the next month, at most. */
    rolloverCap: credits("rollover_cap").notNull().default(sql`0`),
    /** A plan's: what it allows (Entitlements of src/billing/catalogue.ts). */
    entitlements: jsonb("entitlements"),
    /** A plan's: the trial with which it may begin. */
    trialDays: integer("trial_days"),
    trialCredits: credits("trial_credits"),
    /** A pack's: after so many months its credits expire; null is never. */
    expiresAfterMonths: integer("expires_after_months"),
    /** Once it is in Stripe: the price's id there. */
    stripePriceId: text("stripe_price_id").unique(),
    /** What went wrong when it was last brought to Stripe. */
    syncError: text("sync_error"),
    /** False once another price has taken its place. Whoever pays it goes on paying it. */
    onSale: boolean("on_sale").notNull().default(true),
    createdAt: time("created_at").notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex("prices_on_sale").on(table.lookupKey).where(sql`on_sale`),
    check("prices_amount_positive", sql`${table.amountCents} > 0`),
    check("prices_credits_positive", sql`${table.credits} > 0 and ${table.rolloverCap} >= 0`),
    check(
      "prices_kind",
      sql`case ${table.kind}
        when 'plan' then ${table.planId} is not null and ${table.interval} is not null and ${table.entitlements} is not null and ${table.packId} is null
        when 'pack' then ${table.packId} is not null and ${table.planId} is null and ${table.interval} is null
        else false end`,
    ),
    check("prices_trial", sql`(${table.trialDays} is null) = (${table.trialCredits} is null)`),
  ],
);

/**
 * What is sold, whole, edition by edition: each publication in the back office adds one, and none is changed.
 * Without any, the seed of src/billing/catalogue.ts holds.
 */
export const catalogueEditions = pgTable("catalogue_editions", {
  /** From 1; the largest holds. Of two publications at once one finds its number taken. */
  version: integer("version").primaryKey(),
  /** Catalogue of src/billing/catalogue.ts. */
  content: jsonb("content").notNull(),
  publishedAt: time("published_at").notNull().default(sql`clock_timestamp()`),
});

/** The draft of the next edition: one, which all staff share. */
export const catalogueDrafts = pgTable(
  "catalogue_drafts",
  {
    id: integer("id").primaryKey().default(1),
    /** The edition that it departs from; 0 is the seed. */
    baseVersion: integer("base_version").notNull(),
    /** How often it was saved: whoever saves says which they saw. */
    revision: integer("revision").notNull(),
    content: jsonb("content").notNull(),
    savedBy: text("saved_by").$type<Id<"user">>().notNull(),
    savedAt: time("saved_at").notNull().default(sql`clock_timestamp()`),
  },
  (table) => [check("catalogue_drafts_one", sql`${table.id} = 1`)],
);

/** An account's customer in Stripe, and the card that is charged. */
export const customers = pgTable(
  "customers",
  {
    accountId: account().primaryKey(),
    /** Null for the moment between the intention to make one and Stripe's answer. */
    stripeId: text("stripe_id").unique(),
    /**
     * Whether it is of Stripe's live mode; false: test mode or the sandbox; null: not known until Stripe is
     * asked, or an event that came before has told.
     */
    livemode: boolean("livemode"),
    cardId: text("card_id"),
    cardBrand: text("card_brand"),
    cardLast4: text("card_last4"),
    cardExpMonth: integer("card_exp_month"),
    cardExpYear: integer("card_exp_year"),
    /** The same for the same card number, whoever enters it. */
    cardFingerprint: text("card_fingerprint"),
    /** Of the billing address, ISO 3166-1; null while nobody has told. */
    country: text("country"),
    /** Why somebody should look at the account: spent credits were refunded, or a payment is disputed. */
    flag: text("flag", { enum: ["refund", "dispute"] }),
    flaggedAt: time("flagged_at"),
    /**
     * Tickets (B2): one is drawn before Stripe is asked, and an answer with an older ticket than the one
     * last applied is dropped.
     */
    ticketDrawn: bigint("ticket_drawn", { mode: "number" }).notNull().default(0),
    ticketApplied: bigint("ticket_applied", { mode: "number" }).notNull().default(0),
    /** By the database's clock: Stripe was asked after it for what was applied last. */
    askedAt: time("asked_at"),
    /** When the next month's credits are due, by money's clock; null when none are to come. */
    nextGrantAt: time("next_grant_at"),
    createdAt: time("created_at").notNull().defaultNow(),
  },
  (table) => [
    index("customers_flagged").on(table.flag).where(sql`flag is not null`),
    index("customers_next_grant").on(table.nextGrantAt).where(sql`next_grant_at is not null`),
    check("customers_flag", sql`(${table.flag} is null) = (${table.flaggedAt} is null)`),
    check("customers_tickets", sql`${table.ticketApplied} <= ${table.ticketDrawn}`),
  ],
);

export const subscriptions = pgTable(
  "subscriptions",
  {
    /** Stripe's. */
    id: text("id").primaryKey(),
    accountId: account()
      .notNull()
      .references(() => customers.accountId),
    priceId: text("price_id").$type<Id<"price">>().notNull(),
    /** The item that carries the price. */
    itemId: text("item_id").notNull(),
    /** Stripe's word; src/billing/access.ts says what it means. */
    status: text("status").notNull(),
    periodStart: time("period_start").notNull(),
    periodEnd: time("period_end").notNull(),
    /** Whether it is cancelled and ends by itself. */
    cancelAtPeriodEnd: boolean("cancel_at_period_end").notNull().default(false),
    /** When it ends then: the period's end, or a day that was chosen in Stripe's dashboard. */
    cancelAt: time("cancel_at"),
    endedAt: time("ended_at"),
    trialStart: time("trial_start"),
    trialEnd: time("trial_end"),
    /** Since when an invoice of it is due and not paid. */
    pastDueSince: time("past_due_since"),
    /** The change that is on its way: to this price, at the period's end, or once it is paid. */
    nextPriceId: text("next_price_id").$type<Id<"price">>(),
    nextChange: text("next_change", { enum: ["downgrade", "upgrade_unpaid"] }),
    scheduleId: text("schedule_id"),
    /**
     * Another subscription of the account was there first: this one gives nothing, and is ended in Stripe
     * and paid back.
     */
    surplus: boolean("surplus").notNull().default(false),
    /** Stripe's time. */
    createdAt: time("created_at").notNull(),
  },
  (table) => [
    uniqueIndex("subscriptions_one_live")
      .on(table.accountId)
      .where(sql`status in ('trialing', 'active', 'past_due', 'unpaid', 'paused') and not surplus`),
    index("subscriptions_account").on(table.accountId),
    index("subscriptions_past_due").on(table.pastDueSince).where(sql`past_due_since is not null`),
    // Few are not active: those a list asks for.
    index("subscriptions_rare").on(table.status, table.accountId).where(sql`status <> 'active'`),
    index("subscriptions_price").on(table.priceId, table.accountId),
    check(
      "subscriptions_status",
      sql`${table.status} in ('trialing', 'active', 'past_due', 'unpaid', 'paused', 'incomplete', 'incomplete_expired', 'canceled')`,
    ),
    check("subscriptions_next", sql`(${table.nextChange} is null) = (${table.nextPriceId} is null)`),
  ],
);

export const invoices = pgTable(
  "invoices",
  {
    id: text("id").primaryKey(),
    accountId: account()
      .notNull()
      .references(() => customers.accountId),
    subscriptionId: text("subscription_id"),
    /** What it is for. */
    reason: text("reason", { enum: ["subscription", "pack", "top_up"] }).notNull(),
    status: text("status", { enum: ["draft", "open", "paid", "uncollectible", "void"] }).notNull(),
    number: text("number"),
    currency: text("currency").notNull(),
    totalCents: integer("total_cents").notNull(),
    /** Whether its payment was tried. */
    attempted: boolean("attempted").notNull().default(false),
    /** What was paid back of it, or is disputed and not won. */
    refundedCents: integer("refunded_cents").notNull().default(0),
    /** The dispute of its payment: open, won or lost. */
    dispute: text("dispute", { enum: ["open", "won", "lost"] }),
    payUrl: text("pay_url"),
    pdfUrl: text("pdf_url"),
    createdAt: time("created_at").notNull(),
    paidAt: time("paid_at"),
  },
  (table) => [
    index("invoices_account").on(table.accountId, table.createdAt, table.id),
    index("invoices_subscription").on(table.subscriptionId),
    // What a search in the back office asks for.
    index("invoices_number").on(table.number).where(sql`number is not null`),
    // The lists over all customers.
    index("invoices_created").on(table.createdAt, table.id).where(sql`status <> 'draft'`),
    index("invoices_paid_at").on(table.paidAt, table.id).where(sql`status = 'paid'`),
    check("invoices_status", sql`${table.status} in ('draft', 'open', 'paid', 'uncollectible', 'void')`),
    check("invoices_paid", sql`${table.status} <> 'paid' or ${table.paidAt} is not null`),
    check("invoices_refunded", sql`${table.refundedCents} between 0 and greatest(${table.totalCents}, 0)`),
  ],
);

/** Money that staff pay back: written down before Stripe is asked, which knows it by its id. */
export const refundRequests = pgTable(
  "refund_requests",
  {
    id: text("id").$type<Id<"refund">>().primaryKey(),
    accountId: account()
      .notNull()
      .references(() => customers.accountId),
    invoiceId: text("invoice_id")
      .notNull()
      .references(() => invoices.id),
    amountCents: integer("amount_cents").notNull(),
    currency: text("currency").notNull(),
    /** asked: nobody knows yet. refused: Stripe said no, for good. */
    status: text("status", { enum: ["asked", "done", "refused"] })
      .notNull()
      .default("asked"),
    /** Stripe's id of it. */
    stripeId: text("stripe_id"),
    /** Stripe's code, when it was refused. */
    error: text("error"),
    createdAt: time("created_at").notNull().defaultNow(),
    endedAt: time("ended_at"),
  },
  (table) => [
    index("refund_requests_invoice").on(table.invoiceId),
    check("refund_requests_amount", sql`${table.amountCents} > 0`),
    check("refund_requests_status", sql`${table.status} in ('asked', 'done', 'refused')`),
  ],
);

/** What an invoice charges for. Credits follow its paid lines. */
export const invoiceLines = pgTable(
  "invoice_lines",
  {
    id: text("id").primaryKey(),
    invoiceId: text("invoice_id")
      .notNull()
      .references(() => invoices.id),
    accountId: account().notNull(),
    /** Ours; null for a line of something that is not in the catalogue: it grants nothing. */
    priceId: text("price_id").$type<Id<"price">>(),
    position: integer("position").notNull(),
    description: text("description").notNull(),
    amountCents: integer("amount_cents").notNull(),
    /** What promotion codes take off of it. */
    discountCents: integer("discount_cents").notNull().default(0),
    quantity: integer("quantity").notNull(),
    proration: boolean("proration").notNull(),
    periodStart: time("period_start").notNull(),
    periodEnd: time("period_end").notNull(),
    /** Why a line that was paid grants nothing. */
    refused: text("refused", { enum: ["unknown_price", "currency_mismatch", "amount_zero", "surplus"] }),
  },
  (table) => [
    index("invoice_lines_invoice").on(table.invoiceId),
    index("invoice_lines_account").on(table.accountId),
  ],
);

/** What was paid back of an invoice. Stripe's, each with its own state: a bank may still refuse one. */
export const refunds = pgTable(
  "refunds",
  {
    id: text("id").primaryKey(),
    invoiceId: text("invoice_id")
      .notNull()
      .references(() => invoices.id, { onDelete: "cascade" }),
    accountId: account().notNull(),
    amountCents: integer("amount_cents").notNull(),
    currency: text("currency").notNull(),
    /** Stripe's word: succeeded, pending, failed, canceled, requires_action. */
    status: text("status").notNull(),
    /** Stripe's word, if anybody said why. */
    reason: text("reason"),
    createdAt: time("created_at").notNull(),
  },
  (table) => [
    index("refunds_created").on(table.createdAt, table.id),
    index("refunds_invoice").on(table.invoiceId),
  ],
);

/** Payments that a customer has their bank take back. */
export const disputes = pgTable(
  "disputes",
  {
    id: text("id").primaryKey(),
    invoiceId: text("invoice_id")
      .notNull()
      .references(() => invoices.id, { onDelete: "cascade" }),
    accountId: account().notNull(),
    amountCents: integer("amount_cents").notNull(),
    currency: text("currency").notNull(),
    /** Stripe's word: needs_response, under_review, won, lost, … */
    status: text("status").notNull(),
    /** Stripe's word: fraudulent, product_not_received, … */
    reason: text("reason").notNull(),
    /** Until when it can be answered, in Stripe's dashboard. */
    dueAt: time("due_at"),
    createdAt: time("created_at").notNull(),
  },
  (table) => [
    index("disputes_created").on(table.createdAt, table.id),
    index("disputes_invoice").on(table.invoiceId),
    index("disputes_to_answer")
      .on(table.dueAt)
      .where(sql`status in ('needs_response', 'warning_needs_response')`),
  ],
);

/** The credits that a line has granted: a pack's at once, a plan's month by month. */
export const lineGrants = pgTable(
  "line_grants",
  {
    /** An invoice line's id, or a subscription's for its trial. */
    lineId: text("line_id").notNull(),
    /** Which month of the line's period, from 0. */
    month: integer("month").notNull(),
    accountId: account().notNull(),
    grantId: text("grant_id").$type<Id<"grant">>().notNull(),
    credits: credits("credits").notNull(),
    /** How many of them were taken back, because they were paid back. */
    reversed: credits("reversed").notNull().default(sql`0`),
    /** How often it was corrected: part of the ledger's key. */
    corrections: integer("corrections").notNull().default(0),
    expiresAt: time("expires_at"),
    createdAt: time("created_at").notNull(),
  },
  (table) => [
    // Credits follow paid lines once each (B3).
    primaryKey({ name: "line_grants_pkey", columns: [table.lineId, table.month] }),
    index("line_grants_account").on(table.accountId),
    check("line_grants_reversed", sql`${table.reversed} between 0 and ${table.credits}`),
  ],
);

/** Stripe's events: each is stored once by its id, and answered; a job does the rest. It holds ids only. */
export const stripeEvents = pgTable(
  "stripe_events",
  {
    id: text("id").primaryKey(),
    type: text("type").notNull(),
    /** Whom it is about. */
    stripeCustomerId: text("stripe_customer_id"),
    objectId: text("object_id"),
    /** waiting; done; ignored: nothing of ours; failed: given up, for a person to look at. */
    status: text("status", { enum: ["waiting", "done", "ignored", "failed"] })
      .notNull()
      .default("waiting"),
    attempts: integer("attempts").notNull().default(0),
    /** What went wrong last, or why it is none of ours. */
    error: text("error"),
    livemode: boolean("livemode").notNull(),
    /** Stripe's time. */
    createdAt: time("created_at").notNull(),
    receivedAt: time("received_at").notNull().default(sql`clock_timestamp()`),
    processedAt: time("processed_at"),
  },
  (table) => [
    index("stripe_events_received").on(table.receivedAt, table.id),
    index("stripe_events_customer").on(table.stripeCustomerId, table.createdAt),
    index("stripe_events_open").on(table.status).where(sql`status in ('waiting', 'failed')`),
  ],
);

/** Purchases on their way through Stripe's page. */
export const checkouts = pgTable(
  "checkouts",
  {
    id: text("id").$type<Id<"checkout">>().primaryKey(),
    accountId: account()
      .notNull()
      .references(() => customers.accountId),
    /** Stripe's; null until it has answered. */
    sessionId: text("session_id").unique(),
    priceId: text("price_id").$type<Id<"price">>().notNull(),
    /** The page to go back to. */
    returnTo: text("return_to").notNull(),
    url: text("url"),
    status: text("status", { enum: ["open", "complete", "expired"] })
      .notNull()
      .default("open"),
    /** What it led to. */
    subscriptionId: text("subscription_id"),
    invoiceId: text("invoice_id"),
    /** Its payment was refused for good. */
    failed: boolean("failed").notNull().default(false),
    trial: boolean("trial").notNull().default(false),
    idempotencyKey: text("idempotency_key").notNull(),
    requestHash: text("request_hash").notNull(),
    createdAt: time("created_at").notNull().defaultNow(),
  },
  (table) => [
    unique("checkouts_key").on(table.accountId, table.idempotencyKey),
    index("checkouts_open").on(table.accountId).where(sql`status = 'open'`),
  ],
);

/**
 * One trial per person: by account and by card. The row is made before the trial is given; the keys make a
 * second one impossible, however many ask at once.
 */
export const trials = pgTable("trials", {
  accountId: account().primaryKey(),
  /** Unknown until a card was entered. Kept when the person goes: it is a hash of Stripe's, not a number. */
  cardFingerprint: text("card_fingerprint").unique(),
  /** Null while it is only reserved. */
  subscriptionId: text("subscription_id").unique(),
  reservedAt: time("reserved_at").notNull().defaultNow(),
});

/** Auto top-up, off unless its owner sets it, and never without a monthly limit. */
export const topUps = pgTable(
  "top_ups",
  {
    accountId: account()
      .primaryKey()
      .references(() => customers.accountId),
    enabled: boolean("enabled").notNull().default(false),
    thresholdCredits: credits("threshold_credits"),
    packId: text("pack_id"),
    currency: text("currency", { enum: ["usd", "eur", "gbp", "cny", "jpy"] }),
    monthlyLimitCents: integer("monthly_limit_cents"),
    /** It waits until the card is another than this one; for another fault, also until it is saved again. */
    pausedReason: text("paused_reason", { enum: ["declined", "authentication_required", "other"] }),
    pausedAt: time("paused_at"),
    pausedCardId: text("paused_card_id"),
    /** That card itself, by number and expiry: entered again it has another id, and is still refused. */
    pausedCard: text("paused_card"),
    updatedAt: time("updated_at").notNull().defaultNow(),
  },
  (table) => [
    index("top_ups_enabled").on(table.accountId).where(sql`enabled and paused_reason is null`),
    check(
      "top_ups_limited",
      sql`not ${table.enabled} or (${table.thresholdCredits} > 0 and ${table.packId} is not null and ${table.currency} is not null and ${table.monthlyLimitCents} > 0)`,
    ),
    check("top_ups_paused", sql`(${table.pausedReason} is null) = (${table.pausedAt} is null)`),
  ],
);

/** Charges of auto top-up: at most one at a time. */
export const topUpCharges = pgTable(
  "top_up_charges",
  {
    id: text("id").$type<Id<"topUp">>().primaryKey(),
    accountId: account()
      .notNull()
      .references(() => topUps.accountId),
    priceId: text("price_id").$type<Id<"price">>().notNull(),
    /** The pack's price; once the invoice is made, what it charges, with tax. */
    amountCents: integer("amount_cents").notNull(),
    currency: text("currency").notNull(),
    /** pending until Stripe has said how it ended, and a paid one's credits are here. */
    status: text("status", { enum: ["pending", "paid", "failed"] })
      .notNull()
      .default("pending"),
    cardId: text("card_id"),
    invoiceId: text("invoice_id").unique(),
    /** declined, authentication_required, other; limit: with its tax it would have passed the limit. */
    failure: text("failure", { enum: ["declined", "authentication_required", "other", "limit"] }),
    payUrl: text("pay_url"),
    createdAt: time("created_at").notNull(),
    endedAt: time("ended_at"),
  },
  (table) => [
    uniqueIndex("top_up_charges_one_pending").on(table.accountId).where(sql`status = 'pending'`),
    index("top_up_charges_account").on(table.accountId, table.createdAt),
    check("top_up_charges_ended", sql`(${table.status} = 'pending') = (${table.endedAt} is null)`),
  ],
);
