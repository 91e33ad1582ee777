import { sql } from "drizzle-orm";
import { check, jsonb, pgTable, primaryKey, real, text, timestamp } from "drizzle-orm/pg-core";
import { runs } from "./tools";

const time = (name: string) => timestamp(name, { withTimezone: true });

/** What this site and a tool's own server sign their messages with, by the tool's slug. */
export const toolSecrets = pgTable(
  "tool_secrets",
  {
    slug: text("slug").primaryKey(),
    /** Encrypted (src/platform/sealed.ts), with its last characters, by which staff know it again. */
    secret: text("secret").notNull(),
    hint: text("hint").notNull(),
    createdAt: time("created_at").notNull().defaultNow(),
    /** The secret before it, good until then, so that the server can be given the new one in peace. */
    previous: text("previous"),
    previousUntil: time("previous_until"),
  },
  (table) => [
    check("tool_secrets_previous", sql`(${table.previous} is null) = (${table.previousUntil} is null)`),
  ],
);

/** A run that was handed to a tool's own server, and what that said: whichever worker has the run finds it. */
export const toolCalls = pgTable("tool_calls", {
  runId: text("run_id")
    .primaryKey()
    .references(() => runs.id, { onDelete: "cascade" }),
  /** When the server took it and promised to call back: it is not asked again. */
  acceptedAt: time("accepted_at"),
  /** From 0 to 1, and what is being done, in the server's words. */
  progress: real("progress"),
  step: text("step"),
  /** The result, or why there is none, until the run ends: `src/tools/made/http-answer.ts` reads it. The first stands. */
  reply: jsonb("reply"),
  createdAt: time("created_at").notNull().defaultNow(),
});

/** The ids of messages that came for a run: none counts twice. */
export const toolCallMessages = pgTable(
  "tool_call_messages",
  {
    runId: text("run_id")
      .notNull()
      .references(() => toolCalls.runId, { onDelete: "cascade" }),
    messageId: text("message_id").notNull(),
    receivedAt: time("received_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ name: "tool_call_messages_pkey", columns: [table.runId, table.messageId] })],
);
