import { sql } from "drizzle-orm";
import { boolean, check, index, integer, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import type { Id } from "#platform/id";

const time = (name: string) => timestamp(name, { withTimezone: true });

/** People. better-auth's `user`, with the columns that are ours below. */
export const users = pgTable(
  "users",
  {
    id: text("id").$type<Id<"user">>().primaryKey(),
    name: text("name").notNull(),
    email: text("email").notNull().unique(),
    emailVerified: boolean("email_verified").notNull().default(false),
    image: text("image"),
    /** What one may see and do besides one's own. */
    role: text("role").$type<"user" | "support" | "analyst" | "admin" | "owner">().notNull().default("user"),
    /** The language of pages and mails. */
    locale: text("locale").$type<"en" | "zh">().notNull().default("en"),
    /** An IANA zone; days on charts and in notices are counted in it. */
    timeZone: text("time_zone").notNull().default("UTC"),
    /** When the welcome credits were granted, in the transaction that granted them. */
    welcomedAt: time("welcomed_at"),
    /** Since when they may neither sign in nor use their keys; null: they may. */
    suspendedAt: time("suspended_at"),
    createdAt: time("created_at").notNull().defaultNow(),
    updatedAt: time("updated_at").notNull().defaultNow(),
  },
  (table) => [
    check("users_role", sql`${table.role} in ('user', 'support', 'analyst', 'admin', 'owner')`),
    check("users_locale", sql`${table.locale} in ('en', 'zh')`),
    index("users_to_welcome").on(table.id).where(sql`${table.emailVerified} and ${table.welcomedAt} is null`),
    // What a search in the back office begins with; the operator class serves it in any collation.
    index("users_email_start").on(table.email.op("text_pattern_ops")),
    index("users_name_start").on(sql`lower(${table.name}) text_pattern_ops`),
    // Days of analytics; rows lie in the order of their time, so a few bytes a page are enough.
    index("users_created").using("brin", table.createdAt),
    index("users_suspended").on(table.id).where(sql`${table.suspendedAt} is not null`),
    // The order of the back office's list.
    index("users_listed").on(table.createdAt, table.id),
    index("users_unverified").on(table.createdAt, table.id).where(sql`not ${table.emailVerified}`),
    index("users_staff").on(table.role).where(sql`${table.role} <> 'user'`),
  ],
);

export const sessions = pgTable(
  "sessions",
  {
    id: text("id").$type<Id<"session">>().primaryKey(),
    userId: text("user_id")
      .$type<Id<"user">>()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    token: text("token").notNull().unique(),
    expiresAt: time("expires_at").notNull(),
    ipAddress: text("ip_address"),
    userAgent: text("user_agent"),
    /** When its user, who is staff, entered the code that was mailed for it. */
    staffConfirmedAt: time("staff_confirmed_at"),
    createdAt: time("created_at").notNull().defaultNow(),
    updatedAt: time("updated_at").notNull().defaultNow(),
  },
  (table) => [index("sessions_user").on(table.userId)],
);

/** Staff who look at the site as a customer, by the session with which they do; it goes with the session. */
export const viewings = pgTable(
  "viewings",
  {
    sessionId: text("session_id")
      .$type<Id<"session">>()
      .primaryKey()
      .references(() => sessions.id, { onDelete: "cascade" }),
    /** As whom. */
    userId: text("user_id")
      .$type<Id<"user">>()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    startedAt: time("started_at").notNull().defaultNow(),
    endsAt: time("ends_at").notNull(),
  },
  (table) => [
    index("viewings_user").on(table.userId),
    check("viewings_short", sql`${table.endsAt} <= ${table.startedAt} + interval '31 minutes'`),
  ],
);
/** Codes mailed to staff, each for one session; the newest counts. */
export const staffCodes = pgTable("staff_codes", {
  sessionId: text("session_id")
    .$type<Id<"session">>()
    .primaryKey()
    .references(() => sessions.id, { onDelete: "cascade" }),
  /** Keyed with the site's secret. */
  codeHash: text("code_hash").notNull(),
  /** Wrong ones so far. */
  tries: integer("tries").notNull().default(0),
  expiresAt: time("expires_at").notNull(),
});

/** Ways to sign in: better-auth's `account`, which here would be taken for a ledger account. */
export const identities = pgTable(
  "identities",
  {
    id: text("id").$type<Id<"identity">>().primaryKey(),
    userId: text("user_id")
      .$type<Id<"user">>()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    accountId: text("provider_account_id").notNull(),
    providerId: text("provider_id").notNull(),
    accessToken: text("access_token"),
    refreshToken: text("refresh_token"),
    idToken: text("id_token"),
    accessTokenExpiresAt: time("access_token_expires_at"),
    refreshTokenExpiresAt: time("refresh_token_expires_at"),
    scope: text("scope"),
    /** A scrypt hash. */
    password: text("password"),
    createdAt: time("created_at").notNull().defaultNow(),
    updatedAt: time("updated_at").notNull().defaultNow(),
  },
  (table) => [index("identities_user").on(table.userId)],
);

/** Links sent by mail. The identifier carries a hash of the link's token, never the token. */
export const verifications = pgTable(
  "verifications",
  {
    id: text("id").$type<Id<"verification">>().primaryKey(),
    identifier: text("identifier").notNull(),
    value: text("value").notNull(),
    expiresAt: time("expires_at").notNull(),
    createdAt: time("created_at").notNull().defaultNow(),
    updatedAt: time("updated_at").notNull().defaultNow(),
  },
  (table) => [index("verifications_identifier").on(table.identifier)],
);

/** Key pairs that sign the JWTs other services check by our JWKS; the private half is encrypted. */
export const jwks = pgTable("jwks", {
  id: text("id").$type<Id<"key">>().primaryKey(),
  publicKey: text("public_key").notNull(),
  privateKey: text("private_key").notNull(),
  alg: text("alg"),
  crv: text("crv"),
  createdAt: time("created_at").notNull().defaultNow(),
  expiresAt: time("expires_at"),
});
