import { sql } from "drizzle-orm";
import { expect, onTestFinished, test, vi } from "vitest";
import { cutConnection, testDatabase } from "#test";
import { isDatabaseAway } from "./database-away";
import { connectDatabase, disconnectDatabase } from "./db";

const { db, url } = testDatabase();

test("a connection lost in the middle of a transaction fails that transaction, and nothing else", async () => {
  const broken = db().transaction(async (tx) => {
    const { rows } = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
    await db().execute(sql`select pg_terminate_backend(${rows[0]?.pid ?? 0}::int)`);
    await tx.execute(sql`select 1`);
  });
  const error = await broken.catch((error: unknown) => error);
  expect(isDatabaseAway(error)).toBe(true);
  expect((await db().execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }]);
});

test("a connection lost at the beginning of a transaction makes room for the next, in a pool of one", async () => {
  const known = url();
  await disconnectDatabase();
  const cut = await cutConnection(known, "begin", { fate: "drop" });
  const one = connectDatabase(cut.url, { maxConnections: 1 });
  const answer = () => one.transaction(async (tx) => (await tx.execute(sql`select 1 as one`)).rows);
  expect(isDatabaseAway(await answer().catch((error: unknown) => error))).toBe(true);
  expect(await answer()).toEqual([{ one: 1 }]);
  expect(cut.times()).toBe(1);
  await disconnectDatabase();
  connectDatabase(known);
});

test("an answer that does not come counts as lost, and its connection is not used again", async () => {
  const known = url();
  await disconnectDatabase();
  const one = connectDatabase(known, { maxConnections: 1, queryTimeoutMs: 200 });
  const never = sql`select pg_sleep(60)`;
  for (const ask of [() => one.transaction((tx) => tx.execute(never)), () => one.execute(never)]) {
    expect(isDatabaseAway(await ask().catch((error: unknown) => error))).toBe(true);
    expect((await one.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }]);
  }
  const long = one.transaction((tx) => tx.execute(sql`select 1 as one from pg_sleep(0.4)`), {
    accessMode: "read only",
  });
  expect((await long).rows).toEqual([{ one: 1 }]);
  await disconnectDatabase();
  connectDatabase(known);
});

test("a process that has nothing to do keeps one connection, so that an embedded database goes on for it", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  await Promise.all([1, 2, 3].map(() => db().execute(sql`select 1`)));
  vi.advanceTimersByTime(60 * 60 * 1000);
  expect(db().$client.totalCount).toBe(1);
});

test("a database that cannot be reached is told from a statement that is wrong", async () => {
  const wrong = await db()
    .execute(sql`select nothing`)
    .catch((error: unknown) => error);
  expect(isDatabaseAway(wrong)).toBe(false);
  const known = url();
  await disconnectDatabase();
  const nowhere = new URL(known);
  nowhere.port = "1";
  const away = await connectDatabase(nowhere.href)
    .execute(sql`select 1`)
    .catch((error: unknown) => error);
  await disconnectDatabase();
  connectDatabase(known);
  expect(isDatabaseAway(away)).toBe(true);
});
