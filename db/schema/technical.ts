import { sql } from "drizzle-orm";
import {
  check,
  date,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
} from "drizzle-orm/pg-core";

/* How the site itself fares, measured by the site. */

const time = (name: string) => timestamp(name, { withTimezone: true });
const count = (name: string) => integer(name).notNull().default(0);

/** How many took up to 1 ms, up to 2, 5, 10, … and, last, more than 10 s. */
const buckets = {
  b1: count("b1"),
  b2: count("b2"),
  b3: count("b3"),
  b4: count("b4"),
  b5: count("b5"),
  b6: count("b6"),
  b7: count("b7"),
  b8: count("b8"),
  b9: count("b9"),
  b10: count("b10"),
  b11: count("b11"),
  b12: count("b12"),
  b13: count("b13"),
  b14: count("b14"),
  b15: count("b15"),
  b16: count("b16"),
  b17: count("b17"),
  b18: count("b18"),
};

/**
 * Answers by route, each counted twice: in its minute, which is kept for days, and in its hour, kept for a year.
 * The buckets are columns, since PostgreSQL adds up columns many times faster than arrays.
 */
export const responseTimes = pgTable(
  "response_times",
  {
    step: text("step", { enum: ["minute", "hour"] }).notNull(),
    /** When the minute or hour began. */
    at: time("at").notNull(),
    /** As it is defined: /api/v1/runs/:id, /tools/[slug]. */
    route: text("route").notNull(),
    method: text("method").notNull(),
    /** The first figure of the status. */
    statusClass: smallint("status_class").notNull(),
    requests: count("requests"),
    sumMs: doublePrecision("sum_ms").notNull().default(0),
    ...buckets,
  },
  (table) => [
    primaryKey({
      name: "response_times_pkey",
      columns: [table.step, table.at, table.route, table.method, table.statusClass],
    }),
    check("response_times_step", sql`${table.step} in ('minute', 'hour')`),
    check("response_times_class", sql`${table.statusClass} between 2 and 5`),
  ],
);

/**
 * A roll-up of the hours (src/analytics/technical-rollups.ts): answers of a day in the operator's zone, by route.
 * `all:api` and `all:pages` are all of each kind together, so that what is said of them is one row a day.
 */
export const responseDays = pgTable(
  "response_days",
  {
    route: text("route").notNull(),
    day: date("day", { mode: "string" }).notNull(),
    requests: count("requests"),
    /** Answered with a fault of ours. */
    faults: count("faults"),
    ...buckets,
  },
  (table) => [
    primaryKey({ name: "response_days_pkey", columns: [table.route, table.day] }),
    index("response_days_day").on(table.day),
  ],
);

/**
 * For how long runs that were begun on a day waited for a worker. The buckets are those of answers, in tenths of a
 * second instead of thousandths: up to 0.1 s, 0.2 s, … 1000 s, and longer.
 */
export const waitDays = pgTable("wait_days", {
  day: date("day", { mode: "string" }).primaryKey(),
  ...buckets,
});
