import { sql } from "drizzle-orm";
import { boolean, check, index, integer, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import type { Id } from "#platform/id";
import { users } from "./identity";

const time = (name: string) => timestamp(name, { withTimezone: true });

/** Where each user came from, and what became of their welcome credits. */
export const signUps = pgTable(
  "sign_ups",
  {
    userId: text("user_id")
      .$type<Id<"user">>()
      .primaryKey()
      .references(() => users.id, { onDelete: "cascade" }),
    /** The network (an address of IPv4, a /64 of IPv6) as a keyed hash; forgotten after 30 days. */
    network: text("network"),
    /** The mailbox without what its provider ignores, as a keyed hash. */
    mailbox: text("mailbox").notNull(),
    /** The mail domain; null for a public provider's, which says nothing. */
    domain: text("domain"),
    /** Why the welcome was withheld. */
    signals: text("signals").array().notNull().default(sql`'{}'::text[]`),
    /** Null until the address is confirmed. */
    welcome: text("welcome", { enum: ["given", "waiting", "refused"] }),
    judgedAt: time("judged_at"),
    /** Who decided a welcome that waited, and when. */
    decidedBy: text("decided_by").$type<Id<"user">>(),
    decidedAt: time("decided_at"),
    createdAt: time("created_at").notNull().defaultNow(),
  },
  (table) => [
    index("sign_ups_network").on(table.network, table.judgedAt),
    index("sign_ups_domain").on(table.domain, table.judgedAt),
    index("sign_ups_mailbox").on(table.mailbox).where(sql`judged_at is not null`),
    index("sign_ups_judged").on(table.judgedAt),
    index("sign_ups_waiting").on(table.judgedAt, table.userId).where(sql`welcome = 'waiting'`),
    index("sign_ups_decided").on(table.decidedAt, table.userId).where(sql`decided_at is not null`),
    index("sign_ups_remembered").on(table.createdAt).where(sql`network is not null`),
    check("sign_ups_welcome", sql`${table.welcome} in ('given', 'waiting', 'refused')`),
    check("sign_ups_judged", sql`(${table.welcome} is null) = (${table.judgedAt} is null)`),
  ],
);

/** When welcome credits wait for staff: one row; none is the defaults. */
export const welcomeRules = pgTable(
  "welcome_rules",
  {
    id: boolean("id").primaryKey().default(true),
    /** How many welcomes in a day one network, and one mail domain, gets without a look. */
    perNetwork: integer("per_network").notNull().default(3),
    perDomain: integer("per_domain").notNull().default(10),
    /** Whether throw-away addresses wait. */
    disposable: boolean("disposable").notNull().default(true),
    /** Many are more in an hour than so many, and than so many times the usual. */
    hourLeast: integer("hour_least").notNull().default(100),
    hourFactor: integer("hour_factor").notNull().default(5),
    version: integer("version").notNull().default(0),
  },
  (table) => [
    check("welcome_rules_one", sql`${table.id}`),
    check(
      "welcome_rules_counts",
      sql`${table.perNetwork} > 0 and ${table.perDomain} > 0 and ${table.hourLeast} > 0 and ${table.hourFactor} > 0`,
    ),
  ],
);
