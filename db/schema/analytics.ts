import { sql } from "drizzle-orm";
import {
  bigint,
  date,
  index,
  integer,
  numeric,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from "drizzle-orm/pg-core";

/*
 * Roll-ups: what the pages of analytics read. Each is made from other tables by src/analytics/rollups.ts, a day
 * at a time in the operator's zone, and may be made anew at any time. Nobody else writes here.
 */

const time = (name: string) => timestamp(name, { withTimezone: true });
const day = () => date("day", { mode: "string" }).notNull();
const count = (name: string) => integer(name).notNull().default(0);

/** Up to when each roll-up was made. */
export const rollups = pgTable("rollups", {
  name: text("name").primaryKey(),
  /** The zone in which its days were counted. */
  zone: text("zone").notNull(),
  /** By money's clock: what happened before it is in. */
  asOf: time("as_of").notNull(),
  /** By the database's clock, when it was made: what was recorded since may tell of days before. */
  madeAt: time("made_at").notNull(),
});

/** Of those who signed up on a day, by where they came from: how many, and what became of them. */
export const registrationDays = pgTable(
  "registration_days",
  {
    day: day(),
    source: text("source").notNull(),
    signups: count("signups"),
    /** Whose first run began within seven days. */
    activated: count("activated"),
  },
  (table) => [primaryKey({ name: "registration_days_pkey", columns: [table.day, table.source] })],
);

/** On which days an account started runs, of which tool: what active, kept and resurrected customers are counted from. */
export const accountDays = pgTable(
  "account_days",
  { accountId: text("account_id").notNull(), day: day(), tool: text("tool").notNull(), runs: count("runs") },
  (table) => [
    primaryKey({ name: "account_days_pkey", columns: [table.accountId, table.day, table.tool] }),
    index("account_days_day").on(table.day),
  ],
);

/** How many accounts were active on a day, by tool; the tool `all` is all of them. */
export const activeDays = pgTable(
  "active_days",
  {
    day: day(),
    tool: text("tool").notNull(),
    /** On that day, in the 7 and in the 30 days that end with it. */
    daily: count("daily"),
    weekly: count("weekly"),
    monthly: count("monthly"),
    /** Of the day's: for the first time, and after more than 30 days. */
    first: count("first"),
    resurrected: count("resurrected"),
  },
  (table) => [primaryKey({ name: "active_days_pkey", columns: [table.day, table.tool] })],
);

/** Of those who signed up in a week or month, how many were active in one that came after it. */
export const cohortPeriods = pgTable(
  "cohort_periods",
  {
    grain: text("grain", { enum: ["week", "month"] }).notNull(),
    /** First days: of the period in which they signed up, and of the one in which they were active. */
    cohort: date("cohort", { mode: "string" }).notNull(),
    day: day(),
    active: count("active"),
  },
  (table) => [primaryKey({ name: "cohort_periods_pkey", columns: [table.grain, table.cohort, table.day] })],
);

/** Where money came from: of which plan, in which currency, from where. `none` and `unknown` where nobody knows. */
const moneyFacts = {
  plan: text("plan").notNull(),
  currency: text("currency").notNull(),
  country: text("country").notNull(),
};
const cents = (name: string) => bigint(name, { mode: "number" }).notNull().default(0);

/**
 * How monthly recurring revenue moved on a day. What it comes to is the sum of all days: so movements and levels
 * always add up. A transfer goes from one plan, interval or country to another, and comes to 0 over all.
 */
export const mrrDays = pgTable(
  "mrr_days",
  {
    day: day(),
    ...moneyFacts,
    interval: text("interval").notNull(),
    /** new, expansion, contraction, churn, reactivation or transfer. */
    kind: text("kind").notNull(),
    /** Signed; in the currency's minor unit, a month. */
    cents: cents("cents"),
    /** Signed: by how many paying customers there are more. */
    customers: count("customers"),
  },
  ({ day, currency, plan, interval, country, kind }) => [
    primaryKey({ name: "mrr_days_pkey", columns: [day, currency, plan, interval, country, kind] }),
  ],
);

const runningTotal = (name: string) => bigint(name, { mode: "number" }).notNull();

/**
 * What `mrr_days` has come to since the beginning, at the end of each day on which something moved: how revenue
 * stood on a day is one row, what a period brought is the difference of two. `all` stands for every currency, plan
 * or country, so that whatever is chosen is one range of the key.
 */
export const mrrLevels = pgTable(
  "mrr_levels",
  {
    ...moneyFacts,
    day: day(),
    /** Monthly recurring revenue and paying customers at the day's end. */
    mrr: runningTotal("mrr"),
    customers: runningTotal("customers"),
    /** What each kind of movement came to until then, signed. */
    new: runningTotal("new"),
    expansion: runningTotal("expansion"),
    contraction: runningTotal("contraction"),
    churn: runningTotal("churn"),
    reactivation: runningTotal("reactivation"),
    transfer: runningTotal("transfer"),
    /** How many customers left until then. */
    left: runningTotal("left"),
  },
  ({ currency, plan, country, day }) => [
    // The only one: beside an index of days alone, the planner may take that for a range of this.
    primaryKey({ name: "mrr_levels_pkey", columns: [currency, plan, country, day] }),
  ],
);

/** By how much those who paid at a month's begin pay more or less at its end. `day` is the month's first. */
export const mrrMonths = pgTable(
  "mrr_months",
  { day: day(), ...moneyFacts, cents: cents("cents") },
  ({ day, currency, plan, country }) => [
    primaryKey({ name: "mrr_months_pkey", columns: [day, currency, plan, country] }),
  ],
);

/** Trials that began on a day, and those that ended on it. */
export const trialDays = pgTable(
  "trial_days",
  {
    day: day(),
    ...moneyFacts,
    started: count("started"),
    converted: count("converted"),
    lost: count("lost"),
  },
  ({ day, currency, plan, country }) => [
    primaryKey({ name: "trial_days_pkey", columns: [day, currency, plan, country] }),
  ],
);

/** What payments came to on a day. `all` stands for every currency, plan or country, as in `mrr_levels`. */
export const paymentDays = pgTable(
  "payment_days",
  {
    day: day(),
    ...moneyFacts,
    /** paid, failed, recovered or refunded. */
    kind: text("kind").notNull(),
    /** subscription, pack or top_up. */
    reason: text("reason").notNull(),
    payments: count("payments"),
    cents: cents("cents"),
  },
  ({ day, currency, plan, country, kind, reason }) => [
    primaryKey({ name: "payment_days_pkey", columns: [currency, plan, country, day, kind, reason] }),
    index("payment_days_day").on(day),
  ],
);

/*
 * History, which is no roll-up: what subscriptions and invoices were before they became what they are. Triggers write
 * it in the transaction that changes them (db/sql/060_history.sql). Append-only.
 */

export const subscriptionChanges = pgTable(
  "subscription_changes",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    subscriptionId: text("subscription_id").notNull(),
    accountId: text("account_id").notNull(),
    status: text("status").notNull(),
    planId: text("plan_id").notNull(),
    interval: text("interval").notNull(),
    currency: text("currency").notNull(),
    /** What it comes to a month from then on: a year's price by 12; 0 unless it is paid for. */
    monthlyCents: cents("monthly_cents"),
    /** Of the billing address, two letters. */
    country: text("country"),
    /** When it became so, by money's clock. */
    at: time("at").notNull(),
    recordedAt: time("recorded_at").notNull().defaultNow(),
  },
  (table) => [
    index("subscription_changes_account").on(table.accountId, table.at),
    index("subscription_changes_subscription").on(table.subscriptionId, table.id),
    index("subscription_changes_at").on(table.at),
    index("subscription_changes_recorded").using("brin", table.recordedAt),
  ],
);

