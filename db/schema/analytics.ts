import { date, integer, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";

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
