import { sql } from "drizzle-orm";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { terminal } from "#platform/audit";
import { stopHearing } from "#platform/changes";
import { db } from "#platform/db";
import { testDatabase } from "#test";
import { createKey, requireKey, revokeKey } from "./api-key";
import { aMember } from "./browser.fixture";
import { believedMs, createKeyCache, findKeyHolder } from "./key-cache";
import { requireSession, type Session } from "./session";

testDatabase();

let session: Session;

beforeAll(async () => {
  session = await requireSession((await aMember()).browser.headers());
  return stopHearing;
});

afterEach(() => {
  vi.useRealTimers();
});

function aKey() {
  const key = { kind: "own", name: "key", scopes: ["tools.run"], cap: null, expiresAt: null } as const;
  return createKey(session, key, { by: terminal });
}

/** Time stands still until it is moved, so that nothing is forgotten for its age. */
function stopTime() {
  vi.useFakeTimers({ toFake: ["performance"] });
}

test("a revoked key is refused at once where it was revoked, and elsewhere when its time is up", async () => {
  const { key, secret } = await aKey();
  stopTime();
  const elsewhere = createKeyCache();
  expect(await elsewhere.find(secret)).toMatchObject({ apiKeyId: key.id });
  expect(await findKeyHolder(secret)).toMatchObject({ apiKeyId: key.id });
  await revokeKey(session, key.id, terminal);
  expect(await findKeyHolder(secret)).toBeNull();
  // Without a notice what was read is believed for a while, which leaves a second or two of the 5 s.
  expect(await elsewhere.find(secret)).toMatchObject({ apiKeyId: key.id });
  vi.advanceTimersByTime(believedMs);
  expect(await elsewhere.find(secret)).toBeNull();
  expect(believedMs).toBeLessThanOrEqual(4_000);
});

test("a key that another process revokes is refused when its notice arrives", async () => {
  const { key, secret } = await aKey();
  stopTime();
  expect(await findKeyHolder(secret)).not.toBeNull();
  await db().execute(sql`update api_keys set revoked_at = now() where id = ${key.id}`);
  expect(await findKeyHolder(secret)).not.toBeNull();
  await db().execute(sql`select pg_notify('toolmint_changes', '[{"owner":"api-keys"}]')`);
  await expect.poll(() => findKeyHolder(secret)).toBeNull();
});

test("a key ends when its time comes, though it is remembered", async () => {
  const { key, secret } = await aKey();
  await db().execute(sql`update api_keys set expires_at = now() + interval '2 s' where id = ${key.id}`);
  stopTime();
  const cache = createKeyCache();
  expect(await cache.find(secret)).not.toBeNull();
  vi.advanceTimersByTime(2_000);
  expect(await cache.find(secret)).toBeNull();
});

test("a key of somebody who is no more is nobody's", async () => {
  const { key, secret } = await aKey();
  await db().execute(sql`update api_keys set user_id = null where id = ${key.id}`);
  expect(await createKeyCache().find(secret)).toBeNull();
});

test("uses are remembered, and stored from time to time: one write for many", async () => {
  const { key, secret } = await aKey();
  const cache = createKeyCache();
  const version = async () => {
    const { rows } = await db().execute<{ version: string }>(
      sql`select xmin::text as version from api_keys where id = ${key.id}`,
    );
    return rows[0]?.version;
  };
  const before = await version();
  for (let use = 0; use < 50; use++) await cache.find(secret);
  expect(await version()).toBe(before);
  expect((await requireKey(session, key.id)).lastUsedAt).toBeNull();
  await cache.flush();
  const stored = (await requireKey(session, key.id)).lastUsedAt;
  expect(stored).toBeInstanceOf(Date);
  const after = await version();
  await cache.flush();
  expect(await version()).toBe(after);
});

test("what is no key is refused without asking the database", async () => {
  const cache = createKeyCache();
  for (const text of ["", "tm_live_", "sk_live_1", `tm_live_${"0".repeat(49)}'`]) {
    expect(await cache.find(text)).toBeNull();
  }
});
