import { sql } from "drizzle-orm";
import { check, index, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import type { Id } from "#platform/id";
import { users } from "./identity";
import { accounts } from "./ledger";

const time = (name: string) => timestamp(name, { withTimezone: true });

/** Keys to the API: a customer's own, for their own account, or the site's, for every customer's. */
export const apiKeys = pgTable(
  "api_keys",
  {
    id: text("id").$type<Id<"apiKey">>().primaryKey(),
    /** own: acts for its maker's account. service: names the account with each request. */
    kind: text("kind", { enum: ["own", "service"] }).notNull(),
    /** Who made it. An own key goes with them; a service key stays. */
    userId: text("user_id")
      .$type<Id<"user">>()
      .references(() => users.id, { onDelete: "set null" }),
    /** Whose credits an own key spends; null for a service key. */
    accountId: text("account_id")
      .$type<Id<"account">>()
      .references(() => accounts.id),
    name: text("name").notNull(),
    /** What it may do: src/identity/scopes.ts. */
    scopes: text("scopes").array().notNull(),
    /** From then on it is not accepted; null: never. */
    expiresAt: time("expires_at"),
    revokedAt: time("revoked_at"),
    /** Written from time to time, not with each use. */
    lastUsedAt: time("last_used_at"),
    createdAt: time("created_at").notNull().defaultNow(),
  },
  (table) => [
    index("api_keys_user").on(table.userId),
    index("api_keys_service").on(table.id).where(sql`kind = 'service'`),
    check("api_keys_kind", sql`${table.kind} in ('own', 'service')`),
    check("api_keys_account", sql`(${table.kind} = 'own') = (${table.accountId} is not null)`),
  ],
);

/** The secrets of a key: one, those that still work until a time while it is being rotated, and ended ones. */
export const apiKeySecrets = pgTable(
  "api_key_secrets",
  {
    /** SHA-256 of the secret, in base64url. The secret itself is shown once. */
    hash: text("hash").primaryKey(),
    apiKeyId: text("api_key_id")
      .$type<Id<"apiKey">>()
      .notNull()
      .references(() => apiKeys.id, { onDelete: "cascade" }),
    /** Its prefix and last four characters, to know it again. */
    hint: text("hint").notNull(),
    /** When it stops working because another took its place; null for the newest. */
    endsAt: time("ends_at"),
    /** By which the request that made it is known when it is repeated: hashes of its user and Idempotency-Key, … */
    request: text("request").unique("api_key_secrets_request"),
    /** … and of what it asked for. */
    contentHash: text("content_hash"),
    /** What the secret follows from, beside the Idempotency-Key and the site's own secret. */
    salt: text("salt"),
    createdAt: time("created_at").notNull().defaultNow(),
  },
  (table) => [index("api_key_secrets_key").on(table.apiKeyId), index("api_key_secrets_hint").on(table.hint)],
);

/** The operator's own names for accounts, which service keys may use instead of ours. */
export const externalIds = pgTable("external_ids", {
  externalId: text("external_id").primaryKey(),
  accountId: text("account_id")
    .$type<Id<"account">>()
    .notNull()
    .unique()
    .references(() => accounts.id),
  createdAt: time("created_at").notNull().defaultNow(),
});
