import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { testDatabase } from "#test";
import { describeError } from "./log";

const { db } = testDatabase();

it("a failed query is told without what was in it", async () => {
  const token = "a-secret-token";
  const error: unknown = await db()
    .execute(sql`select ${token}::int`)
    .catch((cause: unknown) => cause);
  const told = JSON.stringify(describeError(error));
  expect(told).toContain("Failed query: select $1::int");
  expect(told).toContain("22P02");
  expect(told).not.toContain("params:");
});

it("a failed insert is told without the row", async () => {
  const insert = sql`insert into users (id, name, email) values ('usr_1', 'Ada', 'ada@example.com')`;
  await db().execute(insert);
  const error: unknown = await db()
    .execute(insert)
    .catch((cause: unknown) => cause);
  const told = describeError(error);
  expect(told).toMatchObject({ cause: { code: "23505" } });
  expect(told).not.toHaveProperty("cause.detail");
});
