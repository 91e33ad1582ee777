import { sql } from "drizzle-orm";
import {
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
import { runs } from "./tools";

const time = (name: string) => timestamp(name, { withTimezone: true });

/** What may not go into tools nor come out of them: one row; none is the defaults. */
export const safetySettings = pgTable(
  "safety_settings",
  {
    id: boolean("id").primaryKey().default(true),
    /** Words and phrases that no text may contain, as the operator wrote them. */
    phrases: text("phrases").array().notNull().default(sql`'{}'::text[]`),
    /** Whether a moderation model is asked, where one is set. */
    asksModel: boolean("asks_model").notNull().default(true),
    /** What happens to a text for which no model gave a verdict. */
    withoutVerdict: text("without_verdict", { enum: ["pass", "refuse"] })
      .notNull()
      .default("pass"),
    /** So long a verdict is waited for. */
    verdictSeconds: integer("verdict_seconds").notNull().default(5),
    /** Counts its changes: of two who change it at once, one is told. */
    version: integer("version").notNull().default(0),
  },
  (table) => [
    check("safety_settings_one", sql`${table.id}`),
    check("safety_settings_without", sql`${table.withoutVerdict} in ('pass', 'refuse')`),
    check("safety_settings_seconds", sql`${table.verdictSeconds} between 1 and 30`),
  ],
);

/** Runs that were refused for their content, with nothing of that content. */
export const contentRefusals = pgTable(
  "content_refusals",
  {
    runId: text("run_id")
      .primaryKey()
      .references(() => runs.id, { onDelete: "cascade" }),
    /** What was refused: what the customer gave, or what the tool made. */
    stage: text("stage", { enum: ["input", "output"] }).notNull(),
    /** `unjudged`: no model gave a verdict, and the operator refuses then. */
    foundBy: text("found_by", { enum: ["words", "model", "unjudged"] }).notNull(),
    /** The phrase of the list, or the model's categories. */
    found: text("found").notNull(),
    createdAt: time("created_at").notNull().defaultNow(),
  },
  (table) => [
    index("content_refusals_created").on(table.createdAt),
    check("content_refusals_stage", sql`${table.stage} in ('input', 'output')`),
    check("content_refusals_by", sql`${table.foundBy} in ('words', 'model', 'unjudged')`),
  ],
);

/** How often no model gave a verdict, by day, and what became of the texts. */
export const missingVerdicts = pgTable(
  "missing_verdicts",
  {
    day: date("day").notNull(),
    outcome: text("outcome", { enum: ["pass", "refuse"] }).notNull(),
    count: integer("count").notNull(),
  },
  (table) => [primaryKey({ name: "missing_verdicts_pkey", columns: [table.day, table.outcome] })],
);

/** What customers told of results that should not be. */
export const contentReports = pgTable(
  "content_reports",
  {
    id: text("id").$type<Id<"report">>().primaryKey(),
    runId: text("run_id")
      .notNull()
      .references(() => runs.id, { onDelete: "cascade" }),
    /** Who told. */
    userId: text("user_id")
      .$type<Id<"user">>()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    reason: text("reason", {
      enum: ["illegal", "violence", "sexual", "hate", "personal", "wrong", "other"],
    }).notNull(),
    /** In their own words. */
    words: text("words"),
    status: text("status", { enum: ["open", "dismissed", "removed"] })
      .notNull()
      .default("open"),
    decidedBy: text("decided_by").$type<Id<"user">>(),
    decidedAt: time("decided_at"),
    createdAt: time("created_at").notNull().defaultNow(),
  },
  (table) => [
    unique("content_reports_once").on(table.runId, table.userId),
    index("content_reports_open").on(table.createdAt).where(sql`status = 'open'`),
    index("content_reports_user").on(table.userId),
    check("content_reports_status", sql`${table.status} in ('open', 'dismissed', 'removed')`),
    check("content_reports_decided", sql`(${table.status} = 'open') = (${table.decidedAt} is null)`),
  ],
);
