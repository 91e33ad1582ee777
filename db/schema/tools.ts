import { sql } from "drizzle-orm";
import {
  bigint,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  real,
  text,
  timestamp,
  unique,
} from "drizzle-orm/pg-core";
import type { Id } from "#platform/id";

const time = (name: string) => timestamp(name, { withTimezone: true });

/** Files customers gave us, to be named by a run's input. */
export const uploads = pgTable(
  "uploads",
  {
    id: text("id").primaryKey(),
    /** The owner: an account, or a visitor who tries a tool without one. */
    accountId: text("account_id"),
    visitorId: text("visitor_id"),
    name: text("name").notNull(),
    mediaType: text("media_type").notNull(),
    bytes: integer("bytes").notNull(),
    width: integer("width"),
    height: integer("height"),
    pages: integer("pages"),
    /** SHA-256 of the bytes, in hex. */
    hash: text("hash").notNull(),
    /** The request's Idempotency-Key, if it had one. */
    idempotencyKey: text("idempotency_key"),
    storageKey: text("storage_key").notNull(),
    createdAt: time("created_at").notNull().defaultNow(),
    /** When the bytes were stored: the row is written first, so that no bytes are without one. */
    storedAt: time("stored_at"),
    /** When the bytes are deleted; moved on when a run refers to it. */
    expiresAt: time("expires_at").notNull(),
    deletedAt: time("deleted_at"),
  },
  (table) => [
    unique("uploads_account_key").on(table.accountId, table.idempotencyKey),
    unique("uploads_visitor_key").on(table.visitorId, table.idempotencyKey),
    index("uploads_account").on(table.accountId, table.id),
    index("uploads_visitor").on(table.visitorId),
    index("uploads_expiry").on(table.expiresAt).where(sql`deleted_at is null`),
  ],
);

/**
 * What the operator has made of a tool, by its slug: the revision that customers get, and a draft of the
 * next. A tool without a row is as its code says.
 */
export const toolSettings = pgTable("tool_settings", {
  slug: text("slug").primaryKey(),
  /** The published revision; 0 is the code's. */
  revision: integer("revision").notNull().default(0),
  /** What the next revision may say, unpublished; null without a draft. */
  draft: jsonb("draft"),
  draftedBy: text("drafted_by").$type<Id<"user">>(),
  draftedAt: time("drafted_at"),
});

/** Every published state of a tool, append-only (db/sql/060_tools.sql): runs name the one they were priced by. */
export const toolRevisions = pgTable(
  "tool_revisions",
  {
    slug: text("slug").notNull(),
    /** Counted from 1 for each tool. */
    revision: integer("revision").notNull(),
    /** What differs from the code: `src/tools/settings.ts` reads it. */
    values: jsonb("values").notNull(),
    /** The revision that this one brought back. */
    restoredFrom: integer("restored_from"),
    /** Who; null for the operator at a terminal. */
    authorId: text("author_id").$type<Id<"user">>(),
    reason: text("reason"),
    createdAt: time("created_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.slug, table.revision] })],
);

/** One use of a tool. */
export const runs = pgTable(
  "runs",
  {
    id: text("id").primaryKey(),
    accountId: text("account_id"),
    visitorId: text("visitor_id"),
    userId: text("user_id"),
    tool: text("tool").notNull(),
    /** The revision of the tool that prices and limits it; 0 is the code's. */
    toolRevision: integer("tool_revision").notNull().default(0),
    /** A staff member's test of a draft: what the draft said. Such a run costs nothing and counts nowhere. */
    trial: jsonb("trial"),
    /** queued, running, succeeded, failed or canceled. */
    status: text("status").notNull().default("queued"),
    input: jsonb("input").notNull(),
    /** The run whose result this one goes on with. */
    parentId: text("parent_id"),
    /** The uploads that the input names. */
    uploadIds: text("upload_ids").array().notNull().default(sql`'{}'::text[]`),
    idempotencyKey: text("idempotency_key").notNull(),
    inputHash: text("input_hash").notNull(),
    holdId: text("hold_id"),
    /** Credits held at the start, charged at the end, and returned. */
    held: bigint("held", { mode: "bigint" }).notNull().default(sql`0`),
    charged: bigint("charged", { mode: "bigint" }).notNull().default(sql`0`),
    /** What the price counted, kept when input and files are gone: pages, tokens. Null for a visitor's run. */
    units: jsonb("units").$type<Readonly<Record<string, number>>>(),
    /** Counts on with each start and each end from outside: only the current one may store and capture. */
    attempt: integer("attempt").notNull().default(0),
    /** The job that has it now: the same job a second time means that its worker was lost. */
    jobId: text("job_id"),
    /** How many attempts ended with their worker. */
    losses: integer("losses").notNull().default(0),
    progress: real("progress"),
    progressStep: text("progress_step"),
    errorCode: text("error_code"),
    errorMessage: text("error_message"),
    /** Figures the tool tells beside its result. */
    facts: jsonb("facts"),
    /** The model that was used, if one was, by its provider's name. */
    model: text("model"),
    /**
     * What it cost the operator, in millionths of a US dollar, known once the run has ended: 0 without a model,
     * null when nobody has said what the model costs.
     */
    costMicros: bigint("cost_micros", { mode: "bigint" }),
    createdAt: time("created_at").notNull().defaultNow(),
    startedAt: time("started_at"),
    heartbeatAt: time("heartbeat_at"),
    cancelRequestedAt: time("cancel_requested_at"),
    endedAt: time("ended_at"),
    /** When input and results are deleted. */
    expiresAt: time("expires_at").notNull(),
    /** When they were. The row stays. */
    purgedAt: time("purged_at"),
  },
  (table) => [
    unique("runs_account_key").on(table.accountId, table.idempotencyKey),
    unique("runs_visitor_key").on(table.visitorId, table.idempotencyKey),
    index("runs_account").on(table.accountId, table.id),
    index("runs_live").on(table.accountId, table.status).where(sql`status in ('queued', 'running')`),
    index("runs_queue").on(table.status, table.id).where(sql`status in ('queued', 'running')`),
    // Days of analytics; rows lie in the order of their time, so a few bytes a page are enough.
    index("runs_created").using("brin", table.createdAt),
    index("runs_parent").on(table.parentId).where(sql`parent_id is not null`),
    index("runs_tool").on(table.tool, table.id),
    index("runs_expiry").on(table.expiresAt).where(sql`purged_at is null`),
  ],
);

/** What a run made: files in storage, or text kept here. */
export const outputs = pgTable(
  "outputs",
  {
    runId: text("run_id")
      .notNull()
      .references(() => runs.id, { onDelete: "cascade" }),
    position: integer("position").notNull(),
    name: text("name").notNull(),
    mediaType: text("media_type").notNull(),
    bytes: integer("bytes").notNull(),
    width: integer("width"),
    height: integer("height"),
    storageKey: text("storage_key").notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.position] })],
);

/** Streaming text, stored in small chunks so that whoever looks later sees the same. */
export const runChunks = pgTable(
  "run_chunks",
  {
    runId: text("run_id")
      .notNull()
      .references(() => runs.id, { onDelete: "cascade" }),
    position: integer("position").notNull(),
    text: text("text").notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.position] })],
);
