import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from "drizzle-orm/pg-core";
import type { Id } from "#platform/id";

const time = (name: string) => timestamp(name, { withTimezone: true });

/** Servers whose models tools use. */
export const providers = pgTable(
  "providers",
  {
    id: text("id").$type<Id<"provider">>().primaryKey(),
    name: text("name").notNull(),
    /** Whose API it speaks. */
    protocol: text("protocol", { enum: ["openai", "anthropic", "google"] })
      .notNull()
      .default("openai"),
    baseUrl: text("base_url").notNull(),
    /** Encrypted (src/platform/sealed.ts); null for a server that asks for none. */
    key: text("key"),
    /** Its last characters, by which staff know it again; empty for a short one. */
    keyHint: text("key_hint"),
    enabled: boolean("enabled").notNull().default(true),
    /** How many answers it may be giving at once, and begin in a minute; null: any number. */
    maxConcurrent: integer("max_concurrent"),
    maxPerMinute: integer("max_per_minute"),
    /** Failures since it last answered. */
    failures: integer("failures").notNull().default(0),
    /** It is not asked before then. */
    restsUntil: time("rests_until"),
    lastError: text("last_error"),
    lastErrorAt: time("last_error_at"),
    createdAt: time("created_at").notNull().defaultNow(),
    archivedAt: time("archived_at"),
  },
  (table) => [
    check("providers_limits", sql`${table.maxConcurrent} > 0 and ${table.maxPerMinute} > 0`),
    check("providers_protocol", sql`${table.protocol} in ('openai', 'anthropic', 'google')`),
    check("providers_key", sql`(${table.key} is null) = (${table.keyHint} is null)`),
  ],
);

/** What a provider serves, and what it costs the operator. */
export const models = pgTable(
  "models",
  {
    id: text("id").$type<Id<"model">>().primaryKey(),
    providerId: text("provider_id")
      .$type<Id<"provider">>()
      .notNull()
      .references(() => providers.id),
    /** As the provider calls it: `gpt-5-mini`. */
    name: text("name").notNull(),
    label: text("label").notNull(),
    kind: text("kind", { enum: ["text", "image", "moderation"] }).notNull(),
    /** Millionths of a US dollar: for a million tokens read, for a million written, for an image. Null: unknown. */
    inputCost: bigint("input_cost", { mode: "bigint" }),
    outputCost: bigint("output_cost", { mode: "bigint" }),
    imageCost: bigint("image_cost", { mode: "bigint" }),
    /** How many tokens it reads and writes together at most. */
    contextTokens: integer("context_tokens"),
    enabled: boolean("enabled").notNull().default(true),
    /** The lower, the earlier it is asked where a tool names no model, and when the one it names fails. */
    position: doublePrecision("position").notNull(),
    createdAt: time("created_at").notNull().defaultNow(),
    archivedAt: time("archived_at"),
  },
  (table) => [
    index("models_provider").on(table.providerId),
    check("models_kind", sql`${table.kind} in ('text', 'image', 'moderation')`),
    check(
      "models_costs",
      sql`${table.inputCost} >= 0 and ${table.outputCost} >= 0 and ${table.imageCost} >= 0 and ${table.contextTokens} > 0`,
    ),
  ],
);

/** Answers that a provider is giving now, so that all processes together keep to its limit. */
export const providerSeats = pgTable(
  "provider_seats",
  {
    providerId: text("provider_id")
      .$type<Id<"provider">>()
      .notNull()
      .references(() => providers.id),
    holder: text("holder").notNull(),
    /** Of a process that died it is taken away then. */
    until: time("until").notNull(),
  },
  (table) => [primaryKey({ name: "provider_seats_pkey", columns: [table.providerId, table.holder] })],
);
