import { sql } from "drizzle-orm";
import { bigint, check, customType, date, index, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import type { Id } from "#platform/id";
import { users } from "./identity";

/*
 * How the site is used: what people do, and where those who signed up came from. First party, without cookies
 * and without addresses (src/insight/visit.ts says what is left out, and for whom nothing is kept).
 */

const time = (name: string) => timestamp(name, { withTimezone: true });
const bytes = customType<{ data: Buffer }>({ dataType: () => "bytea" });

/** One line for each thing somebody did. Appended in the order of time, and deleted by age. */
export const productEvents = pgTable(
  "product_events",
  {
    id: bigint("id", { mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
    /** page_viewed, signed_up, run_finished, … (src/insight/track.ts). */
    name: text("name").notNull(),
    occurredAt: time("occurred_at").notNull(),
    userId: text("user_id").$type<Id<"user">>(),
    accountId: text("account_id").$type<Id<"account">>(),
    /** A browser on one day: a hash whose salt is forgotten the day after, so that nobody can be followed. */
    visitor: text("visitor"),
    /** The page, with [id] in the place of ids, and without its query. */
    path: text("path"),
    /** The host that linked here; null for ourselves. */
    referrer: text("referrer"),
    utmSource: text("utm_source"),
    utmMedium: text("utm_medium"),
    utmCampaign: text("utm_campaign"),
    /** ISO 3166, in capitals, as the operator's proxy says; null where it says nothing. */
    country: text("country"),
    /** A few more facts, by name: tool, credits, plan. */
    properties: jsonb("properties").notNull().default({}),
  },
  (table) => [
    // Rows lie in the order of time: a few kilobytes find any day among millions.
    index("product_events_time").using("brin", table.occurredAt).with({ pages_per_range: 32 }),
    index("product_events_name").on(table.name, table.occurredAt),
    index("product_events_user").on(table.userId).where(sql`user_id is not null`),
    // Where a visitor came from, looked up when they sign up.
    index("product_events_arrival")
      .on(table.visitor)
      .where(sql`referrer is not null or utm_source is not null`),
  ],
);

/** The secret of each day that turns an address and a browser into a visitor; deleted when two days old. */
export const visitorSalts = pgTable("visitor_salts", {
  day: date("day").primaryKey(),
  salt: bytes("salt").notNull(),
});

/** Where somebody came from on the day they signed up. Without a row it is not known. */
export const signUpSources = pgTable(
  "sign_up_sources",
  {
    userId: text("user_id")
      .$type<Id<"user">>()
      .primaryKey()
      .references(() => users.id, { onDelete: "cascade" }),
    /** In one word, for counting: the campaign's source, `referral`, the host that linked here, or `direct`. */
    source: text("source").notNull(),
    referrer: text("referrer"),
    utmSource: text("utm_source"),
    utmMedium: text("utm_medium"),
    utmCampaign: text("utm_campaign"),
    /** The first page of that day. */
    landingPath: text("landing_path"),
    country: text("country"),
    createdAt: time("created_at").notNull().defaultNow(),
  },
  (table) => [index("sign_up_sources_source").on(table.source)],
);

/** What somebody's browser last said about being counted, for what happens while no browser is there. */
export const analyticsChoices = pgTable(
  "analytics_choices",
  {
    userId: text("user_id")
      .$type<Id<"user">>()
      .primaryKey()
      .references(() => users.id, { onDelete: "cascade" }),
    /** opted_out: Do Not Track or GPC, nothing is kept; granted, declined: the answer to the banner. */
    choice: text("choice", { enum: ["opted_out", "granted", "declined"] }).notNull(),
    /** By which the services that were consented to know the browser. */
    clientId: text("client_id"),
    updatedAt: time("updated_at").notNull().defaultNow(),
  },
  (table) => [
    check("analytics_choices_choice", sql`${table.choice} in ('opted_out', 'granted', 'declined')`),
  ],
);
