import { DatabaseError } from "pg";

/**
 * Whether an error says that the database could not be reached, went away, or takes no more just now: it
 * passes by itself. What was being committed at that moment may stand or not.
 */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof DatabaseError) return saysAway(error.code ?? "");
  if (networkCodes.has("code" in error ? String(error.code) : "")) return true;
  if (driverSentences.some((sentence) => error.message.startsWith(sentence))) return true;
  return isDatabaseAway(error.cause);
}

/**
 * Connection exceptions, going down or throwing us out, out of connections or room, and a standby that only
 * reads (25006): another connection may lead to the new primary.
 */
export function saysAway(sqlState: string): boolean {
  return /^(08|57P|53|25006)/.test(sqlState);
}

const networkCodes = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOTFOUND", "EAI_AGAIN"]);

/** How `pg` says it, without a code. */
const driverSentences = [
  "Connection terminated",
  "timeout exceeded when trying to connect",
  "Client has encountered a connection error",
  "Query read timeout",
];
