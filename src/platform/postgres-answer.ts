import "#server-only";
import { Client, DatabaseError, type QueryResultRow } from "pg";

/**
 * What a PostgreSQL says to one question, in bounded time: a process that is alive may still be starting, or
 * may hang (stopped by a signal, or waiting for a disk), and then would keep its caller waiting for ever.
 */
export type Answer<Row> =
  | { state: "answers"; row: Row | undefined }
  /** It takes connections soon, or is about to stop. */
  | { state: "starting" }
  /** Nobody listens, or another server does. */
  | { state: "refuses" }
  /** It took the connection and said nothing. */
  | { state: "silent" };

/** How long a server may be silent before it counts as hung, in ms. */
const patienceMs = 5000;

/** Names these connections, so that two processes that ask at once do not take each other for users. */
export const askingName = "toolmint: asks";

/** Asks one question on a connection of its own. */
export async function askPostgres<Row extends QueryResultRow>(
  url: string,
  question: string,
): Promise<Answer<Row>> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: patienceMs,
    query_timeout: patienceMs,
    application_name: askingName,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<Row>(question);
    await client.end();
    return { state: "answers", row: rows[0] };
  } catch (error) {
    if (error instanceof DatabaseError) return { state: error.code === "57P03" ? "starting" : "refuses" };
    const isTimeout = error instanceof Error && /timeout/i.test(error.message);
    return { state: isTimeout ? "silent" : "refuses" };
  } finally {
    // Not waited for: a server that hangs does not hear it.
    client.end().catch(() => undefined);
  }
}
