import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { acts } from "#schema";
import { testDatabase } from "#test";
import { recordAct, terminal } from "./audit";

const { db } = testDatabase();

const anAct = { by: terminal, action: "credits.adjust", object: { type: "account", id: "acct_1" } } as const;

test("an act stands or falls with its transaction, and keeps what changed", async () => {
  await expect(
    db().transaction(async (tx) => {
      await recordAct(tx, anAct);
      throw new Error("the change failed");
    }),
  ).rejects.toThrow("the change failed");
  expect(await db().select().from(acts)).toEqual([]);

  const at = new Date("2026-02-28T12:00:00Z");
  await db().transaction((tx) =>
    recordAct(tx, { ...anAct, before: { available: 40n }, after: { available: 140n, expiresAt: at } }),
  );
  expect(await db().select().from(acts)).toMatchObject([
    {
      ...{ actorId: null, action: "credits.adjust", objectId: "acct_1" },
      before: { available: 40 },
      after: { available: 140, expiresAt: at.toISOString() },
    },
  ]);
});

test.each(["update acts set reason = 'x'", "delete from acts", "truncate acts"])(
  "the database refuses %s",
  async (statement) => {
    await expect(db().execute(sql.raw(statement))).rejects.toMatchObject({
      cause: { message: expect.stringContaining("append-only") },
    });
  },
);
