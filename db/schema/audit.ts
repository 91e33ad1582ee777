import { sql } from "drizzle-orm";
import { index, jsonb, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";
import type { Id } from "#platform/id";

/**
 * The audit log: who did what to whose things. Append-only (db/sql/030_audit.sql). It outlives the people it
 * names, so it holds ids and figures, never names, addresses or secrets in `before` and `after`.
 */
export const acts = pgTable(
  "acts",
  {
    id: text("id").$type<Id<"act">>().primaryKey(),
    /** Who; null for the operator at a terminal. */
    actorId: text("actor_id").$type<Id<"user">>(),
    /** The role they had when they did it. */
    actorRole: text("actor_role"),
    /** As whom, while they viewed the site as a customer. */
    asUserId: text("as_user_id").$type<Id<"user">>(),
    /** What: `credits.adjust`, `role.change`. */
    action: text("action").notNull(),
    /** To which object: its kind and id. */
    objectType: text("object_type").notNull(),
    objectId: text("object_id").notNull(),
    /** Whose affairs it touched, for their page in the back office. */
    customerId: text("customer_id").$type<Id<"user">>(),
    /** Only what changed: the object before and after. */
    before: jsonb("before"),
    after: jsonb("after"),
    /** Why, in the actor's words. */
    reason: text("reason"),
    /** From which network address, by which request. */
    address: text("address"),
    requestId: text("request_id").$type<Id<"request">>(),
    /** To the millisecond, as a cursor says it. */
    createdAt: timestamp("created_at", { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  },
  (table) => [
    index("acts_time").on(table.createdAt, table.id),
    index("acts_actor").on(table.actorId, table.createdAt, table.id),
    index("acts_object").on(table.objectId, table.createdAt, table.id),
    index("acts_customer").on(table.customerId, table.createdAt, table.id),
    // What a search begins with.
    index("acts_request").on(table.requestId).where(sql`request_id is not null`),
    index("acts_address").on(table.address, table.createdAt, table.id).where(sql`address is not null`),
    index("acts_action").on(table.action, table.createdAt, table.id),
  ],
);

/** What a request of the staff's came to: its repeat is answered alike and does nothing. */
export const actRequests = pgTable(
  "act_requests",
  {
    actorId: text("actor_id").$type<Id<"user">>().notNull(),
    idempotencyKey: text("idempotency_key").notNull(),
    /** Of what was asked: the same key with something else is a conflict. */
    hash: text("hash").notNull(),
    result: jsonb("result").notNull(),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.actorId, table.idempotencyKey] })],
);