export const paymentChanges = pgTable(
  "payment_changes",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    invoiceId: text("invoice_id").notNull(),
    accountId: text("account_id").notNull(),
    /** paid; failed: tried and not paid; recovered: paid after that; refunded: paid back, or disputed. */
    kind: text("kind", { enum: ["paid", "failed", "recovered", "refunded"] }).notNull(),
    reason: text("reason").notNull(),
    planId: text("plan_id"),
    currency: text("currency").notNull(),
    /** With tax. A refund's is negative when a dispute was won. */
    cents: cents("cents"),
    country: text("country"),
    at: time("at").notNull(),
    recordedAt: time("recorded_at").notNull().defaultNow(),
  },
  (table) => [
    index("payment_changes_invoice").on(table.invoiceId),
    index("payment_changes_at").on(table.at),
    index("payment_changes_recorded").using("brin", table.recordedAt),
  ],
);

/** Runs begun on a day, by tool. */
export const toolDays = pgTable(
  "tool_days",
  {
    day: day(),
    tool: text("tool").notNull(),
    runs: count("runs"),
    succeeded: count("succeeded"),
    failed: count("failed"),
    canceled: count("canceled"),
    /** Credits that were charged for them. */
    credits: bigint("credits", { mode: "bigint" }).notNull().default(sql`0`),
    /** How many began to work and ended, and for how long they worked and had waited, in ms together. */
    timed: count("timed"),
    runMs: bigint("run_ms", { mode: "bigint" }).notNull().default(sql`0`),
    waitMs: bigint("wait_ms", { mode: "bigint" }).notNull().default(sql`0`),
  },
  (table) => [primaryKey({ name: "tool_days_pkey", columns: [table.day, table.tool] })],
);

