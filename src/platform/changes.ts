import "#server-only";
import { sql } from "drizzle-orm";
import { Client } from "pg";
import { databaseUrl, db, lossNoticed } from "./db";
import { log } from "./log";
import { onShutdown } from "./shutdown";
import { singleton } from "./singleton";

/**
 * Tells every process what changed, so that open pages refetch it. A hint, never the truth: it carries
 * ids only, and whoever was not connected reads the present state when it connects.
 */

/** Runs that changed, runs whose text grew, and whether the balance moved, of one account or visitor. */
export type Change = {
  owner: string;
  runs?: readonly string[];
  text?: readonly string[];
  balance?: boolean;
  /** The owner is a session or an API key, and it was ended. The database says so itself (db/sql/050_ended.sql). */
  ended?: boolean;
};
/** `missed`: the connection was lost for a while, so anything may have changed. */
export type ChangeListener = (change: Change | "missed") => void;

const channel = "toolmint_changes";
/** PostgreSQL refuses payloads of 8,000 bytes and more. */
const payloadBytes = 7_000;

type Notice = Required<Omit<Change, "ended">>;
type Pending = { runs: Set<string>; text: Set<string>; balance: boolean };
type Announcer = { pending: Map<string, Pending>; sending: Promise<void> | null };
const announcer = singleton<Announcer>("changes.announcer");

/** How long a crowd of changes collects, in ms; one that comes alone goes at once. */
const collectMs = 50;

/**
 * Announces a change after its commit. While one notice is on its way, and for a moment after it, the next
 * collects, so a crowd of changes costs few of them. Never call it inside a transaction that moves credits: PostgreSQL serialises
 * the commits of transactions that NOTIFY.
 */
export function announce({ owner, runs = [], text = [], balance = false }: Change): void {
  const state = announcer.once(() => ({ pending: new Map(), sending: null }));
  const pending = state.pending.get(owner) ?? { runs: new Set(), text: new Set(), balance: false };
  for (const id of runs) pending.runs.add(id);
  for (const id of text) pending.text.add(id);
  pending.balance ||= balance;
  state.pending.set(owner, pending);
  state.sending ??= send(state);
}

/** Waits until everything announced so far is on its way. */
export async function announced(): Promise<void> {
  await announcer.get()?.sending;
}

async function send(state: Announcer): Promise<void> {
  // One turn of the event loop, so that what is announced together is sent together.
  await new Promise((resolve) => setImmediate(resolve));
  while (state.pending.size > 0) {
    const changes = [...state.pending].map(([owner, change]) => ({
      owner,
      runs: [...change.runs],
      text: [...change.text],
      balance: change.balance,
    }));
    state.pending.clear();
    try {
      const payloads = packed(changes.flatMap(split));
      await db().execute(
        sql`select pg_notify(${channel}, payload) from unnest(${sql.param(payloads)}::text[]) payload`,
      );
    } catch (error) {
      log().warn({ err: error }, "could not announce changes");
    }
    if (state.pending.size > 0) await new Promise((resolve) => setTimeout(resolve, collectMs));
  }
  // Before anything else can run, so that no change finds a sender that has already looked for the last time.
  state.sending = null;
}

/** Cuts a change that names many runs into several that fit a payload. */
function split(change: Notice): Notice[] {
  const most = 100;
  if (change.runs.length <= most && change.text.length <= most) return [change];
  const head = { ...change, runs: change.runs.slice(0, most), text: change.text.slice(0, most) };
  const rest = { ...change, runs: change.runs.slice(most), text: change.text.slice(most) };
  return [head, ...split(rest)];
}

function packed(changes: readonly Change[]): string[] {
  const payloads: string[] = [];
  let group = "";
  for (const change of changes) {
    const text = JSON.stringify(change);
    if (group !== "" && group.length + text.length > payloadBytes) {
      payloads.push(`[${group}]`);
      group = "";
    }
    group = group === "" ? text : `${group},${text}`;
  }
  return group === "" ? payloads : [...payloads, `[${group}]`];
}

type Hub = {
  listeners: Map<string, Set<ChangeListener>>;
  connection: Promise<Client> | null;
  closed: boolean;
};
const hub = singleton<Hub>("changes.hub");

/**
 * Hears the changes of one account or visitor until the returned function is called. The process listens on
 * one connection, opened by its first listener and opened again when it is lost.
 */
export async function hearChanges(owner: string, listener: ChangeListener): Promise<() => void> {
  const state = hub.once(() => {
    const made: Hub = { listeners: new Map(), connection: null, closed: false };
    onShutdown("work", "changes", stopHearing);
    return made;
  });
  const listeners = state.listeners.get(owner) ?? new Set();
  listeners.add(listener);
  state.listeners.set(owner, listeners);
  state.connection ??= connect(state);
  await state.connection.catch(() => undefined);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) state.listeners.delete(owner);
  };
}

/** Closes the listening connection. */
export async function stopHearing(): Promise<void> {
  const state = hub.get();
  hub.clear();
  if (!state) return;
  state.closed = true;
  await (await state.connection?.catch(() => null))?.end();
}

async function connect(state: Hub): Promise<Client> {
  const client = new Client({ ...lossNoticed, connectionString: databaseUrl() });
  let lost = false;
  const reconnect = (error?: Error) => {
    if (lost || state.closed) return;
    lost = true;
    log().warn({ err: error }, "the connection that hears changes was lost");
    client.end().catch(() => undefined);
    state.connection = null;
    retry(state);
  };
  client.on("error", reconnect);
  client.on("end", () => reconnect());
  client.on("notification", ({ payload }) => deliver(state, payload));
  try {
    await client.connect();
    await client.query(`listen ${channel}`);
  } catch (error) {
    reconnect(error instanceof Error ? error : undefined);
    throw error;
  }
  return client;
}

/** Tries again every second for as long as the process runs, then tells everybody to look anew. */
function retry(state: Hub): void {
  setTimeout(() => {
    if (state.closed) return;
    state.connection = connect(state);
    state.connection.then(
      () => {
        for (const listeners of state.listeners.values()) for (const tell of listeners) tell("missed");
      },
      () => undefined,
    );
  }, 1_000).unref();
}

function deliver(state: Hub, payload: string | undefined): void {
  const changes: unknown = JSON.parse(payload ?? "[]");
  if (!Array.isArray(changes)) return;
  for (const change of changes.filter(isChange)) {
    for (const tell of state.listeners.get(change.owner) ?? []) tell(change);
  }
}

function isChange(value: unknown): value is Change {
  return typeof value === "object" && value !== null && "owner" in value && typeof value.owner === "string";
}
