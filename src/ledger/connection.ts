import { type SQL, sql } from "drizzle-orm";
import type { Client } from "pg";
import type { Tx } from "#platform/db";

/**
 * The ledger's statements run on two kinds of connection: the batcher's own, where they are prepared once,
 * and a caller's Drizzle transaction.
 */

/** Without a name it is sent as it is: it takes no values, and may hold several statements. */
export type Statement = { name?: string; text: string };
export type Row = Record<string, unknown>;
export type Run = <R extends Row>(statement: Statement, values?: readonly unknown[]) => Promise<R[]>;

/** On a connection of our own: parsed and planned once. */
export function onClient(client: Client): Run {
  return async <R extends Row>({ name, text }: Statement, values: readonly unknown[] = []) =>
    (await client.query<R>(name === undefined ? text : { name, text, values: [...values] })).rows;
}

/** In a caller's transaction: planned each time, for the arrays at hand. */
export function onTransaction(tx: Tx): Run {
  return async <R extends Row>({ text }: Statement, values: readonly unknown[] = []) =>
    // What a statement's rows look like is its author's word, here as in pg's own `query<R>`.
    (await tx.execute(bound(text, values))).rows as R[];
}

/** `$1`, `$2`, … of a text as Drizzle's parameters; an array stays one parameter. */
function bound(text: string, values: readonly unknown[]): SQL {
  const parts = text
    .split(/\$(\d+)/)
    .map((part, index) => (index % 2 === 0 ? sql.raw(part) : sql`${sql.param(values[Number(part) - 1])}`));
  return sql.join(parts);
}