/** The way from a visit to a payment: how many of a day came to which step. */
export const funnelDays = pgTable(
  "funnel_days",
  {
    day: day(),
    step: text("step", {
      enum: ["visit", "signup", "verified", "firstRun", "outOfCredits", "paid"],
    }).notNull(),
    people: count("people"),
  },
  (table) => [primaryKey({ name: "funnel_days_pkey", columns: [table.day, table.step] })],
);

/** Features that were used, and what was searched for in vain. */
export const usageDays = pgTable(
  "usage_days",
  {
    day: day(),
    /** The event: feature_used, search_without_result. */
    name: text("name").notNull(),
    what: text("what").notNull(),
    events: count("events"),
  },
  (table) => [primaryKey({ name: "usage_days_pkey", columns: [table.day, table.name, table.what] })],
);

/** What entries moved on a day. */
export const creditDays = pgTable(
  "credit_days",
  {
    day: day(),
    /** granted, carried (expired, and granted anew for the period after it), consumed, expired or reversed. */
    kind: text("kind", { enum: ["granted", "carried", "consumed", "expired", "reversed"] }).notNull(),
    /** The lot's. */
    source: text("source").notNull(),
    /** Of what was consumed: the customer's plan at the day's end, and the tool. Else `none`. */
    plan: text("plan").notNull(),
    tool: text("tool").notNull(),
    credits: bigint("credits", { mode: "bigint" }).notNull(),
  },
  (table) => [
    primaryKey({
      name: "credit_days_pkey",
      columns: [table.kind, table.day, table.source, table.plan, table.tool],
    }),
    index("credit_days_day").on(table.day),
  ],
);

/** What runs brought in and what their models cost, by the currency in which their credits were paid for. */
const margin = {
  /** `none`: of credits that were given, and of runs that charged nothing. */
  currency: text("currency").notNull(),
  /** Of the credits charged, at what was paid for each; in the currency's minor unit. */
  revenue: numeric("revenue").notNull(),
  /** In millionths of a US dollar, whatever was paid in. */
  cost: numeric("cost").notNull(),
};

/** By the day on which the runs were begun. */
export const marginDays = pgTable(
  "margin_days",
  {
    day: day(),
    tool: text("tool").notNull(),
    /** `none` without one. */
    model: text("model").notNull(),
    ...margin,
  },
  ({ day, tool, model, currency }) => [
    primaryKey({ name: "margin_days_pkey", columns: [day, tool, model, currency] }),
  ],
);

/** The same by customer and month, whose first day it is: the largest of each month, the others together as `other`. */
export const marginMonths = pgTable(
  "margin_months",
  { day: day(), accountId: text("account_id").notNull(), ...margin },
  ({ day, accountId, currency }) => [
    primaryKey({ name: "margin_months_pkey", columns: [day, accountId, currency] }),
  ],
);
