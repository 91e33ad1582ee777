import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { testDatabase } from "#test";
import { forgive, limit } from "./rate-limit";
import { singleton } from "./singleton";

const { db } = testDatabase();
const rule = { name: "test", points: 3, seconds: 60 };

test("the use after the last one is refused and says when to come back", async () => {
  const key = randomUUID();
  expect(await limit(rule, key)).toMatchObject({ limit: 3, remaining: 2 });
  await limit(rule, key);
  expect(await limit(rule, key)).toMatchObject({ remaining: 0 });
  const refused = await limit(rule, key).catch((error) => error);
  expect(refused).toMatchObject({ code: "rate_limited", facts: { limit: 3, remaining: 0 } });
  expect(refused.facts.retryAfterSeconds).toBeGreaterThan(0);
  expect(refused.facts.retryAfterSeconds).toBeLessThanOrEqual(60);
});

test("uses at the same moment are all counted", async () => {
  const key = randomUUID();
  const results = await Promise.allSettled(Array.from({ length: 10 }, () => limit(rule, key)));
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
});

test("another process counts on where this one stopped", async () => {
  const key = randomUUID();
  for (let i = 0; i < 3; i++) await limit(rule, key);
  singleton("rate-limits").clear();
  await expect(limit(rule, key)).rejects.toMatchObject({ code: "rate_limited" });
});

test("what was counted can be forgiven, and keys do not count for each other", async () => {
  const key = randomUUID();
  for (let i = 0; i < 4; i++) await limit(rule, key).catch(() => null);
  await limit(rule, randomUUID());
  await forgive(rule, key);
  expect(await limit(rule, key)).toMatchObject({ remaining: 2 });
});

test("the key itself is not stored", async () => {
  await limit(rule, "ada@example.com");
  const { rows } = await db().execute(sql`select key from rate_limits where key like '%ada%'`);
  expect(rows).toEqual([]);
});
