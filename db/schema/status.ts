import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  date,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import type { Id } from "#platform/id";

/* Whether the parts of the site answer, and what was said of it where they did not. */

const time = (name: string) => timestamp(name, { withTimezone: true });
const part = (name: string) => text(name, { enum: ["web", "api", "worker", "payments", "mail"] });

/** What a probe found, each minute, for ninety days. No row: nobody looked, and it is not known. */
export const probes = pgTable(
  "probes",
  {
    part: part("part").notNull(),
    /** The minute. */
    at: time("at").notNull(),
    /** 1: it answered as it should; 0: it did not. */
    up: smallint("up").notNull(),
    ms: integer("ms").notNull(),
    /** What was wrong, in a few words without addresses and secrets. */
    error: text("error"),
  },
  (table) => [
    primaryKey({ name: "probes_pkey", columns: [table.part, table.at] }),
    check("probes_up", sql`${table.up} in (0, 1)`),
  ],
);

/** The same added up by day (UTC), for the bars. */
export const probeDays = pgTable(
  "probe_days",
  {
    part: part("part").notNull(),
    day: date("day", { mode: "string" }).notNull(),
    up: integer("up").notNull().default(0),
    down: integer("down").notNull().default(0),
  },
  (table) => [primaryKey({ name: "probe_days_pkey", columns: [table.part, table.day] })],
);

/** A time in which something did not work: found by probes, or opened by staff. */
export const incidents = pgTable(
  "incidents",
  {
    id: text("id").$type<Id<"incident">>().primaryKey(),
    /** Null: the site as a whole. */
    part: part("part"),
    /** What probes found has no title, and ends by itself. */
    origin: text("origin", { enum: ["probe", "staff"] }).notNull(),
    titleEn: text("title_en"),
    titleZh: text("title_zh"),
    startedAt: time("started_at").notNull().defaultNow(),
    resolvedAt: time("resolved_at"),
  },
  (table) => [
    index("incidents_started").on(table.startedAt),
    uniqueIndex("incidents_probe_open").on(table.part).where(sql`origin = 'probe' and resolved_at is null`),
    check("incidents_words", sql`(${table.titleEn} is null) = (${table.titleZh} is null)`),
  ],
);

/** What staff said of it, in both languages. */
export const incidentUpdates = pgTable(
  "incident_updates",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    incidentId: text("incident_id")
      .$type<Id<"incident">>()
      .notNull()
      .references(() => incidents.id, { onDelete: "cascade" }),
    state: text("state", { enum: ["investigating", "identified", "monitoring", "resolved"] }).notNull(),
    textEn: text("text_en").notNull(),
    textZh: text("text_zh").notNull(),
    createdAt: time("created_at").notNull().defaultNow(),
  },
  (table) => [index("incident_updates_incident").on(table.incidentId, table.id)],
);
