import { type SQL, sql } from "drizzle-orm";
import { Client, DatabaseError } from "pg";
import type { Tx } from "#platform/db";
import { log } from "#platform/log";

/**
 * The ledger's statements run on two kinds of connection: the batcher's own, where they are prepared once,
 * and a caller's Drizzle transaction.
 */

/** Without a name it is sent as it is: it takes no values, and may hold several statements. */
export type Statement = { name?: string; text: string };
export type Row = Record<string, unknown>;
export type Run = <R extends Row>(statement: Statement, values?: readonly unknown[]) => Promise<R[]>;

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

/** The connection went away; what it was committing may stand or not. */
export class ConnectionLost extends Error {
  override name = "ConnectionLost";
}

export type OwnConnection = {
  /** Starts a transaction with a savepoint named `ledger`. @throws ConnectionLost, as every statement may */
  begin: (options?: { lockTimeoutMs?: number }) => Promise<Run>;
  /** Gives up a connection that was lost; the next `begin` opens another. */
  drop: () => void;
  close: () => Promise<void>;
};

// The plans must be those of a full table from the first row on, while fresh tables have no statistics:
// every statement here is a few rows by key, so nested loops over indexes are always right.
const settings = `
  set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set jit = off;
  set plan_cache_mode = force_generic_plan; set idle_in_transaction_session_timeout = '30s'`;

/** How long a statement may go unanswered until the connection counts as lost. */
const queryTimeoutMs = 30_000;

/** A connection that is opened when needed; on it statements are parsed and planned once. */
export function ownConnection(url: string): OwnConnection {
  let client: Client | null = null;

  async function open(): Promise<Client> {
    if (client) return client;
    const opened = new Client({
      connectionString: url,
      application_name: "toolmint ledger",
      keepAlive: true,
      query_timeout: queryTimeoutMs,
      connectionTimeoutMillis: 5_000,
    });
    opened.on("error", (error) => {
      log().warn({ err: error }, "the ledger's connection was lost");
      if (client === opened) client = null;
    });
    await opened.connect();
    await opened.query(settings);
    client = opened;
    return opened;
  }

  function drop(): void {
    const lost = client;
    client = null;
    // What it says about its end helps nobody.
    lost?.end().catch(() => undefined);
  }

  return {
    begin: async ({ lockTimeoutMs = 0 } = {}) => {
      const run = onClient(await open().catch(asLoss));
      await run({ text: `begin; set local lock_timeout = ${lockTimeoutMs}; savepoint ledger` });
      return run;
    },
    drop,
    close: async () => {
      const open = client;
      client = null;
      await open?.end();
    },
  };
}

/** Bound to one connection: a statement of a transaction never continues on another. */
function onClient(client: Client): Run {
  return async <R extends Row>({ name, text }: Statement, values: readonly unknown[] = []) => {
    const query = name === undefined ? text : { name, text, values: [...values] };
    return (await client.query<R>(query).catch(asLoss)).rows;
  };
}

/** Anything that PostgreSQL did not say, and what it says when it goes down or throws us out. */
function asLoss(error: unknown): never {
  const said = error instanceof DatabaseError ? (error.code ?? "") : "08";
  throw /^(08|57P|53)/.test(said) ? new ConnectionLost("connection lost", { cause: error }) : error;
}
