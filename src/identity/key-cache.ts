import { sql } from "drizzle-orm";
import { announce, announced, hearChanges } from "#platform/changes";
import { db } from "#platform/db";
import type { Id } from "#platform/id";
import { log } from "#platform/log";
import { Refusal } from "#platform/refusal";
import { onShutdown } from "#platform/shutdown";
import { singleton } from "#platform/singleton";
import { hashSecret, isSecret } from "./key-secret";
import { isScope, type Scope } from "./scopes";
import type { User } from "./session";

/**
 * Who sends an API key, fast enough to ask with every request: from memory, and from the database every few
 * seconds. Nothing is written on the way. A key that is revoked is forgotten at once wherever the notice
 * arrives, and everywhere once what is remembered is too old.
 */

export type KeyHolder = {
  apiKeyId: Id<"apiKey">;
  scopes: readonly Scope[];
} & (
  | {
      kind: "own";
      accountId: Id<"account">;
      user: Pick<User, "id" | "emailVerified" | "locale">;
      suspended: boolean;
    }
  | { kind: "service" }
);

/** How long what was read is believed. With the time a read takes, well under 5 s. */
export const believedMs = 3_000;
const mostRemembered = 10_000;
const flushMs = 10_000;
/** On which it is told that keys, or those who hold them, have changed. */
export const keysTopic = "api-keys";

type Remembered = { readAtMs: number; holder: Promise<KeyHolder | null>; endsAtMs: number };
export type KeyCache = {
  /**
   * @returns whose secret it is; null when it is unknown, revoked or past its time
   * @throws Refusal suspended when its holder is
   */
  find: (secret: string) => Promise<KeyHolder | null>;
  forget: () => void;
  /** Stores when keys were last used. */
  flush: () => Promise<void>;
};

/** One for each process; a test may make a second. */
export function createKeyCache(): KeyCache {
  const remembered = new Map<string, Remembered>();
  const used = new Map<Id<"apiKey">, number>();

  function read(hash: string, nowMs: number): Remembered {
    const entry: Remembered = {
      readAtMs: nowMs,
      endsAtMs: Number.POSITIVE_INFINITY,
      holder: Promise.resolve(null),
    };
    entry.holder = readHolder(hash).then(
      (found) => {
        // What is no key is not remembered: made-up ones must not push out real ones.
        if (!found && remembered.get(hash) === entry) remembered.delete(hash);
        entry.endsAtMs = nowMs + (found?.leftMs ?? 0);
        return found?.holder ?? null;
      },
      (error: unknown) => {
        if (remembered.get(hash) === entry) remembered.delete(hash);
        throw error;
      },
    );
    remembered.delete(hash);
    remembered.set(hash, entry);
    const [oldest] = remembered.keys();
    if (remembered.size > mostRemembered && oldest !== undefined) remembered.delete(oldest);
    return entry;
  }

  return {
    find: async (secret) => {
      if (!isSecret(secret)) return null;
      const hash = hashSecret(secret);
      const nowMs = performance.now();
      const known = remembered.get(hash);
      const entry = known && nowMs - known.readAtMs < believedMs ? known : read(hash, nowMs);
      const holder = await entry.holder;
      if (!holder || performance.now() >= entry.endsAtMs) return null;
      if (holder.kind === "own" && holder.suspended) throw new Refusal("suspended");
      used.set(holder.apiKeyId, Date.now());
      return holder;
    },
    forget: () => remembered.clear(),
    flush: async () => {
      if (used.size === 0) return;
      const uses = [...used];
      used.clear();
      const ids = sql.param(uses.map(([id]) => id));
      // Locked in the order of ids: processes that store at once must not wait in a circle.
      await db().execute(sql`
        with locked as (select id from api_keys where id = any (${ids}::text[]) order by id for no key update)
        update api_keys set last_used_at = greatest(last_used_at, to_timestamp(uses.at / 1000.0))
        from locked
        join unnest(${ids}::text[], ${sql.param(uses.map(([, at]) => at))}::float8[]) as uses (id, at) using (id)
        where api_keys.id = locked.id`);
    },
  };
}

const slot = singleton<KeyCache>("identity.keys");

function cache(): KeyCache {
  return slot.once(() => {
    const made = createKeyCache();
    const store = () =>
      made
        .flush()
        .catch((error: unknown) => log().warn({ err: error }, "could not store when keys were used"));
    const timer = setInterval(store, flushMs);
    timer.unref();
    // Whatever is heard, and after a lost connection, everything is read anew: keys change rarely.
    hearChanges(keysTopic, () => made.forget()).catch((error: unknown) =>
      log().warn({ err: error }, "could not listen for changes of API keys"),
    );
    onShutdown("work", "api keys", async () => {
      clearInterval(timer);
      slot.clear();
      await store();
    });
    return made;
  });
}

/** Who sends this key; null for nobody. */
export function findKeyHolder(secret: string): Promise<KeyHolder | null> {
  return cache().find(secret);
}

/** Makes every process read keys anew: here at once, elsewhere when the notice arrives. */
export async function forgetKeys(): Promise<void> {
  cache().forget();
  announce({ owner: keysTopic });
  await announced();
}

type Row = {
  id: Id<"apiKey">;
  kind: "own" | "service";
  scopes: string[];
  account_id: Id<"account"> | null;
  user_id: Id<"user"> | null;
  email_verified: boolean | null;
  locale: "en" | "zh" | null;
  suspended: boolean;
  left_ms: number | null;
};

async function readHolder(hash: string): Promise<{ holder: KeyHolder; leftMs: number } | null> {
  const { rows } = await db().execute<Row>(sql`
    select k.id, k.kind, k.scopes, k.account_id, u.id as user_id, u.email_verified, u.locale,
      u.suspended_at is not null as suspended,
      (extract(epoch from least(k.expires_at, s.ends_at) - now()) * 1000)::float8 as left_ms
    from api_key_secrets s
    join api_keys k on k.id = s.api_key_id
    left join users u on u.id = k.user_id
    where s.hash = ${hash} and k.revoked_at is null`);
  const [row] = rows;
  if (!row || (row.left_ms !== null && row.left_ms <= 0)) return null;
  const leftMs = row.left_ms ?? Number.POSITIVE_INFINITY;
  const common = { apiKeyId: row.id, scopes: row.scopes.filter(isScope) };
  if (row.kind === "service") return { holder: { kind: "service", ...common }, leftMs };
  const { account_id: accountId, user_id: id, email_verified: emailVerified, locale, suspended } = row;
  // A customer's key goes with the customer.
  if (accountId === null || id === null || emailVerified === null || locale === null) return null;
  const user = { id, emailVerified, locale };
  return { holder: { kind: "own", ...common, accountId, user, suspended }, leftMs };
}
