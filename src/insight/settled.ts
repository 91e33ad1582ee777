import { sql } from "drizzle-orm";
import type { Db, Tx } from "#platform/db";
import { log } from "#platform/log";

/** A part of a page that is known, or that could not be read while the others were. */
export type Settled<T> = ({ state: "known" } & T) | { state: "unknown" };

/** What it came to; a failure is written to the log and is this part's alone. */
export async function settle<T extends object>(part: string, work: Promise<T>): Promise<Settled<T>> {
  try {
    return { state: "known", ...(await work) };
  } catch (error) {
    log().error({ err: error, part }, "a part of the overview could not be read");
    return { state: "unknown" };
  }
}

/** Reads for at most so long: no part of a page keeps the database busy. */
export async function bounded<T>(db: Db, read: (tx: Tx) => Promise<T>, seconds = 5): Promise<T> {
  return db.transaction(async (tx) => {
    await tx.execute(sql.raw(`set local statement_timeout = '${seconds}s'`));
    return read(tx);
  });
}
