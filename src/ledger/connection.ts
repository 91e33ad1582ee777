import { Client, DatabaseError, type QueryResult } from "pg";
import { saysAway } from "#platform/database-away";
import type { Tx } from "#platform/db";
import { log } from "#platform/log";
import { Refusal } from "#platform/refusal";

/**
 * The ledger's statements run on two kinds of connection: the batcher's own, where they are prepared once,
 * and a caller's Drizzle transaction.
 */

/** Without a name it is sent as it is: it takes no values, and may hold several statements. */
export type Statement = { name?: string; text: string };
export type Row = Record<string, unknown>;
/**
 * Runs a statement; values are strings, arrays as `sqlArray` writes them. Whoever does not need an answer to
 * ask on may ask at once: statements run in the order they were given, and when one fails all behind it do.
 */
export type Run = <R extends Row>(statement: Statement, values?: readonly string[]) => Promise<R[]>;

/** In a caller's transaction; prepared once per connection of the pool, as on a connection of our own. */
export function onTransaction(tx: Tx): Run {
  let before: Promise<unknown> = Promise.resolve();
  return async <R extends Row>({ name, text }: Statement, values: readonly string[] = []) => {
    type Result = { execute: QueryResult<R>; all: unknown; values: unknown };
    const query = tx._.session.prepareQuery<Result>(
      { sql: text, params: [...values] },
      undefined,
      name,
      false,
    );
    const answer = before.then(() => query.execute().catch(asBusy));
    before = answer;
    return (await answer).rows;
  };
}

/**
 * An array as PostgreSQL reads it. Written here because the driver's own way takes four times as long, and
 * joined at once, for every string put together piece by piece is garbage to collect.
 */
export function sqlArray(values: readonly (string | number | bigint | null)[]): string {
  if (values.length === 0) return "{}";
  if (values.every(isPlain)) return `{"${values.join('","')}"}`;
  if (values.every(isNumber)) return `{${values.join(",")}}`;
  return `{${values.map(element).join(",")}}`;
}

function isPlain(value: unknown): boolean {
  return typeof value === "string" && !/["\\]/.test(value);
}

function isNumber(value: unknown): boolean {
  return typeof value === "number" || typeof value === "bigint";
}

function element(value: string | number | bigint | null): string {
  if (value === null) return "NULL";
  return typeof value === "string" ? `"${value.replace(/["\\]/g, "\\$&")}"` : `${value}`;
}

/**
 * The plans must be those of a full table from the first row on, while fresh tables have no statistics and
 * a plan, once prepared, stays. Every statement here is a few rows by key, so nested loops over indexes are
 * always right, and a plan for given values is never better than the general one.
 */
function planning(set: "set" | "set local"): string {
  const off = ["enable_seqscan", "enable_hashjoin", "enable_mergejoin", "jit"];
  return [...off.map((name) => `${set} ${name} = off`), `${set} plan_cache_mode = force_generic_plan`].join(
    "; ",
  );
}

/** How long a caller's transaction waits for an account that somebody else has locked. */
const lockTimeout = "10s";
/** A process that has vanished must not keep accounts locked until TCP finds out. */
const idleTimeout = "30s";

/** Sets how statements are planned, and how long they wait, from here to the commit. */
export const prepareTransaction: Statement = {
  text: `${planning("set local")}; set local lock_timeout = '${lockTimeout}';
    set local idle_in_transaction_session_timeout = '${idleTimeout}'`,
};

/** The connection went away; what it was committing may stand or not. */
export class ConnectionLost extends Error {
  override name = "ConnectionLost";
}

export type OwnConnection = {
  /** Starts a transaction; `lockTimeoutMs` 0 waits for ever. @throws ConnectionLost, as every statement may */
  begin: (options?: { lockTimeoutMs?: number }) => Promise<Run>;
  /** For a statement that is a transaction of its own. */
  alone: () => Promise<Run>;
  /** Gives up a connection that was lost; the next `begin` opens another. */
  drop: () => void;
  close: () => Promise<void>;
};

/** How long a write waits for an account that was remembered, and that somebody else has locked. */
const writeLockTimeout = "100ms";

const settings = `${planning("set")}; set idle_in_transaction_session_timeout = '${idleTimeout}';
  set lock_timeout = '${writeLockTimeout}'`;

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
      pipeline: true,
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
    begin: async ({ lockTimeoutMs } = {}) => {
      const run = onClient(await open().catch(asLoss));
      const timeout = lockTimeoutMs === undefined ? "" : `; set local lock_timeout = ${lockTimeoutMs}`;
      // Nobody waits for its answer: if it fails, so does what follows.
      run({ text: `begin${timeout}` }).catch(() => undefined);
      return run;
    },
    alone: async () => onClient(await open().catch(asLoss)),
    drop,
    close: async () => {
      const open = client;
      client = null;
      await open?.end();
    },
  };
}

/**
 * Bound to one connection: a statement of a transaction never continues on another. The driver sends each
 * statement at once, without waiting for the answers to those before it.
 */
function onClient(client: Client): Run {
  return async <R extends Row>({ name, text }: Statement, values: readonly string[] = []) => {
    const query = name === undefined ? text : { name, text, values: [...values] };
    return (await client.query<R>(query).catch(asLoss)).rows;
  };
}

/** @throws Refusal busy for a lock that did not come: the caller's transaction rolls back. */
function asBusy(error: unknown): never {
  const { cause } = error instanceof Error ? error : {};
  if (!(cause instanceof DatabaseError && cause.code === "55P03")) throw error;
  throw new Refusal("busy", { outcome: "not_applied" });
}

/** Anything that PostgreSQL did not say, and what it says when it goes down or throws us out. */
function asLoss(error: unknown): never {
  const lost = !(error instanceof DatabaseError) || saysAway(error.code ?? "");
  throw lost ? new ConnectionLost("connection lost", { cause: error }) : error;
}
